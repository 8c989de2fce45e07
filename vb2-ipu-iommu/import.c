// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers imported as dma-bufs.
 *
 * If the exporter is this backend, all users of the memory share the exporter's coherency state,
 * and a frame that goes from device to device costs no flush. Of any other exporter's memory nobody
 * here knows who maps it, so it counts as always mapped and writable. Its lines are found through
 * the addresses that the device uses: exporters need not let an importer see their pages.
 */
#include <linux/dma-buf.h>
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/mm.h>

#include "buffer.h"
#include "cache.h"
#include "device.h"
#include "dma-address.h"
#include "export.h"
#include "import.h"
#include "sync.h"
#include "trace.h"

/**
 * struct ipu_import - a buffer of a dma-buf
 * @buf: What all kinds share.
 * @dmabuf: The dma-buf.
 * @attachment: To it; %NULL before it is first mapped, and once the device is gone.
 * @sgt: The device's addresses of it; %NULL while unmapped. Changed within both
 *	&vb2_ipu_device.lock and &ipu_buffer.sync_lock, so that either is enough to look.
 * @map: Its kernel mapping.
 */
struct ipu_import {
	struct ipu_buffer buf;
	struct dma_buf *dmabuf;
	struct dma_buf_attachment *attachment;
	struct sg_table *sgt;
	struct iosys_map map;
};

static_assert(!offsetof(struct ipu_import, buf));

static struct ipu_import *to_import(struct ipu_buffer *buf)
{
	return container_of(buf, struct ipu_import, buf);
}

static void ipu_import_unmap_locked(struct ipu_import *import)
{
	struct ipu_buffer *buf = &import->buf;
	struct sg_table *sgt = import->sgt;

	lockdep_assert_held(&buf->vid->lock);
	if (!sgt)
		return;
	/* The addresses are about to go, and with them the way to another exporter's lines. */
	if (!buf->origin)
		ipu_buffer_settle(buf, buf->size, false);
	mutex_lock(&buf->sync_lock);
	import->sgt = NULL;
	mutex_unlock(&buf->sync_lock);
	trace_ipu_unmap(buf->vid->parent, sg_dma_address(sgt->sgl), buf->size);
	dma_buf_unmap_attachment_unlocked(import->attachment, sgt, buf->dir);
}

static void ipu_import_disconnect(struct ipu_buffer *buf)
{
	struct ipu_import *import = to_import(buf);

	ipu_import_unmap_locked(import);
	if (import->attachment)
		dma_buf_detach(import->dmabuf, import->attachment);
	import->attachment = NULL;
}

static struct sg_table *ipu_import_device_sgt(struct ipu_buffer *buf)
{
	return to_import(buf)->sgt;
}

/* vb2 serialises calls for one buffer. */
static void *ipu_import_vaddr(struct ipu_buffer *buf)
{
	struct ipu_import *import = to_import(buf);
	struct iosys_map map;

	if (iosys_map_is_null(&import->map)) {
		if (dma_buf_vmap_unlocked(import->dmabuf, &map))
			return NULL;
		import->map = map;
	}
	return import->map.is_iomem ? NULL : import->map.vaddr;
}

/*
 * One range of the device's addresses, page by page: neighbours there need not be neighbours in
 * memory.
 */
static void ipu_import_flush_range(struct ipu_buffer *buf, dma_addr_t dma, size_t size)
{
	while (size) {
		size_t part = min_t(size_t, size, PAGE_SIZE - offset_in_page(dma));
		phys_addr_t phys = ipu_dma_to_phys(buf->vid->dma_dev, dma);
		unsigned long pfn = PHYS_PFN(phys);

		/* What is not ordinary memory (a device's own, say) is not cached. */
		if (phys && pfn_valid(pfn) && !is_zone_device_page(pfn_to_page(pfn)))
			ipu_cache_flush(&buf->vid->stats.flushed_lines, phys_to_virt(phys), part);
		dma += part;
		size -= part;
	}
}

/* Within sync_lock. Another exporter's lines: our own have an origin, which is flushed instead. */
static void ipu_import_flush(struct ipu_buffer *buf, size_t offset, size_t size)
{
	struct ipu_import *import = to_import(buf);
	struct scatterlist *sg;
	unsigned int i;

	lockdep_assert_held(&buf->sync_lock);
	if (!import->sgt)
		return;
	for_each_sgtable_dma_sg(import->sgt, sg, i) {
		size_t length = sg_dma_len(sg);
		size_t part;

		if (!size)
			break;
		if (offset >= length) {
			offset -= length;
			continue;
		}
		part = min(size, length - offset);
		ipu_import_flush_range(buf, sg_dma_address(sg) + offset, part);
		size -= part;
		offset = 0;
	}
}

static const struct ipu_buffer_ops ipu_import_ops = {
	.name = "import",
	.object_size = sizeof(struct ipu_import),
	.disconnect = ipu_import_disconnect,
	.flush = ipu_import_flush,
	.device_sgt = ipu_import_device_sgt,
	.vaddr = ipu_import_vaddr,
};

/**
 * ipu_import_new() - start a buffer of a dma-buf
 * @dma_dev: The queue's device.
 * @vb: The vb2 buffer.
 * @dmabuf: The dma-buf; the caller keeps its reference until ipu_import_put().
 * @dir: What the device will do.
 * @size: Bytes that it needs. What is kept right is all of the dma-buf: several planes, or users,
 *	may share it.
 *
 * What the dma-buf or its exporter is to blame for is found by ipu_import_map(): where
 * attach_dmabuf() fails, 6.12's and 7.3's __prepare_dmabuf() forgets to give back its reference to
 * the dma-buf, and user space could leak at will; where map_dmabuf() fails, it does not.
 *
 * Context: Process context.
 * Return: The buffer; an ERR_PTR, see ipu_buffer_new().
 */
struct ipu_buffer *ipu_import_new(struct device *dma_dev, struct vb2_buffer *vb,
				  struct dma_buf *dmabuf, enum dma_data_direction dir, size_t size)
{
	struct ipu_buffer *buf;

	/* Too small is found out with the rest, and stays too small. */
	buf = ipu_buffer_new(dma_dev, &ipu_import_ops, vb, dir, max(size, dmabuf->size));
	if (IS_ERR(buf))
		return buf;
	to_import(buf)->dmabuf = dmabuf;
	buf->origin = ipu_export_origin(dmabuf);
	if (!buf->origin) {
		mutex_lock(&buf->sync_lock);
		ipu_buffer_open_view(buf, IPU_VIEWER_OTHER, true);
		mutex_unlock(&buf->sync_lock);
	} else if (buf->vid->noncoherent) {
		WRITE_ONCE(buf->origin->bypassed, true);
	}
	return buf;
}

/**
 * ipu_import_put() - detach
 * @buf: The buffer.
 *
 * Context: Process context. Takes &vb2_ipu_device.lock.
 */
void ipu_import_put(struct ipu_buffer *buf)
{
	struct ipu_import *import = to_import(buf);

	if (!iosys_map_is_null(&import->map))
		dma_buf_vunmap_unlocked(import->dmabuf, &import->map);
	mutex_lock(&buf->vid->lock);
	ipu_import_disconnect(buf);
	mutex_unlock(&buf->vid->lock);
	ipu_buffer_forget_end(buf);
	ipu_buffer_free(buf);
}

/* Within the device's lock. */
static int ipu_import_attach(struct ipu_import *import)
{
	struct vb2_ipu_device *vid = import->buf.vid;
	struct dma_buf_attachment *attachment;

	lockdep_assert_held(&vid->lock);
	if (import->attachment)
		return 0;
	if (!vid->live)
		return -ENODEV;
	if (import->dmabuf->size < import->buf.size)
		return -EFAULT;
	attachment = dma_buf_attach(import->dmabuf, vid->dma_dev);
	if (IS_ERR(attachment))
		return PTR_ERR(attachment);
	import->attachment = attachment;
	return 0;
}

/**
 * ipu_import_map() - attach the dma-buf, and let the device reach the memory
 * @buf: The buffer.
 *
 * Context: Process context. Takes &vb2_ipu_device.lock.
 * Return: 0, also when it can already; -ENODEV when the device is gone; -EFAULT for a dma-buf that
 * is too small; what the exporter said; see also ipu_buffer_check_mapping().
 */
int ipu_import_map(struct ipu_buffer *buf)
{
	struct ipu_import *import = to_import(buf);
	struct vb2_ipu_device *vid = buf->vid;
	struct sg_table *sgt;
	int ret;

	mutex_lock(&vid->lock);
	ret = ipu_import_attach(import);
	if (ret || import->sgt)
		goto unlock;
	sgt = dma_buf_map_attachment_unlocked(import->attachment, buf->dir);
	if (IS_ERR(sgt)) {
		ret = PTR_ERR(sgt);
		goto unlock;
	}
	ret = ipu_buffer_check_mapping(buf, sgt);
	if (ret) {
		dma_buf_unmap_attachment_unlocked(import->attachment, sgt, buf->dir);
		goto unlock;
	}
	mutex_lock(&buf->sync_lock);
	import->sgt = sgt;
	mutex_unlock(&buf->sync_lock);
	trace_ipu_map(vid->parent, sg_dma_address(sgt->sgl), buf->size, sgt->nents);
unlock:
	mutex_unlock(&vid->lock);
	return ret;
}

/**
 * ipu_import_unmap() - end the device's reach
 * @buf: The buffer.
 *
 * Context: Process context. Takes &vb2_ipu_device.lock.
 */
void ipu_import_unmap(struct ipu_buffer *buf)
{
	mutex_lock(&buf->vid->lock);
	ipu_import_unmap_locked(to_import(buf));
	mutex_unlock(&buf->vid->lock);
}
