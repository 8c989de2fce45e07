// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making and ending: nothing remains.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <media/vb2-ipu-iommu.h>

#include "parent.h"
#include "rig.h"
#include "suites.h"
#include "walker.h"

static struct device *find_translated(const char *name)
{
	return bus_find_device_by_name(&platform_bus_type, NULL, name);
}

static void life_again_and_again(struct ktest *t)
{
	struct ktest_rig rig;
	struct module *owner;
	struct device *dev;
	char name[64];
	int before, i;

	if (!ktest_rig_open(t, &rig, true))
		return;
	owner = rig.dev->iommu->iommu_dev->ops->owner;
	KTEST_EXPECT(t, owner && owner != THIS_MODULE);
	strscpy(name, dev_name(rig.dev), sizeof(name));
	before = owner ? module_refcount(owner) : 0;
	dev = find_translated(name);
	KTEST_EXPECT(t, dev == rig.dev);
	put_device(dev);
	ktest_rig_close(t, &rig);
	if (!owner)
		return;
	/* The core held one reference for the device. */
	KTEST_EQ(t, module_refcount(owner), before - 1);
	KTEST_EXPECT(t, !find_translated(name));

	for (i = 0; i < 50 && !t->failed; i++) {
		if (!ktest_rig_open(t, &rig, i % 2))
			return;
		ktest_rig_close(t, &rig);
	}
	KTEST_EQ(t, module_refcount(owner), before - 1);
}

static void life_name(struct ktest *t)
{
	const struct vb2_ipu_device_config config = { .name = "a/b c%s\n!" };
	struct ipu_stats stats = {};
	struct ipu_mmu *mmu;
	char name[64];

	mmu = ipu_mmu_create(ktest_parent(), &config, &stats);
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(mmu), 0))
		return;
	snprintf(name, sizeof(name), "a_b_c_s__.%s", dev_name(ktest_parent()));
	KTEST_EQ(t, strcmp(dev_name(ipu_mmu_translated_device(mmu)), name), 0);
	ipu_mmu_destroy(mmu);
}

/*
 * A device that ends with something mapped is its driver's mistake; what is left is freed with the
 * domain.
 */
static void life_with_mappings(struct ktest *t)
{
	struct page *pages = alloc_pages(GFP_KERNEL | GFP_DMA32, 3);
	struct iommu_domain *domain = ktest_parent_domain();
	dma_addr_t dma = 0;
	struct ktest_rig rig;

	if (!KTEST_EXPECT(t, pages) || !ktest_rig_open(t, &rig, true))
		goto out;
	KTEST_EQ(t,
		 iommu_map(rig.domain, 0x3fe000, page_to_phys(pages), 8 * 4096, KTEST_PROT,
			   GFP_KERNEL),
		 0);
	KTEST_EQ(t,
		 iommu_map(rig.domain, 0x80000000, page_to_phys(pages), 4096, KTEST_PROT,
			   GFP_KERNEL),
		 0);
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x3ff000, 4096), 4096);
	KTEST_EQ(t, ktest_walk(rig.l1, 0x3fe000, &dma), 0);
	ktest_rig_power(&rig, false);
	ipu_mmu_destroy(rig.mmu);
	KTEST_EQ(t, ktest_mapped(&rig), 0);
	KTEST_EQ(t, ktest_tables(&rig), 0);
	if (domain)
		KTEST_EQ(t, iommu_iova_to_phys(domain, dma), 0);
out:
	/* The core's counts of what is mapped where do not end with a domain: no free for these. */
	if (pages && !IS_ENABLED(CONFIG_IOMMU_DEBUG_PAGEALLOC))
		__free_pages(pages, 3);
}

/* A PCI function may have several MMUs, as the IPU6's has two; their names tell them apart. */
static void life_two_of_one_parent(struct ktest *t)
{
	struct ipu_mmu *mmus[2] = {};
	struct ipu_stats stats = {};
	unsigned int i;

	for (i = 0; i < 2; i++) {
		const struct vb2_ipu_device_config config = { .name = i ? "second" : "first" };

		mmus[i] = ipu_mmu_create(ktest_parent(), &config, &stats);
		if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(mmus[i]), 0))
			mmus[i] = NULL;
	}
	while (i--)
		if (mmus[i])
			ipu_mmu_destroy(mmus[i]);
}

/* An MMU that translates fewer bits than two levels have (the IPU6's: 31). */
static void life_address_bits(struct ktest *t)
{
	struct page *page = alloc_page(GFP_KERNEL | GFP_DMA32);
	struct vb2_ipu_device_config config = { .name = "short", .address_bits = 31 };
	struct iommu_domain *domain;
	struct ipu_stats stats = {};
	struct ipu_mmu *mmu;
	struct device *dev;
	dma_addr_t dma;

	if (!KTEST_EXPECT(t, page))
		return;
	mmu = ipu_mmu_create(ktest_parent(), &config, &stats);
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(mmu), 0))
		goto out;
	dev = ipu_mmu_translated_device(mmu);
	domain = iommu_get_domain_for_dev(dev);
	KTEST_EQ(t, domain->geometry.aperture_end, BIT(31) - 1);
	dma = dma_map_page(dev, page, 0, PAGE_SIZE, DMA_FROM_DEVICE);
	if (KTEST_EXPECT(t, !dma_mapping_error(dev, dma))) {
		KTEST_EXPECT(t, dma < BIT(31));
		dma_unmap_page(dev, dma, PAGE_SIZE, DMA_FROM_DEVICE);
	}
	KTEST_EXPECT(t, iommu_map(domain, BIT(31), page_to_phys(page), PAGE_SIZE, KTEST_PROT,
				  GFP_KERNEL) < 0);
	ipu_mmu_destroy(mmu);
	config.address_bits = 33;
	KTEST_EQ(t, PTR_ERR(ipu_mmu_create(ktest_parent(), &config, &stats)), -EINVAL);
out:
	__free_page(page);
}

static const struct ktest_case cases[] = {
	{ "again_and_again", life_again_and_again },
	{ "name", life_name },
	{ "with_mappings", life_with_mappings },
	{ "two_of_one_parent", life_two_of_one_parent },
	{ "address_bits", life_address_bits },
	{}
};

const struct ktest_suite ktest_life_suite = { "life", cases };
