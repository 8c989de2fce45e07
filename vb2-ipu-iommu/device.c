// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making and ending a device. The end comes with the driver's unbind, which may be earlier than the
 * end of its buffers: a process may hold one open as a dma-buf or have it mapped. Then the memory
 * stays, and only what ties it to the device is undone.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <media/vb2-ipu-iommu.h>

#include "buffer.h"
#include "debugfs.h"
#include "device.h"
#include "hibernation.h"
#include "ipu-mmu.h"

/* Covers the list of devices. Innermost: no other lock is taken within it. */
static DEFINE_MUTEX(devices_lock);
static LIST_HEAD(devices);

/**
 * vb2_ipu_device_find() - the device that a queue's dev stands for
 * @dma_dev: What vb2_ipu_device_dma_dev() returned to the driver.
 *
 * Context: Process context.
 * Return: The device with a reference for the caller to put, or %NULL.
 */
struct vb2_ipu_device *vb2_ipu_device_find(struct device *dma_dev)
{
	struct vb2_ipu_device *vid, *found = NULL;

	mutex_lock(&devices_lock);
	list_for_each_entry(vid, &devices, node) {
		if (vid->dma_dev != dma_dev)
			continue;
		kref_get(&vid->ref);
		found = vid;
		break;
	}
	mutex_unlock(&devices_lock);
	return found;
}

static void vb2_ipu_device_free(struct kref *ref)
{
	struct vb2_ipu_device *vid = container_of(ref, struct vb2_ipu_device, ref);

	put_device(vid->parent);
	mutex_destroy(&vid->lock);
	kfree(vid);
}

/**
 * vb2_ipu_device_put() - give back a reference
 * @vid: The device.
 *
 * Context: Process context.
 */
void vb2_ipu_device_put(struct vb2_ipu_device *vid)
{
	kref_put(&vid->ref, vb2_ipu_device_free);
}

/**
 * vb2_ipu_device_create() - let the backend serve a PCI function
 * @parent: The PCI function, with its DMA mask set.
 * @config: What the backend must know of it; not used after the call, but for what it points to.
 *
 * With an MMU this registers an IOMMU and a translated device behind it, whose default domain is a
 * DMA domain. The hardware is not touched before vb2_ipu_device_resume().
 *
 * Context: Process context, the driver's probe.
 * Return: The device, to be ended by vb2_ipu_device_destroy(); an ERR_PTR otherwise: -EINVAL for a
 * parent without a DMA mask, -ENOMEM, or what the IOMMU core or the driver core said.
 */
struct vb2_ipu_device *vb2_ipu_device_create(struct device *parent,
					     const struct vb2_ipu_device_config *config)
{
	struct vb2_ipu_device *vid;
	int ret;

	if (!parent->dma_mask || !dma_get_mask(parent))
		return ERR_PTR(-EINVAL);

	vid = kzalloc(sizeof(*vid), GFP_KERNEL);
	if (!vid)
		return ERR_PTR(-ENOMEM);
	vid->parent = get_device(parent);
	vid->noncoherent = config->noncoherent;
	kref_init(&vid->ref);
	mutex_init(&vid->lock);
	INIT_LIST_HEAD(&vid->buffers);

	if (config->mmu_ops) {
		vid->mmu = ipu_mmu_create(parent, config->name, config->mmu_ops, config->hw,
					  config->noncoherent, &vid->stats);
		if (IS_ERR(vid->mmu)) {
			ret = PTR_ERR(vid->mmu);
			goto err_put;
		}
		vid->dma_dev = ipu_mmu_translated_device(vid->mmu);
	} else {
		vid->dma_dev = parent;
	}
	/* Adjacent runs become one segment, whatever its size. */
	dma_set_max_seg_size(vid->dma_dev, UINT_MAX);

	vid->live = true;
	ipu_debugfs_add(vid, config->name);
	mutex_lock(&devices_lock);
	list_add_tail(&vid->node, &devices);
	mutex_unlock(&devices_lock);
	return vid;

err_put:
	vb2_ipu_device_put(vid);
	return ERR_PTR(ret);
}
EXPORT_SYMBOL_GPL(vb2_ipu_device_create);

/**
 * vb2_ipu_device_destroy() - the driver is about to be unbound
 * @vid: The device.
 *
 * The driver has stopped its DMA and has freed its internal buffers. Buffers of video nodes may
 * live on; the device can no longer reach them when this returns.
 *
 * Context: Process context, the driver's remove. Takes &vb2_ipu_device.lock.
 */
void vb2_ipu_device_destroy(struct vb2_ipu_device *vid)
{
	mutex_lock(&devices_lock);
	list_del(&vid->node);
	mutex_unlock(&devices_lock);
	ipu_debugfs_remove(vid);

	mutex_lock(&vid->lock);
	vid->live = false;
	ipu_buffers_disconnect(vid);
	mutex_unlock(&vid->lock);

	if (vid->mmu)
		ipu_mmu_destroy(vid->mmu);
	vid->mmu = NULL;
	vb2_ipu_device_put(vid);
}
EXPORT_SYMBOL_GPL(vb2_ipu_device_destroy);

/**
 * vb2_ipu_device_dma_dev() - what to put into &vb2_queue.dev
 * @vid: The device.
 *
 * Return: The device that DMA is mapped for; valid until vb2_ipu_device_destroy().
 */
struct device *vb2_ipu_device_dma_dev(struct vb2_ipu_device *vid)
{
	return vid->dma_dev;
}
EXPORT_SYMBOL_GPL(vb2_ipu_device_dma_dev);

/**
 * vb2_ipu_device_resume() - the device has power, and its registers can be accessed
 * @vid: The device.
 *
 * Restores the MMU's state, and memory's after hibernation. So it comes before any DMA, whether the
 * device has an MMU or not, and in all of the driver's ways to power: runtime resume, system
 * resume, thaw and restore.
 *
 * Context: Any, but with interrupts on in the callbacks of a system sleep; calls the driver's
 * &struct ipu_mmu_hw_ops.
 */
void vb2_ipu_device_resume(struct vb2_ipu_device *vid)
{
	if (vid->noncoherent)
		ipu_hibernation_flush();
	if (vid->mmu)
		ipu_mmu_power_on(vid->mmu);
}
EXPORT_SYMBOL_GPL(vb2_ipu_device_resume);

/**
 * vb2_ipu_device_suspend() - the device is about to lose power
 * @vid: The device. Its DMA has stopped.
 *
 * No register is accessed for the MMU from now on. Memory is made ready for a hibernation's image,
 * so this is called in the driver's freeze as well, whether the device has an MMU or not.
 *
 * Context: Any, but with interrupts on in the callbacks of a system sleep.
 */
void vb2_ipu_device_suspend(struct vb2_ipu_device *vid)
{
	if (vid->mmu)
		ipu_mmu_power_off(vid->mmu);
	if (vid->noncoherent)
		ipu_hibernation_flush();
}
EXPORT_SYMBOL_GPL(vb2_ipu_device_suspend);
