// SPDX-License-Identifier: GPL-2.0-only
/*
 * The DMA API on the translated device, as the memory backend uses it.
 */
#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "dma-address.h"
#include "parent.h"
#include "rig.h"
#include "suites.h"
#include "walker.h"

static void dma_device(struct ktest *t)
{
	struct ktest_rig rig;

	if (!ktest_rig_open(t, &rig, true))
		return;
	KTEST_EQ(t, rig.domain->type, IOMMU_DOMAIN_DMA);
	KTEST_EQ(t, dma_get_mask(rig.dev), DMA_BIT_MASK(32));
	KTEST_EQ(t, rig.dev->coherent_dma_mask, DMA_BIT_MASK(32));
	KTEST_EQ(t, rig.domain->geometry.aperture_start, 0);
	KTEST_EQ(t, rig.domain->geometry.aperture_end, DMA_BIT_MASK(32));
	KTEST_EXPECT(t, rig.domain->geometry.force_aperture);
	KTEST_EXPECT(t, rig.dev->parent == ktest_parent());
	KTEST_EXPECT(t, !device_iommu_capable(rig.dev, IOMMU_CAP_DEFERRED_FLUSH));
	KTEST_EXPECT(t, !device_iommu_capable(rig.dev, IOMMU_CAP_CACHE_COHERENCY));
	ktest_rig_close(t, &rig);
	if (!ktest_rig_open(t, &rig, false))
		return;
	KTEST_EXPECT(t, device_iommu_capable(rig.dev, IOMMU_CAP_CACHE_COHERENCY));
	ktest_rig_close(t, &rig);
}

static void dma_single_page(struct ktest *t)
{
	struct page *page = alloc_page(GFP_KERNEL | GFP_DMA32);
	struct ktest_rig rig;
	dma_addr_t dma;
	int before;

	if (!KTEST_EXPECT(t, page) || !ktest_rig_open(t, &rig, true))
		goto out;
	/* So that it is not taken for the page of zeroes. */
	memset(page_address(page), 0xa5, 4096);
	before = ktest_invalidates(&rig);
	dma = dma_map_page(rig.dev, page, 0x100, 0x200, DMA_FROM_DEVICE);
	if (KTEST_EXPECT(t, !dma_mapping_error(rig.dev, dma))) {
		KTEST_EQ(t, ktest_invalidates(&rig) - before, 1);
		KTEST_EQ(t, ktest_walk_phys(rig.l1, dma), page_to_phys(page) + 0x100);
		KTEST_EQ(t, ipu_dma_to_phys(rig.dev, dma), page_to_phys(page) + 0x100);
		KTEST_EQ(t, ipu_dma_to_phys(rig.dev, dma + 0x1ff), page_to_phys(page) + 0x2ff);
		dma_unmap_page(rig.dev, dma, 0x200, DMA_FROM_DEVICE);
		KTEST_EQ(t, ktest_invalidates(&rig) - before, 2);
		KTEST_EQ(t, ipu_dma_to_phys(rig.dev, dma), 0);
		KTEST_EXPECT(t, ktest_reads_zeroes(rig.l1, dma));
	}
	ktest_rig_close(t, &rig);
out:
	if (page)
		__free_page(page);
}

/* What a camera's buffer is: many runs, one range of addresses, one invalidation each way. */
static void dma_noncontiguous(struct ktest *t)
{
	const size_t size = 8 << 20;
	struct ktest_rig rig;
	struct sg_table *sgt;
	struct scatterlist *sg;
	unsigned int i;
	dma_addr_t dma;
	int before;

	if (!ktest_rig_open(t, &rig, true))
		return;
	before = ktest_invalidates(&rig);
	sgt = dma_alloc_noncontiguous(rig.dev, size, DMA_BIDIRECTIONAL, GFP_KERNEL, 0);
	if (KTEST_EXPECT(t, sgt)) {
		KTEST_EQ(t, ktest_invalidates(&rig) - before, 1);
		KTEST_EQ(t, sgt->nents, 1);
		KTEST_EQ(t, sg_dma_len(sgt->sgl), size);
		KTEST_EQ(t, ktest_mapped(&rig), size / 4096);
		dma = sg_dma_address(sgt->sgl);
		for_each_sgtable_sg(sgt, sg, i) {
			KTEST_EQ(t, ktest_walk_phys(rig.l1, dma), sg_phys(sg));
			KTEST_EQ(t, ktest_walk_phys(rig.l1, dma + sg->length - 1),
				 sg_phys(sg) + sg->length - 1);
			dma += sg->length;
		}
		before = ktest_invalidates(&rig);
		dma_free_noncontiguous(rig.dev, size, sgt, DMA_BIDIRECTIONAL);
		KTEST_EQ(t, ktest_invalidates(&rig) - before, 1);
	}
	ktest_rig_close(t, &rig);
}

static void dma_sgtable(struct ktest *t)
{
	enum { PAGES = 3000 };
	struct page **pages;
	struct sg_table sgt;
	struct ktest_rig rig;
	unsigned int i, got;
	int before;

	pages = kvcalloc(PAGES, sizeof(*pages), GFP_KERNEL);
	if (!KTEST_EXPECT(t, pages))
		return;
	for (got = 0; got < PAGES; got++) {
		pages[got] = alloc_page(GFP_KERNEL | GFP_DMA32);
		if (!KTEST_EXPECT(t, pages[got]))
			goto out;
	}
	/* Neighbours in memory no longer are neighbours. */
	for (i = 0; i + 1 < PAGES; i += 2)
		swap(pages[i], pages[i + 1]);
	if (!KTEST_EQ(t, sg_alloc_table_from_pages(&sgt, pages, PAGES, 0, PAGES * 4096, GFP_KERNEL),
		      0))
		goto out;
	if (ktest_rig_open(t, &rig, true)) {
		dma_set_max_seg_size(rig.dev, UINT_MAX);
		before = ktest_invalidates(&rig);
		if (KTEST_EQ(t, dma_map_sgtable(rig.dev, &sgt, DMA_TO_DEVICE, 0), 0)) {
			KTEST_EQ(t, ktest_invalidates(&rig) - before, 1);
			KTEST_EQ(t, sgt.nents, 1);
			for (i = 0; i < PAGES; i++)
				KTEST_EQ(t,
					 ktest_walk_phys(rig.l1,
							 sg_dma_address(sgt.sgl) + i * 4096),
					 page_to_phys(pages[i]));
			before = ktest_invalidates(&rig);
			dma_unmap_sgtable(rig.dev, &sgt, DMA_TO_DEVICE, 0);
			KTEST_EQ(t, ktest_invalidates(&rig) - before, 1);
		}
		ktest_rig_close(t, &rig);
	}
	sg_free_table(&sgt);
out:
	while (got--)
		__free_page(pages[got]);
	kvfree(pages);
}

static const struct ktest_case cases[] = {
	{ "device", dma_device },
	{ "single_page", dma_single_page },
	{ "noncontiguous", dma_noncontiguous },
	{ "sgtable", dma_sgtable },
	{}
};

const struct ktest_suite ktest_dma_suite = { "dma", cases };
