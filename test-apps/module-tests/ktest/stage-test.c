// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is particular to a parent behind another IOMMU: entries hold its addresses, which are not
 * physical ones.
 */
#include <linux/gfp.h>
#include <linux/mm.h>

#include "dma-address.h"
#include "parent.h"
#include "rig.h"
#include "suites.h"
#include "walker.h"

#define ORDER 4
#define RUN (4096UL << ORDER)

static void stage_addresses(struct ktest *t)
{
	struct page *pages = alloc_pages(GFP_KERNEL | GFP_DMA32, ORDER);
	struct iommu_domain *domain = ktest_parent_domain();
	dma_addr_t dma = 0, table = 0, again = 0;
	struct ktest_rig rig;

	if (!KTEST_EXPECT(t, pages) || !ktest_rig_open(t, &rig, true))
		goto out;
	KTEST_EQ(t, iommu_map(rig.domain, 0x5000, page_to_phys(pages), RUN, KTEST_PROT, GFP_KERNEL),
		 0);
	KTEST_EQ(t,
		 iommu_map(rig.domain, 0x405000, page_to_phys(pages), RUN, IOMMU_READ, GFP_KERNEL),
		 0);
	KTEST_EQ(t, ktest_walk(rig.l1, 0x5000, &dma), 0);
	KTEST_EQ(t, ktest_walk(rig.l1, 0x405000, &again), 0);
	KTEST_EQ(t, ktest_walk_table(rig.l1, 0x5000, &table), 0);
	KTEST_EQ(t, ipu_dma_to_phys(ktest_parent(), dma), page_to_phys(pages));
	KTEST_EQ(t, ipu_dma_to_phys(rig.dev, 0x5678), page_to_phys(pages) + 0x678);
	if (!domain) {
		KTEST_EQ(t, dma, page_to_phys(pages));
		KTEST_EQ(t, again, dma);
		goto unmap;
	}
	KTEST_EXPECT(t, dma != page_to_phys(pages));
	KTEST_EXPECT(t, again != dma);
	KTEST_EXPECT(t, iommu_iova_to_phys(domain, table));
	KTEST_EXPECT(t, iommu_iova_to_phys(domain, rig.l1));
unmap:
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x405000, RUN), RUN);
	KTEST_EQ(t, ipu_dma_to_phys(ktest_parent(), dma), page_to_phys(pages));
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x5000, RUN), RUN);
	if (domain) {
		KTEST_EQ(t, ipu_dma_to_phys(ktest_parent(), dma), 0);
		KTEST_EQ(t, ipu_dma_to_phys(ktest_parent(), again), 0);
		KTEST_EQ(t, ipu_dma_to_phys(ktest_parent(), table), 0);
	}
	ktest_rig_close(t, &rig);
out:
	if (pages)
		__free_pages(pages, ORDER);
}

/* A run that is unmapped in parts, between which its addresses serve another one. */
static void stage_parts(struct ktest *t)
{
	struct page *pages = alloc_pages(GFP_KERNEL | GFP_DMA32, ORDER);
	struct iommu_domain *domain = ktest_parent_domain();
	dma_addr_t dma = 0, other = 0;
	struct ktest_rig rig;

	if (!KTEST_EXPECT(t, pages) || !ktest_rig_open(t, &rig, true))
		goto out;
	KTEST_EQ(t,
		 iommu_map(rig.domain, 0x3f8000, page_to_phys(pages), RUN, KTEST_PROT, GFP_KERNEL),
		 0);
	KTEST_EQ(t, ktest_walk(rig.l1, 0x3f8000, &dma), 0);
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x3f8000, RUN / 2), RUN / 2);
	KTEST_EQ(t,
		 iommu_map(rig.domain, 0x3f8000, page_to_phys(pages), RUN / 2, KTEST_PROT,
			   GFP_KERNEL),
		 0);
	KTEST_EQ(t, ktest_walk(rig.l1, 0x3f8000, &other), 0);
	/* The first run is still there, all of it. */
	KTEST_EQ(t, ktest_walk_phys(rig.l1, 0x3f8000 + RUN / 2), page_to_phys(pages) + RUN / 2);
	KTEST_EQ(t, ipu_dma_to_phys(ktest_parent(), dma), page_to_phys(pages));
	/* One call takes away the second run and what was left of the first. */
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x3f8000, RUN), RUN);
	if (domain) {
		KTEST_EXPECT(t, other != dma);
		KTEST_EQ(t, ipu_dma_to_phys(ktest_parent(), dma), 0);
		KTEST_EQ(t, ipu_dma_to_phys(ktest_parent(), other), 0);
	}
	ktest_rig_close(t, &rig);
out:
	if (pages)
		__free_pages(pages, ORDER);
}

static const struct ktest_case cases[] = {
	{ "addresses", stage_addresses },
	{ "parts", stage_parts },
	{}
};

const struct ktest_suite ktest_stage_suite = { "stage", cases };
