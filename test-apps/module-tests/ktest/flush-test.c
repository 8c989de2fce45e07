// SPDX-License-Identifier: GPL-2.0-only
/*
 * How many lines of tables are flushed: each line with a changed entry once per call, and no other.
 */
#include <linux/gfp.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/string.h>
#include <asm/processor.h>

#include "rig.h"
#include "suites.h"
#include "walker.h"

#define ORDER 5
#define RUN (4096UL << ORDER)

/* Flushed lines of a map or unmap of @pages at @iova. */
static s64 lines_of(struct ktest *t, struct ktest_rig *rig, u32 iova, struct page *pages,
		    unsigned int count, bool map)
{
	s64 before = atomic64_read(&rig->stats.flushed_table_lines);

	if (map)
		KTEST_EQ(t,
			 iommu_map(rig->domain, iova, page_to_phys(pages), count * 4096, KTEST_PROT,
				   GFP_KERNEL),
			 0);
	else
		KTEST_EQ(t, iommu_unmap(rig->domain, iova, count * 4096), count * 4096);
	return atomic64_read(&rig->stats.flushed_table_lines) - before;
}

static void flush_lines(struct ktest *t)
{
	struct page *pages = alloc_pages(GFP_KERNEL | GFP_DMA32, ORDER);
	unsigned int per_line = boot_cpu_data.x86_clflush_size / 4;
	s64 table = 1024 / per_line;
	struct ktest_rig rig;

	if (!KTEST_EXPECT(t, pages) || !ktest_rig_open(t, &rig, true))
		goto out;
	/* The page of zeroes, the empty tables, and the domain's first level. */
	KTEST_EQ(t, atomic64_read(&rig.stats.flushed_table_lines), 4 * table);

	/* A new table is flushed whole, once, and the line that leads to it. */
	KTEST_EQ(t, lines_of(t, &rig, 0x400000, pages, 1, true), table + 1);
	/* One line holds the entries of 16 pages, with lines of 64 bytes. */
	KTEST_EQ(t, lines_of(t, &rig, 0x401000, pages, 1, true), 1);
	KTEST_EQ(t, lines_of(t, &rig, 0x400000 + 4096 * per_line, pages, per_line, true), 1);
	KTEST_EQ(t, lines_of(t, &rig, 0x400000 + 4096 * (2 * per_line + 1), pages, per_line, true),
		 2);
	KTEST_EQ(t, lines_of(t, &rig, 0x400000 + 4096 * (2 * per_line + 1), pages, per_line, false),
		 2);
	KTEST_EQ(t, lines_of(t, &rig, 0x400000 + 4096 * per_line, pages, per_line, false), 1);
	KTEST_EQ(t, lines_of(t, &rig, 0x401000, pages, 1, false), 1);
	/* The last page: the table goes, so only the line that led to it counts. */
	KTEST_EQ(t, lines_of(t, &rig, 0x400000, pages, 1, false), 1);

	/* Two tables whose first-level entries share a line, then two whose do not. */
	KTEST_EQ(t, lines_of(t, &rig, 0x800000 - 4096, pages, 2, true), 2 * table + 1);
	KTEST_EQ(t, lines_of(t, &rig, 0x800000 - 4096, pages, 2, false), 1);
	KTEST_EQ(t, lines_of(t, &rig, 0x400000 * per_line - 4096, pages, 2, true), 2 * table + 2);
	KTEST_EQ(t, lines_of(t, &rig, 0x400000 * per_line - 4096, pages, 2, false), 2);
	/* One table is there already. */
	KTEST_EQ(t, lines_of(t, &rig, 0x800000, pages, 1, true), table + 1);
	KTEST_EQ(t, lines_of(t, &rig, 0x800000 - 4096 * 4, pages, 4, true), table + 1);
	KTEST_EQ(t, lines_of(t, &rig, 0x800000 + 4096, pages, 4, true), 1);
	KTEST_EQ(t, lines_of(t, &rig, 0x800000 - 4096 * 4, pages, 9, false), 1);
	ktest_rig_close(t, &rig);
out:
	if (pages)
		__free_pages(pages, ORDER);
}

/* Pages in the order of their addresses, but no two of them are neighbours: a run each. */
static bool lone_pages(struct ktest *t, struct sg_table *sgt, struct page *pages)
{
	struct scatterlist *sg;
	unsigned int i;

	if (!KTEST_EQ(t, sg_alloc_table(sgt, 1 << (ORDER - 1), GFP_KERNEL), 0))
		return false;
	for_each_sgtable_sg(sgt, sg, i)
		sg_set_page(sg, pages + 2 * i, 4096, 0);
	return true;
}

/* However many runs a plane has, it is one call to the core, which flushes each line once. */
static void flush_runs(struct ktest *t)
{
	struct page *pages = alloc_pages(GFP_KERNEL | GFP_DMA32, ORDER);
	unsigned int per_line = boot_cpu_data.x86_clflush_size / 4;
	const size_t size = 4096UL << (ORDER - 1);
	s64 table = 1024 / per_line, before;
	struct ktest_rig rig;
	struct sg_table sgt;
	u32 iova;

	if (!KTEST_EXPECT(t, pages))
		return;
	if (!lone_pages(t, &sgt, pages))
		goto out;
	if (!ktest_rig_open(t, &rig, true))
		goto out_table;
	KTEST_EQ(t, lines_of(t, &rig, 0x400000, pages, 1, true), table + 1);

	/*
	 * In a table that is there, over the edge to a new one, and over the edge of two new ones.
	 */
	before = atomic64_read(&rig.stats.flushed_table_lines);
	KTEST_EQ(t, iommu_map_sgtable(rig.domain, 0x400000 + per_line * 4096, &sgt, KTEST_PROT),
		 size);
	KTEST_EQ(t, atomic64_read(&rig.stats.flushed_table_lines) - before,
		 DIV_ROUND_UP(size / 4096, per_line));
	before = atomic64_read(&rig.stats.flushed_table_lines);
	KTEST_EQ(t, iommu_map_sgtable(rig.domain, 0x800000 - size / 2, &sgt, KTEST_PROT), size);
	KTEST_EQ(t, atomic64_read(&rig.stats.flushed_table_lines) - before,
		 DIV_ROUND_UP(size / 8192, per_line) + table + 1);
	before = atomic64_read(&rig.stats.flushed_table_lines);
	KTEST_EQ(t, iommu_map_sgtable(rig.domain, 0x1400000 - size / 2, &sgt, KTEST_PROT), size);
	KTEST_EQ(t, atomic64_read(&rig.stats.flushed_table_lines) - before, 2 * table + 1);
	for (iova = 0; iova < size; iova += 4096)
		KTEST_EQ(t, ktest_walk_phys(rig.l1, 0x1400000 - size / 2 + iova),
			 page_to_phys(pages) + 2 * iova);

	KTEST_EQ(t, iommu_unmap(rig.domain, 0x1400000 - size / 2, size), size);
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x800000 - size / 2, size), size);
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x400000 + per_line * 4096, size), size);
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x400000, 4096), 4096);
	ktest_rig_close(t, &rig);
out_table:
	sg_free_table(&sgt);
out:
	__free_pages(pages, ORDER);
}

/*
 * What stands in the way of a later run: the core takes the earlier ones back, before any of them
 * was flushed.
 */
static void flush_taken_back(struct ktest *t)
{
	struct page *pages = alloc_pages(GFP_KERNEL | GFP_DMA32, ORDER);
	const size_t size = 4096UL << (ORDER - 1);
	struct ktest_rig rig;
	struct sg_table sgt;
	u32 iova;

	if (!KTEST_EXPECT(t, pages))
		return;
	/* An allocator that clears its pages must not make them look like the page of zeroes. */
	memset(page_address(pages), 0xa5, RUN);
	if (!lone_pages(t, &sgt, pages))
		goto out;
	if (!ktest_rig_open(t, &rig, true))
		goto out_table;
	KTEST_EQ(t,
		 iommu_map(rig.domain, 0x800000, page_to_phys(pages), 4096, KTEST_PROT, GFP_KERNEL),
		 0);
	KTEST_EXPECT(t, iommu_map_sgtable(rig.domain, 0x800000 - size / 2, &sgt, KTEST_PROT) < 0);
	KTEST_EQ(t, ktest_mapped(&rig), 1);
	KTEST_EQ(t, ktest_tables(&rig), 1);
	for (iova = 0x800000 - size / 2; iova < 0x800000; iova += 4096)
		KTEST_EXPECT(t, ktest_reads_zeroes(rig.l1, iova));
	KTEST_EQ(t, ktest_walk_phys(rig.l1, 0x800000), page_to_phys(pages));
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x800000, 4096), 4096);
	ktest_rig_close(t, &rig);
out_table:
	sg_free_table(&sgt);
out:
	__free_pages(pages, ORDER);
}

/*
 * The same from a core that asks for nothing between the two: the one that there is syncs when a
 * run fails, before it takes the others back.
 */
static void flush_never_seen(struct ktest *t)
{
	struct page *pages = alloc_pages(GFP_KERNEL | GFP_DMA32, ORDER);
	const struct iommu_domain_ops *ops;
	struct iommu_iotlb_gather gather;
	const u32 first = 0x400000;
	struct ktest_rig rig;
	size_t mapped = 0;
	u32 iova;

	if (!KTEST_EXPECT(t, pages))
		return;
	memset(page_address(pages), 0xa5, RUN);
	if (!ktest_rig_open(t, &rig, true))
		goto out;
	ops = rig.domain->ops;
	KTEST_EQ(t,
		 ops->map_pages(rig.domain, first, page_to_phys(pages), 4096, 1 << ORDER,
				KTEST_PROT, GFP_KERNEL, &mapped),
		 0);
	iommu_iotlb_gather_init(&gather);
	KTEST_EQ(t, ops->unmap_pages(rig.domain, first, 4096, 1 << ORDER, &gather), RUN);
	ops->iotlb_sync(rig.domain, &gather);
	KTEST_EQ(t, ktest_tables(&rig), 0);
	for (iova = first; iova < first + RUN; iova += 4096)
		KTEST_EXPECT(t, ktest_reads_zeroes(rig.l1, iova));
	ktest_rig_close(t, &rig);
out:
	__free_pages(pages, ORDER);
}

/* One call of the core's may write here and there: what lies between stays as it is. */
static void flush_far_apart(struct ktest *t)
{
	struct page *page = alloc_page(GFP_KERNEL | GFP_DMA32);
	unsigned int per_line = boot_cpu_data.x86_clflush_size / 4;
	const u32 far = 4096 * per_line * 8;
	struct iommu_iotlb_gather gather;
	const struct iommu_domain_ops *ops;
	struct ktest_rig rig;
	size_t mapped = 0;
	s64 before;

	if (!KTEST_EXPECT(t, page))
		return;
	if (!ktest_rig_open(t, &rig, true))
		goto out;
	ops = rig.domain->ops;
	/* So that the table is there. */
	lines_of(t, &rig, 0x400000, page, 1, true);
	before = atomic64_read(&rig.stats.flushed_table_lines);
	KTEST_EQ(t,
		 ops->map_pages(rig.domain, 0x400000 + far, page_to_phys(page), 4096, 1, KTEST_PROT,
				GFP_KERNEL, &mapped),
		 0);
	KTEST_EQ(t,
		 ops->map_pages(rig.domain, 0x400000 + 2 * far, page_to_phys(page), 4096, 1,
				KTEST_PROT, GFP_KERNEL, &mapped),
		 0);
	/* And back. */
	KTEST_EQ(t,
		 ops->map_pages(rig.domain, 0x401000, page_to_phys(page), 4096, 1, KTEST_PROT,
				GFP_KERNEL, &mapped),
		 0);
	KTEST_EQ(t, ops->iotlb_sync_map(rig.domain, 0x401000, 2 * far), 0);
	KTEST_EQ(t, mapped, 3 * 4096);
	KTEST_EQ(t, atomic64_read(&rig.stats.flushed_table_lines) - before, 3);
	/* What the core has not mapped it must not unmap: a debug kernel's counts the pages. */
	iommu_iotlb_gather_init(&gather);
	KTEST_EQ(t, ops->unmap_pages(rig.domain, 0x401000, 4096, 1, &gather), 4096);
	KTEST_EQ(t, ops->unmap_pages(rig.domain, 0x400000 + far, 4096, 1, &gather), 4096);
	KTEST_EQ(t, ops->unmap_pages(rig.domain, 0x400000 + 2 * far, 4096, 1, &gather), 4096);
	ops->iotlb_sync(rig.domain, &gather);
	lines_of(t, &rig, 0x400000, page, 1, false);
	ktest_rig_close(t, &rig);
out:
	__free_page(page);
}

/* A device that looks into the caches needs none. */
static void flush_coherent(struct ktest *t)
{
	struct page *pages = alloc_pages(GFP_KERNEL | GFP_DMA32, ORDER);
	struct ktest_rig rig;

	if (!KTEST_EXPECT(t, pages) || !ktest_rig_open(t, &rig, false))
		goto out;
	KTEST_EQ(t, lines_of(t, &rig, 0x7ff000, pages, 1 << ORDER, true), 0);
	KTEST_EQ(t, lines_of(t, &rig, 0x7ff000, pages, 1 << ORDER, false), 0);
	KTEST_EQ(t, atomic64_read(&rig.stats.flushed_table_lines), 0);
	ktest_rig_close(t, &rig);
out:
	if (pages)
		__free_pages(pages, ORDER);
}

static const struct ktest_case cases[] = {
	{ "lines", flush_lines },
	{ "runs", flush_runs },
	{ "taken_back", flush_taken_back },
	{ "never_seen", flush_never_seen },
	{ "far_apart", flush_far_apart },
	{ "coherent", flush_coherent },
	{}
};

const struct ktest_suite ktest_flush_suite = { "flush", cases };
