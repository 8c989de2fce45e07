// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making and ending: nothing remains.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>

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
	struct ipu_stats stats = {};
	struct ipu_mmu *mmu;
	char name[64];

	mmu = ipu_mmu_create(ktest_parent(), "a/b c%s\n!", NULL, NULL, false, &stats);
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
	if (pages)
		__free_pages(pages, 3);
}

/* With power on, the end leaves the hardware with a translation that leads nowhere. */
static void life_blocked_at_end(struct ktest *t)
{
	struct ktest_rig rig;
	dma_addr_t l1;

	if (!ktest_rig_open(t, &rig, true))
		return;
	l1 = rig.l1;
	ipu_mmu_destroy(rig.mmu);
	KTEST_EXPECT(t, rig.l1 != l1);
	KTEST_EQ(t, atomic_read(&rig.set_l1s), 2);
	KTEST_EQ(t, ktest_invalidates(&rig), 2);
}

static const struct ktest_case cases[] = {
	{ "again_and_again", life_again_and_again },
	{ "name", life_name },
	{ "with_mappings", life_with_mappings },
	{ "blocked_at_end", life_blocked_at_end },
	{}
};

const struct ktest_suite ktest_life_suite = { "life", cases };
