// SPDX-License-Identifier: GPL-2.0-only
/*
 * The backend as videobuf2 sees it: thin, one function an operation.
 */
#include <linux/dma-buf.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/minmax.h>
#include <media/vb2-ipu-iommu.h>

#include "buffer.h"
#include "export.h"
#include "import.h"
#include "pages-buffer.h"
#include "sync.h"
#include "user.h"

/* ---- MMAP ---- */

static void *ipu_alloc(struct vb2_buffer *vb, struct device *dev, unsigned long size)
{
	return ipu_pages_buffer_new(dev, vb, vb->vb2_queue->dma_dir, size);
}

static void ipu_put(void *priv)
{
	struct ipu_buffer *buf = priv;

	/*
	 * Mappings and exported dma-bufs may keep the memory, but no longer know of a vb2 buffer.
	 */
	mutex_lock(&buf->sync_lock);
	buf->vb = NULL;
	mutex_unlock(&buf->sync_lock);
	ipu_pages_buffer_put(buf);
}

static struct dma_buf *ipu_get_dmabuf(struct vb2_buffer *vb, void *priv, unsigned long flags)
{
	struct dma_buf *dmabuf = ipu_export(priv, flags);

	return IS_ERR(dmabuf) ? NULL : dmabuf;
}

static unsigned int ipu_num_users(void *priv)
{
	struct ipu_buffer *buf = priv;

	return refcount_read(&buf->ref);
}

static int ipu_mmap(void *priv, struct vm_area_struct *vma)
{
	return ipu_pages_buffer_mmap(priv, vma);
}

/* ---- USERPTR ---- */

static void *ipu_get_userptr(struct vb2_buffer *vb, struct device *dev, unsigned long vaddr,
			     unsigned long size)
{
	return ipu_user_buffer_new(dev, vb, vb->vb2_queue->dma_dir, vaddr, size);
}

static void ipu_put_userptr(void *priv)
{
	ipu_user_buffer_put(priv);
}

/* ---- DMABUF ---- */

static void *ipu_attach_dmabuf(struct vb2_buffer *vb, struct device *dev, struct dma_buf *dmabuf,
			       unsigned long size)
{
	return ipu_import_new(dev, vb, dmabuf, vb->vb2_queue->dma_dir, size);
}

static void ipu_detach_dmabuf(void *priv)
{
	ipu_import_put(priv);
}

static int ipu_map_dmabuf(void *priv)
{
	return ipu_import_map(priv);
}

static void ipu_unmap_dmabuf(void *priv)
{
	ipu_import_unmap(priv);
}

/* ---- all ---- */

/*
 * Whether each device that has the memory snoops: then nothing can be stale, nobody minds what is
 * dirty, and there is nothing to do for a frame. Asked first, so that such a device's frames cost
 * next to nothing.
 */
static bool ipu_all_snoop(const struct ipu_buffer *buf)
{
	return !READ_ONCE(buf->state->bypassed);
}

static void ipu_prepare(void *priv)
{
	if (!ipu_all_snoop(priv))
		ipu_buffer_begin(priv);
}

static void ipu_finish(void *priv)
{
	if (!ipu_all_snoop(priv))
		ipu_buffer_end(priv);
}

static void *ipu_vaddr(struct vb2_buffer *vb, void *priv)
{
	struct ipu_buffer *buf = priv;

	return buf->ops->vaddr(buf);
}

static void *ipu_cookie(struct vb2_buffer *vb, void *priv)
{
	struct ipu_buffer *buf = priv;

	return buf->ops->device_sgt(buf);
}

const struct vb2_mem_ops vb2_ipu_iommu_memops = {
	.alloc = ipu_alloc,
	.put = ipu_put,
	.get_dmabuf = ipu_get_dmabuf,
	.get_userptr = ipu_get_userptr,
	.put_userptr = ipu_put_userptr,
	.prepare = ipu_prepare,
	.finish = ipu_finish,
	.attach_dmabuf = ipu_attach_dmabuf,
	.detach_dmabuf = ipu_detach_dmabuf,
	.map_dmabuf = ipu_map_dmabuf,
	.unmap_dmabuf = ipu_unmap_dmabuf,
	.vaddr = ipu_vaddr,
	.cookie = ipu_cookie,
	.num_users = ipu_num_users,
	.mmap = ipu_mmap,
};
EXPORT_SYMBOL_GPL(vb2_ipu_iommu_memops);

/*
 * How far the device wrote at most into a plane's memory. vb2 gives planes that import the same
 * dma-buf the same memory; what all of them hold is settled with the first of them: then this
 * returns false for the others.
 */
static bool ipu_plane_extent(struct vb2_buffer *vb, unsigned int plane, size_t *bytes)
{
	const struct ipu_buffer *buf = vb->planes[plane].mem_priv;
	unsigned int i;

	*bytes = 0;
	for (i = 0; i < vb->num_planes; i++) {
		size_t payload = vb2_get_plane_payload(vb, i);

		if (vb->planes[i].mem_priv != buf)
			continue;
		if (i < plane)
			return false;
		if (vb->state != VB2_BUF_STATE_DONE || !payload)
			payload = buf->size;
		*bytes = max(*bytes, payload);
	}
	return true;
}

/*
 * User space gives hints with each QBUF anew, but vb2 only ever sets them. Of imports they say
 * nothing.
 */
static void ipu_buf_forget_hints(struct vb2_buffer *vb)
{
	if (vb->memory == VB2_MEMORY_MMAP) {
		vb->skip_cache_sync_on_prepare = 0;
		vb->skip_cache_sync_on_finish = 0;
	}
}

/* Apart, so that a frame for which there is nothing to do saves no registers. */
static noinline void ipu_buf_settle(struct vb2_buffer *vb)
{
	unsigned int plane;

	for (plane = 0; plane < vb->num_planes; plane++) {
		struct ipu_buffer *buf = vb->planes[plane].mem_priv;
		size_t bytes;

		if (buf && !ipu_all_snoop(buf) && ipu_plane_extent(vb, plane, &bytes))
			ipu_buffer_settle(buf, bytes,
					  buf->ops->hints && vb->skip_cache_sync_on_finish);
	}
	ipu_buf_forget_hints(vb);
}

/**
 * vb2_ipu_iommu_buf_finish() - make a buffer's content right for the CPU
 * @vb: The buffer.
 *
 * To be called by the driver's &vb2_ops.buf_finish, or to be it. vb2_buffer_done() may be called in
 * any context, so the backend leaves the flush to this function, which vb2 calls when user space
 * takes the buffer back.
 *
 * The bytes that the device wrote at most are the plane's payload, if the driver set one and the
 * buffer is not in error; else the whole plane.
 *
 * Context: Process context.
 */
void vb2_ipu_iommu_buf_finish(struct vb2_buffer *vb)
{
	const struct vb2_plane *plane, *end = vb->planes + vb->num_planes;

	for (plane = vb->planes; plane < end; plane++) {
		if (plane->mem_priv && !ipu_all_snoop(plane->mem_priv)) {
			ipu_buf_settle(vb);
			return;
		}
	}
	ipu_buf_forget_hints(vb);
}
EXPORT_SYMBOL_GPL(vb2_ipu_iommu_buf_finish);

/**
 * vb2_ipu_iommu_plane_begin_access() - the driver is about to read or write a plane
 * @vb: The buffer, which the device does not have.
 * @plane: Which plane.
 *
 * Unlike vb2_plane_vaddr(), which nobody tells when the driver is done: after one call of it each
 * frame of a device that does not snoop is flushed as a whole, for as long as the buffer lives.
 *
 * Context: Process context. Calls may be nested.
 * Return: The address of the plane's first byte, to be given up by
 * vb2_ipu_iommu_plane_end_access(); %NULL without memory, or where an exporter has no mapping.
 */
void *vb2_ipu_iommu_plane_begin_access(struct vb2_buffer *vb, unsigned int plane)
{
	struct ipu_buffer *buf = vb->planes[plane].mem_priv;

	return buf->ops->begin_access(buf);
}
EXPORT_SYMBOL_GPL(vb2_ipu_iommu_plane_begin_access);

/**
 * vb2_ipu_iommu_plane_end_access() - the driver is done with a plane
 * @vb: The buffer, of which vb2_ipu_iommu_plane_begin_access() gave an address.
 * @plane: Which plane.
 *
 * What was written is seen by the device that gets the buffer next: &vb2_ops.buf_prepare comes
 * before that, &vb2_ops.buf_queue comes too late.
 *
 * Context: Process context.
 */
void vb2_ipu_iommu_plane_end_access(struct vb2_buffer *vb, unsigned int plane)
{
	struct ipu_buffer *buf = vb->planes[plane].mem_priv;

	buf->ops->end_access(buf);
}
EXPORT_SYMBOL_GPL(vb2_ipu_iommu_plane_end_access);

/**
 * vb2_ipu_iommu_plane_sgt() - the device's addresses of a plane
 * @vb: The buffer.
 * @plane: Which plane.
 *
 * For a device without an MMU: the segments of for_each_sgtable_dma_sg().
 *
 * Context: While the buffer is queued to the driver.
 * Return: The table.
 */
struct sg_table *vb2_ipu_iommu_plane_sgt(struct vb2_buffer *vb, unsigned int plane)
{
	return vb2_plane_cookie(vb, plane);
}
EXPORT_SYMBOL_GPL(vb2_ipu_iommu_plane_sgt);

/**
 * vb2_ipu_iommu_plane_dma_addr() - the address that a device with an MMU finds a plane at
 * @vb: The buffer.
 * @plane: Which plane.
 *
 * Context: While the buffer is queued to the driver.
 * Return: The address of the plane's first byte; all of the plane follows it.
 */
dma_addr_t vb2_ipu_iommu_plane_dma_addr(struct vb2_buffer *vb, unsigned int plane)
{
	struct sg_table *sgt = vb2_plane_cookie(vb, plane);

	return sg_dma_address(sgt->sgl);
}
EXPORT_SYMBOL_GPL(vb2_ipu_iommu_plane_dma_addr);
