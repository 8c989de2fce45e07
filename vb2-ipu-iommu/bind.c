// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a driver calls when it is bound and unbound, and when its device gets and loses power. The
 * end comes with the driver's unbind, which may be earlier than the end of its buffers: a process
 * may hold one open as a dma-buf or have it mapped. Then the memory stays, and only what ties it to
 * the device is undone.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <media/vb2-ipu-iommu.h>

#include "buffer.h"
#include "debugfs.h"
#include "device.h"
#include "hibernation.h"
#include "ipu-mmu.h"
#include "sync.h"

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
 * parent without a DMA mask or for more than 32 address bits, -ENOMEM, or what the IOMMU core or
 * the driver core said.
 */
struct vb2_ipu_device *vb2_ipu_device_create(struct device *parent,
					     const struct vb2_ipu_device_config *config)
{
	struct vb2_ipu_device *vid;
	int ret;

	if (!parent->dma_mask || !dma_get_mask(parent))
		return ERR_PTR(-EINVAL);

	vid = ipu_device_new(parent);
	if (!vid)
		return ERR_PTR(-ENOMEM);
	vid->noncoherent = config->noncoherent_buffers;
	vid->noncoherent_tables = config->mmu_ops && config->noncoherent_tables;
	vid->below_4g = config->below_4g;
	vid->allocates = ipu_ddio();

	if (config->mmu_ops) {
		vid->mmu = ipu_mmu_create(parent, config, &vid->stats);
		if (IS_ERR(vid->mmu)) {
			ret = PTR_ERR(vid->mmu);
			goto err_put;
		}
		vid->dma_dev = ipu_mmu_translated_device(vid->mmu);
		vid->guard = ipu_mmu_guard(vid->mmu);
	} else {
		vid->dma_dev = parent;
	}
	/* Adjacent runs become one segment, whatever its size. */
	dma_set_max_seg_size(vid->dma_dev, UINT_MAX);

	ipu_debugfs_add(vid, config->name);
	ipu_device_publish(vid);
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
 * live on; the device can no longer reach them when this returns. A dma-buf that is just being
 * mapped for the device is waited for, however long its exporter takes.
 *
 * Context: Process context, the driver's remove. Takes &vb2_ipu_device.lock.
 */
void vb2_ipu_device_destroy(struct vb2_ipu_device *vid)
{
	ipu_device_withdraw(vid);
	ipu_debugfs_remove(vid);

	mutex_lock(&vid->lock);
	vid->live = false;
	while (vid->calls) {
		mutex_unlock(&vid->lock);
		ipu_buffers_await_exporters(vid);
		mutex_lock(&vid->lock);
	}
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
 * Context: Process context; calls the driver's &struct ipu_mmu_hw_ops.
 * Return: 0, always so without an MMU; what &ipu_mmu_hw_ops.halt returned: then the MMU is as good
 * as without power, no DMA must begin, and there is nothing to suspend.
 */
int vb2_ipu_device_resume(struct vb2_ipu_device *vid)
{
	if (vid->noncoherent || vid->noncoherent_tables)
		ipu_hibernation_flush();
	return vid->mmu ? ipu_mmu_power_on(vid->mmu) : 0;
}
EXPORT_SYMBOL_GPL(vb2_ipu_device_resume);

/**
 * vb2_ipu_device_suspend() - the device is about to lose power
 * @vid: The device. Its DMA has stopped.
 *
 * No register is accessed for the MMU from now on. Memory is made ready for a hibernation's image,
 * so this is called in the driver's freeze as well, whether the device has an MMU or not.
 *
 * Context: Process context.
 */
void vb2_ipu_device_suspend(struct vb2_ipu_device *vid)
{
	if (vid->mmu)
		ipu_mmu_power_off(vid->mmu);
	if (vid->noncoherent || vid->noncoherent_tables)
		ipu_hibernation_flush();
}
EXPORT_SYMBOL_GPL(vb2_ipu_device_suspend);
