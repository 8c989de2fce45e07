// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small blocks that driver and device share: descriptors, parameter sets. A page each would be a
 * waste, and a mapping and an invalidate each as well; so they are cut from one buffer, each in
 * cache lines of its own, for what the driver writes and what the device writes must not share one.
 */
#include <linux/align.h>
#include <linux/err.h>
#include <linux/genalloc.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <media/vb2-ipu-iommu.h>

#include "cache.h"

/**
 * struct vb2_ipu_pool - memory that blocks are cut from
 * @mem: The memory.
 * @blocks: What of it is in use.
 */
struct vb2_ipu_pool {
	struct vb2_ipu_mem *mem;
	struct gen_pool *blocks;
};

/**
 * vb2_ipu_pool_create() - allocate memory to cut blocks from
 * @vid: The device.
 * @label: What the blocks are for, in debugfs; a word that lasts as long as the pool.
 * @size: Bytes, of all blocks together; each one is rounded up to whole cache lines.
 * @dir: What the device will do with them.
 *
 * Context: Process context.
 * Return: The pool, to be destroyed before vb2_ipu_device_destroy(); an ERR_PTR, see
 * vb2_ipu_mem_alloc().
 */
struct vb2_ipu_pool *vb2_ipu_pool_create(struct vb2_ipu_device *vid, const char *label, size_t size,
					 enum dma_data_direction dir)
{
	struct vb2_ipu_pool *pool = kzalloc(sizeof(*pool), GFP_KERNEL);
	int ret = -ENOMEM;

	if (!pool)
		return ERR_PTR(-ENOMEM);
	/* Or the last block's last line would not be there to be cut off. */
	size = ALIGN(size, ipu_cache_line_size());
	pool->mem = vb2_ipu_mem_alloc(vid, label, size, dir);
	if (IS_ERR(pool->mem)) {
		ret = PTR_ERR(pool->mem);
		goto err_free;
	}
	pool->blocks = gen_pool_create(ilog2(ipu_cache_line_size()), NUMA_NO_NODE);
	if (!pool->blocks)
		goto err_mem;
	/* The device's addresses are all that genalloc takes for physical ones. */
	ret = gen_pool_add_virt(pool->blocks, (unsigned long)vb2_ipu_mem_vaddr(pool->mem),
				vb2_ipu_mem_dma_addr(pool->mem), size, NUMA_NO_NODE);
	if (ret)
		goto err_blocks;
	return pool;

err_blocks:
	gen_pool_destroy(pool->blocks);
err_mem:
	vb2_ipu_mem_free(pool->mem);
err_free:
	kfree(pool);
	return ERR_PTR(ret);
}
EXPORT_SYMBOL_GPL(vb2_ipu_pool_create);

/**
 * vb2_ipu_pool_destroy() - free a pool
 * @pool: The pool, or %NULL. All of its blocks have been freed.
 *
 * Context: Process context.
 */
void vb2_ipu_pool_destroy(struct vb2_ipu_pool *pool)
{
	if (!pool)
		return;
	gen_pool_destroy(pool->blocks);
	vb2_ipu_mem_free(pool->mem);
	kfree(pool);
}
EXPORT_SYMBOL_GPL(vb2_ipu_pool_destroy);

/**
 * vb2_ipu_pool_alloc() - cut a block
 * @pool: The pool.
 * @size: Bytes.
 * @dma: Where to put the device's address of the block.
 *
 * The block is zeroed, and the device sees the zeroes. Nothing is mapped for it.
 *
 * Context: Any.
 * Return: The driver's address of the block, at the start of a cache line; %NULL if there is no
 * room.
 */
void *vb2_ipu_pool_alloc(struct vb2_ipu_pool *pool, size_t size, dma_addr_t *dma)
{
	void *vaddr = gen_pool_dma_alloc(pool->blocks, size, dma);

	if (!vaddr)
		return NULL;
	memset(vaddr, 0, size);
	vb2_ipu_pool_sync_for_device(pool, vaddr, size);
	return vaddr;
}
EXPORT_SYMBOL_GPL(vb2_ipu_pool_alloc);

/**
 * vb2_ipu_pool_free() - give back a block
 * @pool: The pool.
 * @vaddr: What vb2_ipu_pool_alloc() returned. The device no longer accesses it.
 * @size: Bytes, as allocated.
 *
 * Context: Any.
 */
void vb2_ipu_pool_free(struct vb2_ipu_pool *pool, void *vaddr, size_t size)
{
	gen_pool_free(pool->blocks, (unsigned long)vaddr, size);
}
EXPORT_SYMBOL_GPL(vb2_ipu_pool_free);

static size_t ipu_pool_offset(struct vb2_ipu_pool *pool, const void *vaddr)
{
	return vaddr - vb2_ipu_mem_vaddr(pool->mem);
}

/**
 * vb2_ipu_pool_sync_for_device() - let the device see what the driver wrote
 * @pool: The pool.
 * @vaddr: Start, within a block.
 * @size: Bytes, within the block.
 *
 * See vb2_ipu_mem_sync_for_device().
 *
 * Context: Any; takes time in proportion to @size.
 */
void vb2_ipu_pool_sync_for_device(struct vb2_ipu_pool *pool, void *vaddr, size_t size)
{
	vb2_ipu_mem_sync_for_device(pool->mem, ipu_pool_offset(pool, vaddr), size);
}
EXPORT_SYMBOL_GPL(vb2_ipu_pool_sync_for_device);

/**
 * vb2_ipu_pool_sync_ranges_for_device() - let the device see what the driver wrote in several
 *	places of a block
 * @pool: The pool.
 * @vaddr: The block.
 * @ranges: The places, from the block's start.
 * @count: How many.
 *
 * See vb2_ipu_mem_sync_ranges_for_device().
 *
 * Context: Any; takes time in proportion to the sizes.
 */
void vb2_ipu_pool_sync_ranges_for_device(struct vb2_ipu_pool *pool, void *vaddr,
					 const struct vb2_ipu_range *ranges, unsigned int count)
{
	vb2_ipu_mem_sync_ranges_for_device(pool->mem, ipu_pool_offset(pool, vaddr), ranges, count);
}
EXPORT_SYMBOL_GPL(vb2_ipu_pool_sync_ranges_for_device);

/**
 * vb2_ipu_pool_sync_for_cpu() - let the driver see what the device wrote
 * @pool: The pool.
 * @vaddr: Start, within a block.
 * @size: Bytes, within the block.
 *
 * See vb2_ipu_mem_sync_for_cpu().
 *
 * Context: Any; takes time in proportion to @size.
 */
void vb2_ipu_pool_sync_for_cpu(struct vb2_ipu_pool *pool, void *vaddr, size_t size)
{
	vb2_ipu_mem_sync_for_cpu(pool->mem, ipu_pool_offset(pool, vaddr), size);
}
EXPORT_SYMBOL_GPL(vb2_ipu_pool_sync_for_cpu);
