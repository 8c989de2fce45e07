// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers for drivers' own use: firmware, parameters, queues, tables. There is no uncached memory
 * here: the driver says what it wrote and what it is about to read.
 */
#include <linux/err.h>
#include <linux/slab.h>
#include <media/vb2-ipu-iommu.h>

#include "buffer.h"
#include "device.h"
#include "pages-buffer.h"
#include "sync.h"

/**
 * struct vb2_ipu_mem - a driver's own buffer
 * @buf: The memory.
 * @vaddr: The driver's mapping of it.
 */
struct vb2_ipu_mem {
	struct ipu_buffer *buf;
	void *vaddr;
};

/**
 * vb2_ipu_mem_alloc() - allocate memory that driver and device share
 * @vid: The device.
 * @size: Bytes; rounded up to pages.
 * @dir: What the device will do with it.
 *
 * The memory is zeroed, and the device sees the zeroes.
 *
 * Context: Process context.
 * Return: The memory, to be freed before vb2_ipu_device_destroy(); an ERR_PTR: -EINVAL, -ENOMEM,
 * -ENODEV, -EINTR, -EIO.
 */
struct vb2_ipu_mem *vb2_ipu_mem_alloc(struct vb2_ipu_device *vid, size_t size,
				      enum dma_data_direction dir)
{
	struct vb2_ipu_mem *mem;
	int ret;

	mem = kzalloc(sizeof(*mem), GFP_KERNEL);
	if (!mem)
		return ERR_PTR(-ENOMEM);
	mem->buf = ipu_pages_buffer_new(vid->dma_dev, NULL, dir, size);
	if (IS_ERR(mem->buf)) {
		ret = PTR_ERR(mem->buf);
		goto err_free;
	}
	mem->vaddr = ipu_pages_buffer_vmap(mem->buf);
	if (!mem->vaddr) {
		ret = -ENOMEM;
		goto err_put;
	}
	return mem;

err_put:
	ipu_pages_buffer_put(mem->buf);
err_free:
	kfree(mem);
	return ERR_PTR(ret);
}
EXPORT_SYMBOL_GPL(vb2_ipu_mem_alloc);

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
	ipu_pages_buffer_vunmap(mem->buf);
	ipu_pages_buffer_put(mem->buf);
	kfree(mem);
}
EXPORT_SYMBOL_GPL(vb2_ipu_mem_free);

/**
 * vb2_ipu_mem_vaddr() - where the driver finds the memory
 * @mem: The memory.
 *
 * Return: The address of a cached mapping.
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
