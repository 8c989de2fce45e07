// SPDX-License-Identifier: GPL-2.0-only
/*
 * What all kinds of buffers share: their life, and the tie to the device.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "buffer.h"
#include "compat.h"
#include "device.h"
#include "dma-address.h"
#include "ipu-mmu-domain.h"
#include "trace.h"

/* The backend syncs by itself; a buffer may be mapped for several devices. */
#define IPU_BUFFER_DMA_ATTRS (DMA_ATTR_SKIP_CPU_SYNC | IPU_DMA_ATTR_SHARED_LINES)

/* Found out at the end, it would first have filled the system's memory. */
static bool ipu_device_has_room(struct vb2_ipu_device *vid, size_t size)
{
	bool room;

	mutex_lock(&vid->lock);
	room = !vid->live || size - 1 <= dma_get_mask(vid->dma_dev);
	mutex_unlock(&vid->lock);
	return room;
}

/**
 * ipu_buffer_new() - start a buffer
 * @dma_dev: The queue's device.
 * @ops: What the kind of memory does.
 * @vb: The vb2 buffer, or %NULL.
 * @dir: What the device will do.
 * @size: Bytes.
 *
 * Context: Process context.
 * Return: A buffer with one reference and no memory; an ERR_PTR: -EINVAL for size 0, -ENODEV when
 * no driver has made @dma_dev known (or it is gone), -ENOMEM, also for more than all of the
 * device's addresses.
 */
struct ipu_buffer *ipu_buffer_new(struct device *dma_dev, const struct ipu_buffer_ops *ops,
				  struct vb2_buffer *vb, enum dma_data_direction dir, size_t size)
{
	struct vb2_ipu_device *vid;
	struct ipu_buffer *buf;

	if (!size || PAGE_ALIGN(size) < size)
		return ERR_PTR(-EINVAL);
	vid = vb2_ipu_device_find(dma_dev);
	if (!vid)
		return ERR_PTR(-ENODEV);
	buf = ipu_device_has_room(vid, size) ?
		      kzalloc(ops->object_size, GFP_KERNEL | (vb ? __GFP_ACCOUNT : 0)) : NULL;
	if (!buf) {
		vb2_ipu_device_put(vid);
		return ERR_PTR(-ENOMEM);
	}
	buf->ops = ops;
	buf->vid = vid;
	buf->vb = vb;
	buf->internal = !vb;
	buf->dir = dir;
	buf->size = size;
	buf->state = buf;
	buf->bypassed = vid->noncoherent;
	refcount_set(&buf->ref, 1);
	mutex_init(&buf->sync_lock);
	ipu_coherency_init(&buf->coherency, size);

	mutex_lock(&vid->lock);
	list_add_tail(&buf->node, &vid->buffers);
	mutex_unlock(&vid->lock);
	atomic64_inc(&vid->stats.buffers);
	atomic64_add(size, &vid->stats.bytes);
	if (buf->internal) {
		atomic64_inc(&vid->stats.internal_buffers);
		atomic64_add(size, &vid->stats.internal_bytes);
	}
	return buf;
}

/**
 * ipu_buffer_free() - end a buffer whose memory is gone
 * @buf: The buffer.
 *
 * Context: Process context. Takes &vb2_ipu_device.lock.
 */
void ipu_buffer_free(struct ipu_buffer *buf)
{
	struct vb2_ipu_device *vid = buf->vid;

	mutex_lock(&vid->lock);
	list_del(&buf->node);
	/* Nobody's memory is kept for a device that nobody uses. */
	if (list_empty(&vid->buffers) && vid->live && vid->mmu)
		ipu_domain_drop_kept(vid->mmu);
	mutex_unlock(&vid->lock);
	atomic64_dec(&vid->stats.buffers);
	atomic64_sub(buf->size, &vid->stats.bytes);
	if (buf->internal) {
		atomic64_dec(&vid->stats.internal_buffers);
		atomic64_sub(buf->size, &vid->stats.internal_bytes);
	}
	mutex_destroy(&buf->sync_lock);
	kfree(buf);
	vb2_ipu_device_put(vid);
}

/* Whether the device's addresses of each run lead to its very pages. */
static bool ipu_mapping_is_direct(struct device *dev, struct sg_table *sgt)
{
	struct scatterlist *sg, *dma_sg = sgt->sgl;
	size_t offset = 0; /* in the device's segment, which may be several runs */
	unsigned int i;

	for_each_sgtable_sg(sgt, sg, i) {
		if (offset >= sg_dma_len(dma_sg)) {
			dma_sg = sg_next(dma_sg);
			offset = 0;
		}
		if (ipu_dma_to_phys(dev, sg_dma_address(dma_sg) + offset) != sg_phys(sg))
			return false;
		offset += sg->length;
	}
	return true;
}

/**
 * ipu_buffer_mapped_size() - how much of the device's addresses a buffer takes at most
 * @buf: The buffer.
 *
 * Context: Any.
 * Return: Bytes, whole pages; with the guard, which another exporter's memory lacks.
 */
size_t ipu_buffer_mapped_size(const struct ipu_buffer *buf)
{
	return PAGE_ALIGN(buf->offset + buf->size) + (buf->vid->guard ? PAGE_SIZE : 0);
}

/**
 * ipu_buffer_has_addresses() - whether there can be a range of addresses for a buffer
 * @buf: The buffer, for which no memory is allocated yet.
 *
 * Of addresses that are all free. iommu-dma aligns a range to its size, rounded up to a power of
 * two, and never gives the first page: of an MMU's 4 GiB, one has a half at most.
 *
 * Context: Process context. Takes &vb2_ipu_device.lock.
 * Return: False if there never can be one.
 */
bool ipu_buffer_has_addresses(const struct ipu_buffer *buf)
{
	struct vb2_ipu_device *vid = buf->vid;
	bool has = true;

	mutex_lock(&vid->lock);
	if (vid->live && vid->mmu)
		has = roundup_pow_of_two(ipu_buffer_mapped_size(buf)) - 1 <
		      dma_get_mask(vid->dma_dev);
	mutex_unlock(&vid->lock);
	return has;
}

/**
 * ipu_buffer_check_mapping() - whether the device's view of a buffer is what the backend promises
 * @buf: The buffer.
 * @sgt: Its memory, mapped for the device.
 *
 * A device with an MMU sees one contiguous range. No device is served through bounce buffers: the
 * platform would copy behind the back of whoever keeps the caches right.
 *
 * Context: Process context, within &vb2_ipu_device.lock.
 * Return: 0; -EIO when the platform bounces; -EFAULT when the range has holes or is too short.
 */
int ipu_buffer_check_mapping(struct ipu_buffer *buf, struct sg_table *sgt)
{
	struct vb2_ipu_device *vid = buf->vid;
	dma_addr_t next = sg_dma_address(sgt->sgl);
	struct scatterlist *sg;
	size_t length = 0;
	unsigned int i;

	for_each_sgtable_dma_sg(sgt, sg, i) {
		if (vid->mmu && sg_dma_address(sg) != next)
			break;
		next = sg_dma_address(sg) + sg_dma_len(sg);
		length += sg_dma_len(sg);
	}
	if (length < buf->size) {
		dev_err_ratelimited(vid->parent,
				    "buffer: %zu of %zu bytes are contiguous for the device\n",
				    length, buf->size);
		atomic64_inc(&vid->stats.faults);
		return -EFAULT;
	}
	/*
	 * Only the backend's own pages can be told from a bounce buffer. Behind the MMU there are
	 * none: iommu-dma bounces for untrusted PCI functions only, and what the MMU's entries
	 * hold was looked at when they were made.
	 */
	if (!vid->mmu && buf->pages && !ipu_mapping_is_direct(vid->dma_dev, sgt)) {
		dev_err_ratelimited(vid->parent,
				    "buffer: the platform bounces DMA (swiotlb); not supported\n");
		atomic64_inc(&vid->stats.faults);
		return -EIO;
	}
	return 0;
}

/**
 * ipu_buffer_connect() - let the device reach a buffer's pages
 * @buf: The buffer, with its @sgt made.
 *
 * Context: Process context. Takes &vb2_ipu_device.lock.
 * Return: 0; -ENODEV when the device is gone; -ENOMEM when its address space is full; see also
 * ipu_plane_map(), ipu_dma_map_sgtable() and ipu_buffer_check_mapping().
 */
int ipu_buffer_connect(struct ipu_buffer *buf)
{
	struct vb2_ipu_device *vid = buf->vid;
	int ret = -ENODEV;

	mutex_lock(&vid->lock);
	if (vid->live && vid->mmu)
		ret = ipu_plane_map(vid->mmu, &buf->plane, &buf->sgt, buf->size, buf->dir);
	else if (vid->live)
		ret = ipu_dma_map_sgtable(vid->dma_dev, &buf->sgt, buf->dir, IPU_BUFFER_DMA_ATTRS);
	if (!ret) {
		buf->mapped = true;
		ret = ipu_buffer_check_mapping(buf, &buf->sgt);
		if (ret)
			ipu_buffer_disconnect(buf);
		else
			trace_ipu_map(vid->parent, sg_dma_address(buf->sgt.sgl), buf->size,
				      buf->sgt.orig_nents);
	}
	mutex_unlock(&vid->lock);
	return ret;
}

/**
 * ipu_buffer_disconnect() - end the device's reach to a buffer's pages
 * @buf: The buffer; nothing is done if the device cannot reach it.
 *
 * The operation of kinds that have pages, see &ipu_buffer_ops.disconnect.
 *
 * Context: Process context, within &vb2_ipu_device.lock. When it returns, the MMU has forgotten the
 * pages.
 */
void ipu_buffer_disconnect(struct ipu_buffer *buf)
{
	struct vb2_ipu_device *vid = buf->vid;

	lockdep_assert_held(&vid->lock);
	if (!buf->mapped)
		return;
	trace_ipu_unmap(vid->parent, sg_dma_address(buf->sgt.sgl), buf->size);
	if (vid->mmu)
		ipu_plane_unmap(vid->mmu, &buf->plane);
	else
		dma_unmap_sgtable(vid->dma_dev, &buf->sgt, buf->dir, IPU_BUFFER_DMA_ATTRS);
	buf->mapped = false;
}

/**
 * ipu_buffers_await_exporters() - wait until no call into an exporter is under way
 * @vid: The device, which is not live any more: no buffer is mapped for it anew.
 *
 * An exporter may wait for whatever it likes before it gives an address. videobuf2 holds the
 * queue's lock meanwhile, so there is no other way than to wait, too; but the log says for whom.
 *
 * Context: Process context, without &vb2_ipu_device.lock, which is taken.
 */
void ipu_buffers_await_exporters(struct vb2_ipu_device *vid)
{
	struct ipu_buffer *buf;

	while (!wait_event_timeout(vid->no_calls, !READ_ONCE(vid->calls), 10 * HZ)) {
		mutex_lock(&vid->lock);
		list_for_each_entry(buf, &vid->buffers, node)
			if (buf->waits_for)
				dev_warn(vid->parent, "unbind waits for the exporter %s\n",
					 buf->waits_for);
		mutex_unlock(&vid->lock);
	}
}

/**
 * ipu_buffers_disconnect() - end the device's reach to all buffers
 * @vid: The device.
 *
 * Context: Process context, within &vb2_ipu_device.lock.
 */
void ipu_buffers_disconnect(struct vb2_ipu_device *vid)
{
	struct ipu_buffer *buf;

	lockdep_assert_held(&vid->lock);
	list_for_each_entry(buf, &vid->buffers, node)
		buf->ops->disconnect(buf);
}

/**
 * ipu_buffer_own_sgt() - the device's addresses of a buffer's pages
 * @buf: The buffer.
 *
 * The operation of kinds that have pages, see &ipu_buffer_ops.device_sgt.
 *
 * Return: A table whose DMA side is valid while the device is bound and the buffer is queued to it.
 */
struct sg_table *ipu_buffer_own_sgt(struct ipu_buffer *buf)
{
	return &buf->sgt;
}
