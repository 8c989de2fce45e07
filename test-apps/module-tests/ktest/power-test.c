// SPDX-License-Identifier: GPL-2.0-only
/*
 * When the hardware is told: once per change and not without power; and what must still be there at
 * that moment.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "ipu-mmu-domain.h"
#include "parent.h"
#include "rig.h"
#include "suites.h"
#include "walker.h"

#define ORDER 3
#define RUN (4096UL << ORDER)

static void power_off_is_quiet(struct ktest *t)
{
	struct page *pages = alloc_pages(GFP_KERNEL | GFP_DMA32, ORDER);
	struct ktest_rig rig;
	dma_addr_t l1;

	if (!KTEST_EXPECT(t, pages) || !ktest_rig_open(t, &rig, true))
		goto out;
	/* So that they are not taken for the page of zeroes. */
	memset(page_address(pages), 0xa5, RUN);
	l1 = rig.l1;
	KTEST_EQ(t, iommu_map(rig.domain, 0x1000, page_to_phys(pages), RUN, KTEST_PROT, GFP_KERNEL),
		 0);
	KTEST_EQ(t, ktest_invalidates(&rig), 2);
	ktest_rig_power(&rig, false);
	KTEST_EQ(t,
		 iommu_map(rig.domain, 0x400000, page_to_phys(pages), RUN, KTEST_PROT, GFP_KERNEL),
		 0);
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x1000, RUN), RUN);
	KTEST_EQ(t, ktest_invalidates(&rig), 2);
	KTEST_EQ(t, atomic_read(&rig.set_l1s), 1);
	/* What waited for an invalidation is released all the same. */
	KTEST_EQ(t, ktest_tables(&rig), 1);

	/*
	 * Registers are lost without power: all is set anew, and nothing else happens to the
	 * mappings.
	 */
	rig.l1 = 0;
	ktest_rig_power(&rig, true);
	KTEST_EQ(t, rig.l1, l1);
	KTEST_EQ(t, atomic_read(&rig.set_l1s), 2);
	KTEST_EQ(t, ktest_invalidates(&rig), 3);
	KTEST_EQ(t, ktest_walk_phys(rig.l1, 0x400000), page_to_phys(pages));
	KTEST_EXPECT(t, ktest_reads_zeroes(rig.l1, 0x1000));
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x400000, RUN), RUN);
	KTEST_EQ(t, ktest_invalidates(&rig), 4);
	ktest_rig_close(t, &rig);
out:
	if (pages)
		__free_pages(pages, ORDER);
}

/* Twenty runs, unmapped by one call. */
static void power_one_invalidate(struct ktest *t)
{
	struct page *pages = alloc_pages(GFP_KERNEL | GFP_DMA32, ORDER);
	struct iommu_iotlb_gather gather;
	const u32 at = 0x3f0000;
	struct ktest_rig rig;
	unsigned int i;
	int before;

	if (!KTEST_EXPECT(t, pages) || !ktest_rig_open(t, &rig, true))
		goto out;
	for (i = 0; i < 20; i++) {
		before = ktest_invalidates(&rig);
		KTEST_EQ(t,
			 iommu_map(rig.domain, at + i * RUN, page_to_phys(pages), RUN, KTEST_PROT,
				   GFP_KERNEL),
			 0);
		KTEST_EQ(t, ktest_invalidates(&rig) - before, 1);
	}
	before = ktest_invalidates(&rig);
	KTEST_EQ(t, iommu_unmap(rig.domain, at, 18 * RUN), 18 * RUN);
	KTEST_EQ(t, ktest_invalidates(&rig) - before, 1);
	/* Gathered: nothing before the sync, then one; and a sync with nothing gathered is none. */
	iommu_iotlb_gather_init(&gather);
	KTEST_EQ(t, iommu_unmap_fast(rig.domain, at + 18 * RUN, RUN, &gather), RUN);
	KTEST_EQ(t, iommu_unmap_fast(rig.domain, at + 19 * RUN, RUN, &gather), RUN);
	KTEST_EQ(t, ktest_invalidates(&rig) - before, 1);
	iommu_iotlb_sync(rig.domain, &gather);
	KTEST_EQ(t, ktest_invalidates(&rig) - before, 2);
	iommu_iotlb_gather_init(&gather);
	iommu_iotlb_sync(rig.domain, &gather);
	KTEST_EQ(t, ktest_invalidates(&rig) - before, 2);
	/* The flush queue, which only root can bring about, does not make unmapping lazy. */
	KTEST_EQ(t, iommu_map(rig.domain, at, page_to_phys(pages), RUN, KTEST_PROT, GFP_KERNEL), 0);
	before = ktest_invalidates(&rig);
	gather.queued = true;
	KTEST_EQ(t, iommu_unmap_fast(rig.domain, at, RUN, &gather), RUN);
	KTEST_EQ(t, ktest_invalidates(&rig) - before, 1);
	ktest_rig_close(t, &rig);
out:
	if (pages)
		__free_pages(pages, ORDER);
}

/*
 * struct held - what the hardware may still reach until it has invalidated
 * @table: A second-level table that is about to go.
 * @page: A page that is about to go, as the parent emits it.
 * @alive: Invalidations that found both where they were.
 * @gone: Those that did not.
 */
struct held {
	dma_addr_t table;
	dma_addr_t page;
	phys_addr_t table_phys;
	phys_addr_t page_phys;
	unsigned int alive;
	unsigned int gone;
};

static bool still(dma_addr_t dma, phys_addr_t phys)
{
	struct iommu_domain *domain = ktest_parent_domain();

	if (!page_count(pfn_to_page(PHYS_PFN(phys))))
		return false;
	return !domain || iommu_iova_to_phys(domain, dma) == phys;
}

static void look(struct ktest_rig *rig)
{
	struct held *held = rig->hook_data;

	if (still(held->table, held->table_phys) && still(held->page, held->page_phys))
		held->alive++;
	else
		held->gone++;
}

/*
 * A table that became empty, and the parent's address of the page, are there until the hardware has
 * forgotten them.
 */
static void power_release_after_invalidate(struct ktest *t)
{
	struct page *pages = alloc_pages(GFP_KERNEL | GFP_DMA32, ORDER);
	struct iommu_domain *domain = ktest_parent_domain();
	dma_addr_t empty = 0, table = 0, page = 0;
	struct held held = {};
	struct ktest_rig rig;
	unsigned int i;

	if (!KTEST_EXPECT(t, pages) || !ktest_rig_open(t, &rig, true))
		goto out;
	KTEST_EQ(t, ktest_walk_table(rig.l1, 0x800000, &empty), 0);
	KTEST_EQ(t,
		 iommu_map(rig.domain, 0x800000, page_to_phys(pages), RUN, KTEST_PROT, GFP_KERNEL),
		 0);
	KTEST_EQ(t, ktest_walk_table(rig.l1, 0x800000, &table), 0);
	KTEST_EXPECT(t, table != empty);
	KTEST_EQ(t, ktest_walk(rig.l1, 0x800000, &page), 0);
	if (t->failed)
		goto unmap;
	held.table = table;
	held.page = page;
	held.table_phys = domain ? iommu_iova_to_phys(domain, table) : table;
	held.page_phys = page_to_phys(pages);
	rig.hook_data = &held;
	rig.hook = look;
	if (!KTEST_EXPECT(t, held.table_phys))
		goto unmap;

	/* Page by page: the table stays until the last one, and so does the run. */
	for (i = 0; i < 1 << ORDER; i++) {
		KTEST_EQ(t, ktest_tables(&rig), 1);
		KTEST_EXPECT(t, still(table, held.table_phys) && still(page, held.page_phys));
		KTEST_EQ(t, iommu_unmap(rig.domain, 0x800000 + i * 4096, 4096), 4096);
	}
	KTEST_EQ(t, held.alive, 1 << ORDER);
	KTEST_EQ(t, held.gone, 0);
	KTEST_EQ(t, ktest_tables(&rig), 0);
	KTEST_EQ(t, ktest_walk_table(rig.l1, 0x800000, &table), 0);
	KTEST_EQ(t, table, empty);
	/* It waits for who wants one next. */
	ipu_domain_drop_kept(rig.mmu);
	if (domain) {
		KTEST_EQ(t, iommu_iova_to_phys(domain, held.table), 0);
		KTEST_EQ(t, iommu_iova_to_phys(domain, held.page), 0);
		/* Negative control: by now the hook sees what it looks for. */
		look(&rig);
		KTEST_EQ(t, held.gone, 1);
	}
unmap:
	rig.hook = NULL;
	if (ktest_mapped(&rig))
		KTEST_EQ(t, iommu_unmap(rig.domain, 0x800000, RUN), RUN);
	ktest_rig_close(t, &rig);
out:
	if (pages)
		__free_pages(pages, ORDER);
}

/* The first level changes while the device is halted, and only then. */
static void power_halts(struct ktest *t)
{
	struct page *page = alloc_page(GFP_KERNEL | GFP_DMA32);
	struct ktest_rig rig;

	if (!KTEST_EXPECT(t, page) ||
	    !ktest_rig_open_with(t, &rig, true, &ktest_halting_ops))
		goto out;
	KTEST_EQ(t, rig.halts, 1);
	KTEST_EXPECT(t, !rig.halted);
	/* What is mapped meanwhile needs none. */
	KTEST_EQ(t, iommu_map(rig.domain, 0x1000, page_to_phys(page), 4096, KTEST_PROT, GFP_KERNEL),
		 0);
	KTEST_EQ(t, rig.halts, 1);
	ktest_rig_power(&rig, false);
	KTEST_EQ(t, rig.halts, 1);

	/* A device that goes on is as good as off. */
	rig.goes_on = true;
	WRITE_ONCE(rig.powered, true);
	KTEST_EQ(t, ipu_mmu_power_on(rig.mmu), -ETIMEDOUT);
	KTEST_EQ(t, atomic_read(&rig.set_l1s), 1);
	KTEST_EQ(t, ktest_invalidates(&rig), 2);
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x1000, 4096), 4096);
	KTEST_EQ(t, ktest_invalidates(&rig), 2);
	KTEST_EQ(t, atomic64_read(&rig.stats.faults), 1);

	rig.goes_on = false;
	ktest_rig_power(&rig, true);
	KTEST_EQ(t, rig.halts, 3);
	KTEST_EQ(t, atomic_read(&rig.set_l1s), 2);
	KTEST_EXPECT(t, !rig.halted);
	KTEST_EQ(t, rig.awake, 0);
	ktest_rig_close(t, &rig);
out:
	if (page)
		__free_page(page);
}

static const struct ktest_case cases[] = {
	{ "halts", power_halts },
	{ "off_is_quiet", power_off_is_quiet },
	{ "one_invalidate", power_one_invalidate },
	{ "release_after_invalidate", power_release_after_invalidate },
	{}
};

const struct ktest_suite ktest_power_suite = { "power", cases };
