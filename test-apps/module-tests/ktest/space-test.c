// SPDX-License-Identifier: GPL-2.0-only
/*
 * All 4 GiB of addresses, with one and the same run of pages behind them, so that memory suffices.
 */
#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "rig.h"
#include "suites.h"
#include "walker.h"

/* Two megabytes: an IOMMU before the parent needs but one entry for them. */
#define ORDER 9
#define RUN (4096UL << ORDER)
#define MAX_RUNS (BIT_ULL(32) / RUN)

/* Map until there is no address left. Returns how many were added. */
static unsigned int fill(struct ktest_rig *rig, struct page *pages, dma_addr_t *where)
{
	unsigned int i, added = 0;

	for (i = 0; i < MAX_RUNS; i++) {
		dma_addr_t dma;

		if (where[i] != DMA_MAPPING_ERROR)
			continue;
		dma = dma_map_page_attrs(rig->dev, pages, 0, RUN, DMA_TO_DEVICE,
					 DMA_ATTR_NO_WARN);
		if (dma_mapping_error(rig->dev, dma))
			break;
		where[i] = dma;
		added++;
		cond_resched();
	}
	return added;
}

static void drop(struct ktest_rig *rig, dma_addr_t *where, unsigned int step)
{
	unsigned int i;

	for (i = 0; i < MAX_RUNS; i += step) {
		if (where[i] == DMA_MAPPING_ERROR)
			continue;
		dma_unmap_page(rig->dev, where[i], RUN, DMA_TO_DEVICE);
		where[i] = DMA_MAPPING_ERROR;
		cond_resched();
	}
}

static void expect_filled(struct ktest *t, struct ktest_rig *rig, struct page *pages,
			  const dma_addr_t *where)
{
	unsigned int i;

	for (i = 0; i < MAX_RUNS; i++) {
		if (where[i] == DMA_MAPPING_ERROR)
			continue;
		KTEST_EQ(t, ktest_walk_phys(rig->l1, where[i]), page_to_phys(pages));
		KTEST_EQ(t, ktest_walk_phys(rig->l1, where[i] + RUN - 1),
			 page_to_phys(pages) + RUN - 1);
	}
}

static void space_exhaustion(struct ktest *t)
{
	struct page *pages = alloc_pages(GFP_KERNEL | GFP_DMA32, ORDER);
	dma_addr_t *where = kvmalloc_array(MAX_RUNS, sizeof(*where), GFP_KERNEL);
	unsigned int all, again, i;
	struct ktest_rig rig;
	s64 mapped;

	if (!KTEST_EXPECT(t, pages && where) || !ktest_rig_open(t, &rig, true))
		goto out;
	for (i = 0; i < MAX_RUNS; i++)
		where[i] = DMA_MAPPING_ERROR;

	/* The first page of the space is iommu-dma's own, so the first run cannot be had. */
	all = fill(&rig, pages, where);
	KTEST_EQ(t, all, MAX_RUNS - 1);
	mapped = ktest_mapped(&rig);
	KTEST_EQ(t, mapped, (s64)all << ORDER);
	KTEST_EQ(t, ktest_tables(&rig), 1024);
	expect_filled(t, &rig, pages, where);
	/* It is the addresses that are used up: the platform could have served. */
	KTEST_EQ(t, atomic64_read(&rig.stats.faults), 0);

	drop(&rig, where, 2);
	KTEST_EQ(t, ktest_mapped(&rig), (s64)(all / 2) << ORDER);
	expect_filled(t, &rig, pages, where);
	again = fill(&rig, pages, where);
	KTEST_EQ(t, ktest_mapped(&rig), mapped);
	KTEST_EQ(t, again, all - all / 2);
	expect_filled(t, &rig, pages, where);

	drop(&rig, where, 1);
	KTEST_EQ(t, fill(&rig, pages, where), all);
	drop(&rig, where, 1);
	ktest_rig_close(t, &rig);
out:
	kvfree(where);
	if (pages)
		__free_pages(pages, ORDER);
}

static const struct ktest_case cases[] = {
	{ "exhaustion", space_exhaustion },
	{}
};

const struct ktest_suite ktest_space_suite = { "space", cases };
