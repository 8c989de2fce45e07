// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers for drivers' own use: firmware, parameters, queues, tables. There is no uncached memory
 * here: the driver says what it wrote and what it is about to read.
 */
#include <linux/err.h>
#include <linux/slab.h>
#include <media/vb2-ipu-iommu.h>

#include "buffer.h"
#include "cache.h"
#include "device.h"
#include "pages-buffer.h"
#include "sync.h"

/**
 * struct vb2_ipu_mem - a driver's own buffer
 * @buf: The memory.
 * @vaddr: The driver's mapping of it; %NULL if it has none.
 */
struct vb2_ipu_mem {
	struct ipu_buffer *buf;
	void *vaddr;
};

static struct vb2_ipu_mem *ipu_mem_new(struct ipu_buffer *buf, const char *label)
{
	struct vb2_ipu_mem *mem;

	if (IS_ERR(buf))
		return ERR_CAST(buf);
	/* debugfs may be looking at the buffer already. */
	WRITE_ONCE(buf->label, label);
	mem = kzalloc(sizeof(*mem), GFP_KERNEL);
	if (!mem) {
		ipu_pages_buffer_put(buf);
		return ERR_PTR(-ENOMEM);
	}
	mem->buf = buf;
	/* The device would take what follows the first segment for its own. */
	if (buf->sgt.nents != 1) {
		vb2_ipu_mem_free(mem);
		return ERR_PTR(-ENOMEM);
	}
	return mem;
}

/**
 * vb2_ipu_mem_alloc_unmapped() - allocate memory for the device alone
 * @vid: The device.
 * @label: What it is for, in debugfs; a word that lasts as long as the memory.
 * @size: Bytes; rounded up to pages.
 * @dir: What the device will do with it.
 *
 * The memory is zeroed, and the device sees the zeroes. It is not charged to anybody's memory
 * cgroup. A device without an MMU gets it only if it is contiguous: a page always is, of what is
 * larger that is luck.
 *
 * Context: Process context.
 * Return: The memory, of which vb2_ipu_mem_vaddr() is %NULL, to be freed before
 * vb2_ipu_device_destroy(); an ERR_PTR: -EINVAL, -ENOMEM, -ENODEV, -EINTR, -EIO.
 */
struct vb2_ipu_mem *vb2_ipu_mem_alloc_unmapped(struct vb2_ipu_device *vid, const char *label,
					       size_t size, enum dma_data_direction dir)
{
	return ipu_mem_new(ipu_pages_buffer_new(vid->dma_dev, NULL, dir, size), label);
}
EXPORT_SYMBOL_GPL(vb2_ipu_mem_alloc_unmapped);

/**
 * vb2_ipu_mem_alloc() - allocate memory that driver and device share
 * @vid: The device.
 * @label: What it is for, in debugfs; a word that lasts as long as the memory.
 * @size: Bytes; rounded up to pages.
 * @dir: What the device will do with it.
 *
 * As vb2_ipu_mem_alloc_unmapped(), with a kernel mapping.
 *
 * Context: Process context.
 * Return: The memory, to be freed before vb2_ipu_device_destroy(); an ERR_PTR: -EINVAL, -ENOMEM,
 * -ENODEV, -EINTR, -EIO.
 */
struct vb2_ipu_mem *vb2_ipu_mem_alloc(struct vb2_ipu_device *vid, const char *label, size_t size,
				      enum dma_data_direction dir)
{
	struct vb2_ipu_mem *mem = vb2_ipu_mem_alloc_unmapped(vid, label, size, dir);

	if (IS_ERR(mem))
		return mem;
	mem->vaddr = ipu_pages_buffer_vmap(mem->buf);
	if (!mem->vaddr) {
		vb2_ipu_mem_free(mem);
		return ERR_PTR(-ENOMEM);
	}
	return mem;
}
EXPORT_SYMBOL_GPL(vb2_ipu_mem_alloc);

/**
 * vb2_ipu_mem_alloc_sink() - have addresses for what a device must write and nobody wants
 * @vid: The device, with an MMU.
 * @label: What it is for, in debugfs; a word that lasts as long as the memory.
 * @size: Bytes; rounded up to pages.
 *
 * All of the addresses lead to one page of zeroes, which is not the one that addresses without
 * memory lead to. What the device reads there later is what it last wrote.
 *
 * Context: Process context.
 * Return: As vb2_ipu_mem_alloc_unmapped(); -EINVAL for a device without an MMU as well. The sync
 * operations must not be used on it.
 */
struct vb2_ipu_mem *vb2_ipu_mem_alloc_sink(struct vb2_ipu_device *vid, const char *label,
					   size_t size)
{
	if (!vid->mmu)
		return ERR_PTR(-EINVAL);
	return ipu_mem_new(ipu_pages_buffer_new_sink(vid->dma_dev, size), label);
}
EXPORT_SYMBOL_GPL(vb2_ipu_mem_alloc_sink);

/**
 * vb2_ipu_mem_free() - free a driver's own buffer
 * @mem: The memory, or %NULL. The device no longer accesses it.
 *
 * Context: Process context.
 */
void vb2_ipu_mem_free(struct vb2_ipu_mem *mem)
{
	if (!mem)
		return;
	if (mem->vaddr)
		ipu_pages_buffer_vunmap(mem->buf);
	ipu_pages_buffer_put(mem->buf);
	kfree(mem);
}
EXPORT_SYMBOL_GPL(vb2_ipu_mem_free);

/**
 * vb2_ipu_mem_vaddr() - where the driver finds the memory
 * @mem: The memory.
 *
 * Return: The address of a cached mapping; %NULL for memory that has none.
 */
void *vb2_ipu_mem_vaddr(struct vb2_ipu_mem *mem)
{
	return mem->vaddr;
}
EXPORT_SYMBOL_GPL(vb2_ipu_mem_vaddr);

/**
 * vb2_ipu_mem_dma_addr() - where a device with an MMU finds the memory
 * @mem: The memory.
 *
 * Return: The address of the first byte; all of the memory follows it.
 */
dma_addr_t vb2_ipu_mem_dma_addr(struct vb2_ipu_mem *mem)
{
	return sg_dma_address(mem->buf->sgt.sgl);
}
EXPORT_SYMBOL_GPL(vb2_ipu_mem_dma_addr);

/**
 * vb2_ipu_mem_sync_for_device() - let the device see what the driver wrote
 * @mem: The memory.
 * @offset: Start of what was written, or of what the device will write next; bytes.
 * @size: Bytes.
 *
 * Whole cache lines are written back. What the driver writes and what the device writes must not
 * share a line.
 *
 * Context: Any; takes time in proportion to @size.
 */
void vb2_ipu_mem_sync_for_device(struct vb2_ipu_mem *mem, size_t offset, size_t size)
{
	if (mem->buf->vid->noncoherent)
		ipu_buffer_flush(mem->buf, offset, size);
}
EXPORT_SYMBOL_GPL(vb2_ipu_mem_sync_for_device);

/**
 * vb2_ipu_mem_sync_ranges_for_device() - let the device see what the driver wrote in several places
 * @mem: The memory.
 * @offset: What the places are counted from; bytes.
 * @ranges: The places.
 * @count: How many.
 *
 * As vb2_ipu_mem_sync_for_device() for each of them, but the processor waits once for all.
 *
 * Context: Any; takes time in proportion to the sizes.
 */
void vb2_ipu_mem_sync_ranges_for_device(struct vb2_ipu_mem *mem, size_t offset,
					const struct vb2_ipu_range *ranges, unsigned int count)
{
	struct vb2_ipu_device *vid = mem->buf->vid;
	size_t lines = 0;
	unsigned int i;

	if (!vid->noncoherent || !count)
		return;
	ipu_cache_order();
	for (i = 0; i < count; i++)
		lines += ipu_buffer_flush_unordered(mem->buf, offset + ranges[i].offset,
						    ranges[i].size);
	ipu_cache_order();
	atomic64_add(lines, &vid->stats.flushed_lines);
	atomic64_add(lines, &vid->stats.internal_flushed_lines);
}
EXPORT_SYMBOL_GPL(vb2_ipu_mem_sync_ranges_for_device);

/**
 * vb2_ipu_mem_sync_for_cpu() - let the driver see what the device wrote
 * @mem: The memory.
 * @offset: Start of what it wrote, bytes.
 * @size: Bytes.
 *
 * The driver has not written to these lines since the last vb2_ipu_mem_sync_for_device().
 *
 * Context: Any; takes time in proportion to @size.
 */
void vb2_ipu_mem_sync_for_cpu(struct vb2_ipu_mem *mem, size_t offset, size_t size)
{
	if (mem->buf->vid->noncoherent)
		ipu_buffer_flush(mem->buf, offset, size);
}
EXPORT_SYMBOL_GPL(vb2_ipu_mem_sync_for_cpu);
