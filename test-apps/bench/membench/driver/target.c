// SPDX-License-Identifier: GPL-2.0-only
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <media/vb2-ipu-iommu.h>

#include "target.h"

/* The reach of the IPU3's DMA. */
#define TARGET_DMA_BITS 39

static void target_set_l1(void *hw, dma_addr_t l1)
{
}

static void target_invalidate(void *hw)
{
	struct target *target = hw;

	target->invalidates++;
}

static const struct ipu_mmu_hw_ops target_hw_ops = {
	.set_l1 = target_set_l1,
	.invalidate = target_invalidate,
};

/* None of its registers is touched: it is there for what another IOMMU makes of its addresses. */
static int target_use_function(struct target *target, const char *pci_address)
{
	target->parent = bus_find_device_by_name(&pci_bus_type, NULL, pci_address);
	if (!target->parent)
		return -ENODEV;
	if (target->parent->driver) {
		put_device(target->parent);
		return -EBUSY;
	}
	return 0;
}

static int target_make_parent(struct target *target)
{
	target->fake = platform_device_register_simple("ipu-membench-parent", PLATFORM_DEVID_NONE,
						       NULL, 0);
	if (IS_ERR(target->fake))
		return PTR_ERR(target->fake);
	target->parent = &target->fake->dev;
	/* It has no bus that gives it one. */
	return dma_coerce_mask_and_coherent(target->parent, DMA_BIT_MASK(TARGET_DMA_BITS));
}

static bool target_is_translated(const struct target *target)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(target->parent);

	return domain && domain->type != IOMMU_DOMAIN_IDENTITY;
}

static void target_let_go(struct target *target)
{
	if (!target->fake)
		put_device(target->parent);
	else if (!IS_ERR(target->fake))
		platform_device_unregister(target->fake);
}

/**
 * target_open() - make the device, with power
 * @target: The device.
 * @noncoherent: Whether it looks past the CPU's caches.
 * @pci_address: The PCI function that it is a part of, without a driver; %NULL for something that
 *	stands for one, with no IOMMU before it.
 *
 * Context: Process context.
 * Return: 0; -ENODEV if there is no such function, -EBUSY if it has a driver; what the driver core
 * or vb2_ipu_device_create() said.
 */
int target_open(struct target *target, bool noncoherent, const char *pci_address)
{
	const struct vb2_ipu_device_config config = {
		.name = "membench",
		.mmu_ops = &target_hw_ops,
		.hw = target,
		.noncoherent_tables = noncoherent,
		.noncoherent_buffers = noncoherent,
	};
	int ret;

	target->noncoherent = noncoherent;
	if (pci_address) {
		ret = target_use_function(target, pci_address);
		if (ret)
			return ret;
		ret = dma_set_mask_and_coherent(target->parent, DMA_BIT_MASK(TARGET_DMA_BITS));
	} else {
		ret = target_make_parent(target);
	}
	if (ret)
		goto err_parent;
	target->translated = target_is_translated(target);
	target->vid = vb2_ipu_device_create(target->parent, &config);
	if (IS_ERR(target->vid)) {
		ret = PTR_ERR(target->vid);
		goto err_parent;
	}
	target->dev = vb2_ipu_device_dma_dev(target->vid);
	vb2_ipu_device_resume(target->vid);
	return 0;

err_parent:
	target_let_go(target);
	return ret;
}

/**
 * target_close() - end the device
 * @target: The device, for which nothing is mapped any more.
 *
 * Context: Process context.
 */
void target_close(struct target *target)
{
	vb2_ipu_device_suspend(target->vid);
	vb2_ipu_device_destroy(target->vid);
	target_let_go(target);
}
