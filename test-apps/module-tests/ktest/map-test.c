// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries, by the IOMMU interface. The domain's own allocator of addresses is not in use here, so
 * tests choose them.
 */
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "backend.h"
#include "ipu-mmu-domain.h"
#include "ipu-mmu-hw.h"
#include "ipu-mmu-parent.h"
#include "parent.h"
#include "rig.h"
#include "suites.h"
#include "walker.h"

#define ORDER 3
#define RUN (4096UL << ORDER)

static struct page *run_alloc(struct ktest *t)
{
	struct page *pages = alloc_pages(GFP_KERNEL | GFP_DMA32, ORDER);

	KTEST_EXPECT(t, pages);
	if (pages)
		memset(page_address(pages), 0xa5, RUN);
	return pages;
}

static void expect_run(struct ktest *t, struct ktest_rig *rig, u32 iova, phys_addr_t phys,
		       size_t size)
{
	size_t at;

	for (at = 0; at < size; at += 4096) {
		KTEST_EQ(t, ktest_walk_phys(rig->l1, iova + at + 0x123), phys + at + 0x123);
		KTEST_EQ(t, iommu_iova_to_phys(rig->domain, iova + at + 0x123), phys + at + 0x123);
	}
}

static void expect_nothing(struct ktest *t, struct ktest_rig *rig, u32 iova, size_t size)
{
	size_t at;

	for (at = 0; at < size; at += 4096) {
		KTEST_EXPECT(t, ktest_reads_zeroes(rig->l1, iova + at));
		KTEST_EQ(t, iommu_iova_to_phys(rig->domain, iova + at), 0);
	}
}

/*
 * The first page, the last, a run within a table, one over the edge of two, one that ends with a
 * table.
 */
static const u32 places[] = { 0, 0x12345000, 0x3fd000, 0x7f8000, 0xfffff000 - RUN + 4096 };

static void map_walk_unmap(struct ktest *t)
{
	struct page *pages = run_alloc(t);
	struct ktest_rig rig;
	unsigned int i;

	if (!pages || !ktest_rig_open(t, &rig, true))
		goto out;
	expect_nothing(t, &rig, 0, 4096);
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		KTEST_EQ(t,
			 iommu_map(rig.domain, places[i], page_to_phys(pages), RUN, KTEST_PROT,
				   GFP_KERNEL),
			 0);
		KTEST_EQ(t, ktest_mapped(&rig), (i + 1) << ORDER);
	}
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		expect_run(t, &rig, places[i], page_to_phys(pages), RUN);
		if (places[i])
			expect_nothing(t, &rig, places[i] - 4096, 4096);
		if (places[i] + RUN < BIT_ULL(32))
			expect_nothing(t, &rig, places[i] + RUN, 4096);
	}
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		KTEST_EQ(t, iommu_unmap(rig.domain, places[i], RUN), RUN);
		expect_nothing(t, &rig, places[i], RUN);
	}
	ktest_rig_close(t, &rig);
out:
	if (pages)
		__free_pages(pages, ORDER);
}

static void map_refuses(struct ktest *t)
{
	struct page *pages = run_alloc(t);
	struct ktest_rig rig;
	phys_addr_t phys;
	int before;

	if (!pages || !ktest_rig_open(t, &rig, true))
		goto out;
	phys = page_to_phys(pages);
	before = ktest_invalidates(&rig);
	/* The end of the address space, and past it. */
	KTEST_EQ(t, iommu_map(rig.domain, 0xfffff000, phys, RUN, KTEST_PROT, GFP_KERNEL), -EINVAL);
	KTEST_EQ(t, iommu_map(rig.domain, BIT_ULL(32), phys, RUN, KTEST_PROT, GFP_KERNEL), -EINVAL);
	KTEST_EQ(t, iommu_map(rig.domain, ~0UL - RUN + 1, phys, RUN, KTEST_PROT, GFP_KERNEL),
		 -EINVAL);
	KTEST_EQ(t, iommu_unmap(rig.domain, BIT_ULL(32), RUN), 0);
	KTEST_EQ(t, iommu_iova_to_phys(rig.domain, BIT_ULL(32)), 0);
	/* Nothing was changed, so the hardware was left alone. */
	KTEST_EQ(t, ktest_invalidates(&rig), before);
	/* What is not memory. */
	KTEST_EQ(t, atomic64_read(&rig.stats.faults), 0);
	KTEST_EQ(t, iommu_map(rig.domain, 0x1000, BIT_ULL(45), 4096, KTEST_PROT, GFP_KERNEL), -EIO);
	KTEST_EQ(t, atomic64_read(&rig.stats.faults), 1);
	KTEST_EQ(t, ktest_mapped(&rig), 0);
	ktest_rig_close(t, &rig);
out:
	if (pages)
		__free_pages(pages, ORDER);
}

static void map_twice(struct ktest *t)
{
	struct page *pages = run_alloc(t), *other = run_alloc(t);
	struct ktest_rig rig;
	const u32 at = 0x400000 - RUN;
	unsigned int i;

	if (!pages || !other || !ktest_rig_open(t, &rig, true))
		goto out;
	KTEST_EQ(t, iommu_map(rig.domain, at, page_to_phys(pages), RUN, KTEST_PROT, GFP_KERNEL), 0);
	/* Each overlap, from the last page of the new run to its first. */
	for (i = 0; i < 2 * (1 << ORDER) - 1; i++)
		KTEST_EQ(t,
			 iommu_map(rig.domain, at - RUN + 4096 * (i + 1), page_to_phys(other), RUN,
				   KTEST_PROT, GFP_KERNEL),
			 -EADDRINUSE);
	expect_run(t, &rig, at, page_to_phys(pages), RUN);
	expect_nothing(t, &rig, at - RUN, RUN);
	expect_nothing(t, &rig, at + RUN, RUN);
	KTEST_EQ(t, ktest_mapped(&rig), 1 << ORDER);
	KTEST_EQ(t, ktest_tables(&rig), 1);
	KTEST_EQ(t, iommu_unmap(rig.domain, at, RUN), RUN);
	ktest_rig_close(t, &rig);
out:
	if (other)
		__free_pages(other, ORDER);
	if (pages)
		__free_pages(pages, ORDER);
}

/* The second of two runs fails: the core must be able to take back the first, and only that. */
static void map_half_fails(struct ktest *t)
{
	struct page *pages = run_alloc(t), *other = run_alloc(t);
	const u32 at = 0x800000 - RUN;
	struct scatterlist sg[2];
	struct ktest_rig rig;

	if (!pages || !other || !ktest_rig_open(t, &rig, true))
		goto out;
	sg_init_table(sg, 2);
	sg_set_page(&sg[0], pages, RUN, 0);
	sg_set_page(&sg[1], other, RUN, 0);
	/* In the way of the second run's last page. */
	KTEST_EQ(t,
		 iommu_map(rig.domain, at + 2 * RUN - 4096, page_to_phys(pages), 4096, KTEST_PROT,
			   GFP_KERNEL),
		 0);
	KTEST_EXPECT(t, iommu_map_sg(rig.domain, at, sg, 2, KTEST_PROT, GFP_KERNEL) < 0);
	KTEST_EQ(t, ktest_mapped(&rig), 1);
	KTEST_EQ(t, ktest_tables(&rig), 1);
	expect_nothing(t, &rig, at, 2 * RUN - 4096);
	expect_run(t, &rig, at + 2 * RUN - 4096, page_to_phys(pages), 4096);
	KTEST_EQ(t, iommu_unmap(rig.domain, at + 2 * RUN - 4096, 4096), 4096);
	/* Without the obstacle it works. */
	KTEST_EQ(t, iommu_map_sg(rig.domain, at, sg, 2, KTEST_PROT, GFP_KERNEL), 2 * RUN);
	expect_run(t, &rig, at, page_to_phys(pages), RUN);
	expect_run(t, &rig, at + RUN, page_to_phys(other), RUN);
	KTEST_EQ(t, iommu_unmap(rig.domain, at, 2 * RUN), 2 * RUN);
	ktest_rig_close(t, &rig);
out:
	if (other)
		__free_pages(other, ORDER);
	if (pages)
		__free_pages(pages, ORDER);
}

static void map_unmap_stops_at_gap(struct ktest *t)
{
	struct page *pages = run_alloc(t);
	const u32 at = 0x400000 - RUN;
	struct ktest_rig rig;

	if (!pages || !ktest_rig_open(t, &rig, true))
		goto out;
	KTEST_EQ(t, iommu_map(rig.domain, at, page_to_phys(pages), RUN, KTEST_PROT, GFP_KERNEL), 0);
	KTEST_EQ(t,
		 iommu_map(rig.domain, at + 2 * RUN, page_to_phys(pages), RUN, KTEST_PROT,
			   GFP_KERNEL),
		 0);
	KTEST_EQ(t, iommu_unmap(rig.domain, at, 3 * RUN), RUN);
	expect_run(t, &rig, at + 2 * RUN, page_to_phys(pages), RUN);
	KTEST_EQ(t, iommu_unmap(rig.domain, at, RUN), 0);
	KTEST_EQ(t, iommu_unmap(rig.domain, at + 2 * RUN, RUN), RUN);
	ktest_rig_close(t, &rig);
out:
	if (pages)
		__free_pages(pages, ORDER);
}

static void map_atomic(struct ktest *t)
{
	struct page *pages = run_alloc(t);
	struct ktest_rig rig;
	unsigned long flags;
	int ret;

	if (!pages || !ktest_rig_open(t, &rig, true))
		goto out;
	local_irq_save(flags);
	ret = iommu_map(rig.domain, 0x3fc000, page_to_phys(pages), RUN, KTEST_PROT, GFP_ATOMIC);
	local_irq_restore(flags);
	KTEST_EQ(t, ret, 0);
	expect_run(t, &rig, 0x3fc000, page_to_phys(pages), RUN);
	local_irq_save(flags);
	ret = iommu_unmap(rig.domain, 0x3fc000, RUN);
	local_irq_restore(flags);
	KTEST_EQ(t, ret, RUN);
	ktest_rig_close(t, &rig);
out:
	if (pages)
		__free_pages(pages, ORDER);
}

/* Some hundred runs at random places, kept track of in a plain array. */
static void map_random(struct ktest *t)
{
	enum { SLOTS = 256, STEPS = 3000 };
	struct page *pages = run_alloc(t);
	struct ktest_rig rig;
	struct rnd_state rnd;
	u8 *length = NULL;
	unsigned int i;

	if (!pages || !ktest_rig_open(t, &rig, true))
		goto out;
	length = kcalloc(SLOTS, 1, GFP_KERNEL);
	prandom_seed_state(&rnd, 3);
	for (i = 0; length && i < STEPS && !t->failed; i++) {
		unsigned int slot = prandom_u32_state(&rnd) % SLOTS,
			     first = prandom_u32_state(&rnd) % 8;
		/* Slots are a little more than a run apart, and pass from table to table. */
		u32 iova = 0x20000000 + slot * (RUN + 0x5000);
		phys_addr_t phys = page_to_phys(pages) + first * 4096;

		if (length[slot]) {
			KTEST_EQ(t, iommu_unmap(rig.domain, iova, length[slot] * 4096),
				 length[slot] * 4096);
			expect_nothing(t, &rig, iova, RUN);
			length[slot] = 0;
		} else {
			length[slot] = 1 + prandom_u32_state(&rnd) % (8 - first);
			KTEST_EQ(t,
				 iommu_map(rig.domain, iova, phys, length[slot] * 4096, KTEST_PROT,
					   GFP_KERNEL),
				 0);
			expect_run(t, &rig, iova, phys, length[slot] * 4096);
			expect_nothing(t, &rig, iova + length[slot] * 4096, 4096);
		}
	}
	for (i = 0; length && i < SLOTS; i++)
		if (length[i])
			KTEST_EQ(t,
				 iommu_unmap(rig.domain, 0x20000000 + i * (RUN + 0x5000),
					     length[i] * 4096),
				 length[i] * 4096);
	kfree(length);
	ktest_rig_close(t, &rig);
out:
	if (pages)
		__free_pages(pages, ORDER);
}

/*
 * Where the function's addresses are memory's, only the run that lies highest is asked for: it may
 * be any of them.
 */
static void map_table_reach(struct ktest *t)
{
	struct page *page[2] = { alloc_page(GFP_KERNEL), alloc_page(GFP_KERNEL) };
	struct device *parent = ktest_parent();
	const u64 mask = dma_get_mask(parent);
	const u32 at = 0x10000;
	struct ipu_parent_table seen;
	struct ktest_rig rig;
	struct sg_table sgt;
	unsigned int i;

	if (!KTEST_EXPECT(t, page[0] && page[1]) ||
	    !KTEST_EQ(t, sg_alloc_table(&sgt, 2, GFP_KERNEL), 0))
		goto out;
	if (!ktest_rig_open(t, &rig, true))
		goto table;
	/* So that the table is there, which would be refused as well. */
	KTEST_EQ(t, iommu_map(rig.domain, 0, page_to_phys(page[0]), 4096, KTEST_PROT, GFP_KERNEL),
		 0);
	for (i = 0; i < 2; i++) {
		sg_set_page(sgt.sgl, page[i], PAGE_SIZE, 0);
		sg_set_page(sg_next(sgt.sgl), page[!i], PAGE_SIZE, 0);
		if (!ktest_parent_domain()) {
			*parent->dma_mask = max(page_to_phys(page[0]), page_to_phys(page[1])) - 1;
			KTEST_EQ(t,
				 ipu_domain_map_table(rig.domain, at, 2, &sgt, DMA_TO_DEVICE,
						      &seen),
				 -EIO);
			*parent->dma_mask = mask;
			KTEST_EQ(t, ktest_mapped(&rig), 1);
		}
		KTEST_EQ(t, ipu_domain_map_table(rig.domain, at, 2, &sgt, DMA_TO_DEVICE, &seen), 0);
		expect_run(t, &rig, at, page_to_phys(page[i]), 4096);
		expect_run(t, &rig, at + 4096, page_to_phys(page[!i]), 4096);
		ipu_domain_unmap_table(rig.domain, at, 2, &seen);
		expect_nothing(t, &rig, at, 2 * 4096);
	}
	KTEST_EQ(t, iommu_unmap(rig.domain, 0, 4096), 4096);
	ktest_rig_close(t, &rig);
table:
	sg_free_table(&sgt);
out:
	for (i = 0; i < 2; i++)
		if (page[i])
			__free_page(page[i]);
}

/* Runs of one, two and three pages that are no neighbours, from within the first one's page on. */
#define PARTS 3
#define PART_OFFSET 0x234
#define PART_PAGES (1 + 2 + 3)

struct parts {
	struct page *pages[PARTS];
	struct sg_table sgt;
};

static void parts_free(struct parts *parts)
{
	unsigned int i;

	for (i = 0; i < PARTS; i++)
		if (parts->pages[i])
			__free_pages(parts->pages[i], 2);
	sg_free_table(&parts->sgt);
}

static bool parts_alloc(struct ktest *t, struct parts *parts)
{
	struct scatterlist *sg;
	unsigned int i;

	memset(parts, 0, sizeof(*parts));
	if (!KTEST_EQ(t, sg_alloc_table(&parts->sgt, PARTS, GFP_KERNEL), 0))
		return false;
	for_each_sgtable_sg(&parts->sgt, sg, i) {
		parts->pages[i] = alloc_pages(GFP_KERNEL | GFP_DMA32, 2);
		if (!KTEST_EXPECT(t, parts->pages[i]))
			return false;
		sg_set_page(sg, parts->pages[i], (i + 1) * PAGE_SIZE, 0);
	}
	sg = parts->sgt.sgl;
	sg_set_page(sg, sg_page(sg), PAGE_SIZE - PART_OFFSET, PART_OFFSET);
	/* It ends within a page as well. */
	sg = sg_next(sg_next(sg));
	sg->length -= 0x100;
	return true;
}

static void expect_parts(struct ktest *t, struct ktest_rig *rig, struct parts *parts, u32 at)
{
	unsigned int i;

	for (i = 0; i < PARTS; i++) {
		expect_run(t, rig, at, page_to_phys(parts->pages[i]), (i + 1) * PAGE_SIZE);
		at += (i + 1) * PAGE_SIZE;
	}
}

/* A table that goes and comes again is as new. */
static void map_table_again(struct ktest *t)
{
	struct page *pages = run_alloc(t);
	struct ktest_rig rig;

	if (!pages || !ktest_rig_open(t, &rig, true))
		goto out;
	KTEST_EQ(t,
		 iommu_map(rig.domain, 0x400000, page_to_phys(pages), RUN, KTEST_PROT, GFP_KERNEL),
		 0);
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x400000, RUN), RUN);
	KTEST_EQ(t, ktest_tables(&rig), 0);
	KTEST_EQ(t,
		 iommu_map(rig.domain, 0x402000, page_to_phys(pages), PAGE_SIZE, KTEST_PROT,
			   GFP_KERNEL),
		 0);
	expect_nothing(t, &rig, 0x400000, 2 * PAGE_SIZE);
	expect_run(t, &rig, 0x402000, page_to_phys(pages), PAGE_SIZE);
	expect_nothing(t, &rig, 0x403000, RUN - 3 * PAGE_SIZE);
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x402000, PAGE_SIZE), PAGE_SIZE);
	ktest_rig_close(t, &rig);
out:
	if (pages)
		__free_pages(pages, ORDER);
}

/* Another IOMMU gives what its driver's limits make of a table: here, hardly anything at once. */
static void map_table_segments(struct ktest *t)
{
	const unsigned int limit = dma_get_max_seg_size(ktest_parent());
	struct iommu_domain *parent = ktest_parent_domain();
	const u32 at = 0x3fe000; /* over the edge of a table */
	struct ipu_parent_table seen;
	struct parts parts;
	struct ktest_rig rig;
	dma_addr_t dma = 0;

	if (!parts_alloc(t, &parts) || !ktest_rig_open(t, &rig, true))
		goto out;
	/* Without one, as where a platform has its own ways. */
	rig.mmu->parent.plain = false;
	dma_set_max_seg_size(ktest_parent(), 2 * PAGE_SIZE);
	if (KTEST_EQ(t,
		     ipu_domain_map_table(rig.domain, at, PART_PAGES, &parts.sgt,
					  DMA_BIDIRECTIONAL, &seen),
		     0)) {
		KTEST_EXPECT(t, seen.sgt.nents > 1);
		expect_parts(t, &rig, &parts, at);
		expect_nothing(t, &rig, at + PART_PAGES * PAGE_SIZE, PAGE_SIZE);
		KTEST_EQ(t, ktest_walk(rig.l1, at, &dma), 0);
		ipu_domain_unmap_table(rig.domain, at, PART_PAGES, &seen);
		expect_nothing(t, &rig, at, PART_PAGES * PAGE_SIZE);
		if (parent)
			KTEST_EQ(t, iommu_iova_to_phys(parent, dma), 0);
	}
	KTEST_EQ(t, ktest_mapped(&rig), 0);
	ktest_rig_close(t, &rig);
	KTEST_EQ(t, dma_get_max_seg_size(ktest_parent()), limit);
out:
	parts_free(&parts);
}

/* What of a range cannot be mapped takes the rest of it along. */
static void map_table_half(struct ktest *t)
{
	const u32 at = 0x3fe000;
	struct ipu_parent_table seen;
	struct parts parts;
	struct ktest_rig rig;

	if (!parts_alloc(t, &parts) || !ktest_rig_open(t, &rig, true))
		goto out;
	KTEST_EQ(t,
		 iommu_map(rig.domain, 0x401000, page_to_phys(parts.pages[0]), PAGE_SIZE,
			   KTEST_PROT, GFP_KERNEL),
		 0);
	KTEST_EQ(t,
		 ipu_domain_map_table(rig.domain, at, PART_PAGES, &parts.sgt, DMA_BIDIRECTIONAL,
				      &seen),
		 -EADDRINUSE);
	KTEST_EQ(t, ktest_mapped(&rig), 1);
	KTEST_EQ(t, ktest_tables(&rig), 1);
	expect_nothing(t, &rig, at, 0x401000 - at);
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x401000, PAGE_SIZE), PAGE_SIZE);
	ktest_rig_close(t, &rig);
out:
	parts_free(&parts);
}

#ifdef CONFIG_ARCH_HAS_DMA_OPS

/* A platform that copies: of the table's second run, the device would see the page behind it. */
static bool copies;

static int copying_map_sg(struct device *dev, struct scatterlist *sgl, int nents,
			  enum dma_data_direction dir, unsigned long attrs)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		sg_dma_address(sg) = sg_phys(sg) + (copies && i == 1 ? PAGE_SIZE : 0);
		sg_dma_len(sg) = sg->length;
	}
	return nents;
}

static atomic_t copies_ended;

static void copying_unmap_sg(struct device *dev, struct scatterlist *sgl, int nents,
			     enum dma_data_direction dir, unsigned long attrs)
{
	atomic_inc(&copies_ended);
}

static const struct dma_map_ops copying_ops = {
	.map_sg = copying_map_sg,
	.unmap_sg = copying_unmap_sg,
};

static void map_table_copied(struct ktest *t)
{
	struct device *parent = ktest_parent();
	struct ipu_parent_table seen;
	const u32 at = 0x10000;
	struct parts parts;
	struct ktest_rig rig;
	int ret;

	if (ktest_parent_domain()) {
		t->skip = "an IOMMU does not copy whole pages";
		return;
	}
	if (!parts_alloc(t, &parts) || !ktest_rig_open(t, &rig, true))
		goto out;
	/* So that the table is there. */
	KTEST_EQ(t,
		 iommu_map(rig.domain, 0, page_to_phys(parts.pages[0]), PAGE_SIZE, KTEST_PROT,
			   GFP_KERNEL),
		 0);
	rig.mmu->parent.plain = false;
	for (copies = true;; copies = false) {
		atomic_set(&copies_ended, 0);
		set_dma_ops(parent, &copying_ops);
		ret = ipu_domain_map_table(rig.domain, at, PART_PAGES, &parts.sgt,
					   DMA_BIDIRECTIONAL, &seen);
		KTEST_EQ(t, ret, copies ? -EIO : 0);
		if (!ret) {
			expect_parts(t, &rig, &parts, at);
			ipu_domain_unmap_table(rig.domain, at, PART_PAGES, &seen);
		}
		set_dma_ops(parent, NULL);
		KTEST_EQ(t, atomic_read(&copies_ended), 1);
		expect_nothing(t, &rig, at, PART_PAGES * PAGE_SIZE);
		if (!copies)
			break;
	}
	KTEST_EQ(t, iommu_unmap(rig.domain, 0, PAGE_SIZE), PAGE_SIZE);
	ktest_rig_close(t, &rig);
out:
	parts_free(&parts);
}

#else

static void map_table_copied(struct ktest *t)
{
	t->skip = "this kernel has no dma_map_ops for one device";
}

#endif

static const struct ktest_case cases[] = {
	{ "walk_unmap", map_walk_unmap },
	{ "refuses", map_refuses },
	{ "twice", map_twice },
	{ "half_fails", map_half_fails },
	{ "unmap_stops_at_gap", map_unmap_stops_at_gap },
	{ "atomic", map_atomic },
	{ "random", map_random },
	{ "table_reach", map_table_reach },
	{ "table_again", map_table_again },
	{ "table_segments", map_table_segments },
	{ "table_half", map_table_half },
	{ "table_copied", map_table_copied },
	{}
};

const struct ktest_suite ktest_map_suite = { "map", cases };

/* ---- with a platform that bounces ---- */

static void bounce_refused(struct ktest *t)
{
	const struct vb2_ipu_device_config config = { .name = "ktest", .noncoherent_tables = true };
	struct ktest_rig rig = {};

	/* The very first page, that of the zeroes, would be a copy. */
	rig.mmu = ipu_mmu_create(ktest_parent(), &config, &rig.stats);
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(rig.mmu), -EIO))
		ipu_mmu_destroy(rig.mmu);
	KTEST_EQ(t, atomic64_read(&rig.stats.faults), 1);
}

/* Of a device without an MMU it is seen by its first buffer. */
static void bounce_refused_for_a_buffer(struct ktest *t)
{
	struct ktest_plane *plane;
	struct ktest_backend b;
	void *priv;

	if (!ktest_backend_open(t, &b, false, true))
		return;
	plane = ktest_plane_new(t, DMA_FROM_DEVICE);
	if (plane) {
		priv = vb2_ipu_iommu_memops.alloc(&plane->vb, vb2_ipu_device_dma_dev(b.vid),
						  SZ_64K);
		KTEST_EQ(t, PTR_ERR_OR_ZERO(priv), -EIO);
		if (!IS_ERR_OR_NULL(priv))
			vb2_ipu_iommu_memops.put(priv);
		ktest_plane_free(plane);
	}
	KTEST_EQ(t, atomic64_read(&b.vid->stats.faults), 1);
	KTEST_EQ(t, atomic64_read(&b.vid->stats.buffers), 0);
	ktest_backend_close(t, &b);
}

static const struct ktest_case bounce_cases[] = {
	{ "refused", bounce_refused },
	{ "refused_for_a_buffer", bounce_refused_for_a_buffer },
	{}
};

const struct ktest_suite ktest_bounce_suite = { "bounce", bounce_cases };
