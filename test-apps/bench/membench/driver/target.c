// SPDX-License-Identifier: GPL-2.0-only
#include <linux/dma-mapping.h>
#include <linux/err.h>
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

/**
 * target_open() - make the device, with power
 * @target: The device.
 * @noncoherent: Whether it looks past the CPU's caches.
 *
 * Context: Process context.
 * Return: 0, or what the driver core or vb2_ipu_device_create() said.
 */
int target_open(struct target *target, bool noncoherent)
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
	target->parent = platform_device_register_simple("ipu-membench-parent", PLATFORM_DEVID_NONE,
							 NULL, 0);
	if (IS_ERR(target->parent))
		return PTR_ERR(target->parent);
	ret = dma_coerce_mask_and_coherent(&target->parent->dev, DMA_BIT_MASK(TARGET_DMA_BITS));
	if (ret)
		goto err_parent;
	target->vid = vb2_ipu_device_create(&target->parent->dev, &config);
	if (IS_ERR(target->vid)) {
		ret = PTR_ERR(target->vid);
		goto err_parent;
	}
	target->dev = vb2_ipu_device_dma_dev(target->vid);
	vb2_ipu_device_resume(target->vid);
	return 0;

err_parent:
	platform_device_unregister(target->parent);
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
	platform_device_unregister(target->parent);
}
