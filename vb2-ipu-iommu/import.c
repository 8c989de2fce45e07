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
#include "ipu-mmu.h"
#include "sync.h"
#include "trace.h"

/**
 * struct ipu_import - a buffer of a dma-buf
 * @buf: What all kinds share.
 * @dmabuf: The dma-buf.
 * @attachment: To it; %NULL before it is first mapped, once the device is gone, and while a call
 *	into the exporter has it. Covered by &vb2_ipu_device.lock.
 * @sgt: The device's addresses of it; %NULL while unmapped. Changed within both
 *	&vb2_ipu_device.lock and &ipu_buffer.sync_lock, so that either is enough to look.
 * @map: Its kernel mapping.
 * @access: The same, for a driver that accesses it now. The core gives all who ask the same one.
 */
struct ipu_import {
	struct ipu_buffer buf;
	struct dma_buf *dmabuf;
	struct dma_buf_attachment *attachment;
	struct sg_table *sgt;
	struct iosys_map map;
	struct iosys_map access;
};

static_assert(!offsetof(struct ipu_import, buf));

static struct ipu_import *to_import(struct ipu_buffer *buf)
{
	return container_of(buf, struct ipu_import, buf);
}

/*
 * Within the device's lock, which calls into the exporter are made without: they may wait, for a
 * GPU's fences as an example, and all other buffers of the device would wait with them. The device
 * stays as long as the call is under way; what it works on is the caller's alone meanwhile, as vb2
 * serialises the operations of one buffer.
 */
static void ipu_import_call_begin(struct ipu_import *import)
{
	struct ipu_buffer *buf = &import->buf;

	lockdep_assert_held(&buf->vid->lock);
	buf->waits_for = import->dmabuf->exp_name;
	ipu_device_call_begin(buf->vid);
}

static void ipu_import_call_end(struct ipu_import *import)
{
	struct ipu_buffer *buf = &import->buf;

	lockdep_assert_held(&buf->vid->lock);
	buf->waits_for = NULL;
	ipu_device_call_end(buf->vid);
}

/* Within the device's lock. What is to be unmapped, and no longer ours; %NULL if nothing is. */
static struct sg_table *ipu_import_take_sgt(struct ipu_import *import)
{
	struct ipu_buffer *buf = &import->buf;
	struct sg_table *sgt = import->sgt;

	lockdep_assert_held(&buf->vid->lock);
	if (!sgt)
		return NULL;
	/* The addresses are about to go, and with them the way to another exporter's lines. */
	if (!buf->origin)
		ipu_buffer_settle(buf, buf->size, false);
	mutex_lock(&buf->sync_lock);
	import->sgt = NULL;
	mutex_unlock(&buf->sync_lock);
	trace_ipu_unmap(buf->vid->parent, sg_dma_address(sgt->sgl), buf->size);
	return sgt;
}

/* Within the device's lock, when it goes: no call is under way, and none can begin. */
static void ipu_import_disconnect(struct ipu_buffer *buf)
{
	struct ipu_import *import = to_import(buf);
	struct sg_table *sgt = ipu_import_take_sgt(import);

	if (sgt)
		dma_buf_unmap_attachment_unlocked(import->attachment, sgt, buf->dir);
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
 * A mapping of its own: of one of our buffers the exporter counts it as a view, and of another
 * exporter's the access is told to it.
 */
static void *ipu_import_begin_access(struct ipu_buffer *buf)
{
	struct ipu_import *import = to_import(buf);
	struct iosys_map map;

	if (dma_buf_begin_cpu_access(import->dmabuf, DMA_BIDIRECTIONAL))
		return NULL;
	if (dma_buf_vmap_unlocked(import->dmabuf, &map))
		goto err_end;
	if (map.is_iomem)
		goto err_unmap;
	import->access = map;
	return map.vaddr;

err_unmap:
	dma_buf_vunmap_unlocked(import->dmabuf, &map);
err_end:
	dma_buf_end_cpu_access(import->dmabuf, DMA_BIDIRECTIONAL);
	return NULL;
}

static void ipu_import_end_access(struct ipu_buffer *buf)
{
	struct ipu_import *import = to_import(buf);

	dma_buf_vunmap_unlocked(import->dmabuf, &import->access);
	dma_buf_end_cpu_access(import->dmabuf, DMA_BIDIRECTIONAL);
}

/* What is not ordinary memory (a device's own, say) is not cached. */
static bool ipu_page_is_cached(unsigned long pfn)
{
	return pfn && pfn_valid(pfn) && !is_zone_device_page(pfn_to_page(pfn));
}

/*
 * The linear map has all that was memory at boot or was added since. Holes between may have a
 * struct page, too, which then is a reserved one; who has such memory mapped for itself may have
 * its lines in the caches, but nobody here could flush them.
 */
static bool ipu_page_can_be_flushed(unsigned long pfn)
{
	return !PageReserved(pfn_to_page(pfn)) || page_is_ram(pfn);
}

/* Within the device's lock. Whether all that is cached of a mapping can be flushed. */
static int ipu_import_check_lines(struct ipu_buffer *buf, struct sg_table *sgt)
{
	struct vb2_ipu_device *vid = buf->vid;
	struct scatterlist *sg;
	unsigned int i;
	size_t at;

	if (!vid->noncoherent || buf->origin)
		return 0;
	for_each_sgtable_dma_sg(sgt, sg, i) {
		for (at = 0; at < sg_dma_len(sg); at += PAGE_SIZE) {
			dma_addr_t dma = sg_dma_address(sg) + at;
			unsigned long pfn = PHYS_PFN(ipu_dma_to_phys(vid->dma_dev, dma));

			if (ipu_page_is_cached(pfn) && !ipu_page_can_be_flushed(pfn))
				goto refuse;
		}
	}
	return 0;

refuse:
	dev_err_ratelimited(vid->parent,
			    "buffer: the exporter's memory is not mapped by the kernel\n");
	atomic64_inc(&vid->stats.faults);
	return -EFAULT;
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

		if (ipu_page_is_cached(PHYS_PFN(phys)))
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
	.begin_access = ipu_import_begin_access,
	.end_access = ipu_import_end_access,
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
 * attach_dmabuf() fails, 7.3's __prepare_dmabuf() gives back the references to the dma-bufs of the
 * planes before this one only; where map_dmabuf() fails, this one's as well. So user space could
 * leak at will, and still can where a buffer has several planes: those after the one that fails
 * leak in either case, which no memory backend can help.
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
	} else {
		buf->state = buf->origin;
		if (buf->vid->noncoherent)
			WRITE_ONCE(buf->state->bypassed, true);
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
	struct dma_buf_attachment *attachment;

	if (!iosys_map_is_null(&import->map))
		dma_buf_vunmap_unlocked(import->dmabuf, &import->map);
	ipu_import_unmap(buf);
	mutex_lock(&buf->vid->lock);
	attachment = import->attachment;
	import->attachment = NULL;
	if (attachment) {
		ipu_import_call_begin(import);
		mutex_unlock(&buf->vid->lock);
		dma_buf_detach(import->dmabuf, attachment);
		mutex_lock(&buf->vid->lock);
		ipu_import_call_end(import);
	}
	mutex_unlock(&buf->vid->lock);
	ipu_buffer_forget_end(buf);
	ipu_buffer_free(buf);
}

/* Without the device's lock, between call_begin and call_end. */
static struct sg_table *ipu_import_ask_exporter(struct ipu_import *import,
						struct dma_buf_attachment **attachment)
{
	struct vb2_ipu_device *vid = import->buf.vid;
	struct sg_table *sgt;
	int tables = 0;

	if (!*attachment)
		*attachment = dma_buf_attach(import->dmabuf, vid->dma_dev);
	if (IS_ERR(*attachment)) {
		sgt = ERR_CAST(*attachment);
		*attachment = NULL;
		return sgt;
	}
	/* Foreign exporters map through the core, which finds tables at once or not at all. */
	if (vid->mmu && !import->buf.origin)
		tables = ipu_mmu_reserve(vid->mmu, ipu_buffer_mapped_size(&import->buf));
	if (tables < 0)
		return ERR_PTR(tables);
	sgt = dma_buf_map_attachment_unlocked(*attachment, import->buf.dir);
	if (tables)
		ipu_mmu_unreserve(vid->mmu, tables);
	return sgt;
}

/* Whether what the exporter gave will do. The device may have been told to go meanwhile. */
static int ipu_import_check(struct ipu_buffer *buf, struct sg_table *sgt)
{
	int ret;

	if (IS_ERR(sgt))
		return PTR_ERR(sgt);
	if (!buf->vid->live)
		return -ENODEV;
	ret = ipu_buffer_check_mapping(buf, sgt);
	return ret ?: ipu_import_check_lines(buf, sgt);
}

/**
 * ipu_import_map() - attach the dma-buf, and let the device reach the memory
 * @buf: The buffer.
 *
 * Context: Process context. Takes &vb2_ipu_device.lock, but not for as long as the exporter takes.
 * Return: 0, also when it can already; -ENODEV when the device is gone; -EFAULT for a dma-buf that
 * is too small, or whose lines cannot be flushed; what the exporter said; see also
 * ipu_buffer_check_mapping().
 */
int ipu_import_map(struct ipu_buffer *buf)
{
	struct ipu_import *import = to_import(buf);
	struct dma_buf_attachment *attachment;
	struct vb2_ipu_device *vid = buf->vid;
	struct sg_table *sgt;
	int ret = 0;

	mutex_lock(&vid->lock);
	if (!vid->live)
		ret = -ENODEV;
	else if (import->dmabuf->size < buf->size)
		ret = -EFAULT;
	if (ret || import->sgt)
		goto unlock;

	attachment = import->attachment;
	import->attachment = NULL;
	ipu_import_call_begin(import);
	mutex_unlock(&vid->lock);

	sgt = ipu_import_ask_exporter(import, &attachment);
	mutex_lock(&vid->lock);
	ret = ipu_import_check(buf, sgt);
	mutex_unlock(&vid->lock);
	if (ret && !IS_ERR(sgt))
		dma_buf_unmap_attachment_unlocked(attachment, sgt, buf->dir);

	mutex_lock(&vid->lock);
	ipu_import_call_end(import);
	/* A device that was told to go waited for the call: it finds what is noted here. */
	import->attachment = attachment;
	if (ret)
		goto unlock;
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
 * Context: Process context. Takes &vb2_ipu_device.lock, but not for as long as the exporter takes.
 */
void ipu_import_unmap(struct ipu_buffer *buf)
{
	struct ipu_import *import = to_import(buf);
	struct dma_buf_attachment *attachment;
	struct sg_table *sgt;

	mutex_lock(&buf->vid->lock);
	sgt = ipu_import_take_sgt(import);
	attachment = import->attachment;
	if (sgt) {
		import->attachment = NULL;
		ipu_import_call_begin(import);
		mutex_unlock(&buf->vid->lock);
		dma_buf_unmap_attachment_unlocked(attachment, sgt, buf->dir);
		mutex_lock(&buf->vid->lock);
		ipu_import_call_end(import);
		import->attachment = attachment;
	}
	mutex_unlock(&buf->vid->lock);
}
