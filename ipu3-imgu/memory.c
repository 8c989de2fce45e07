// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocks of memory that driver and firmware share.
 */
#include <linux/cache.h>
#include <linux/err.h>
#include <media/vb2-ipu-iommu.h>

#include "memory.h"

/**
 * imgu_blocks_alloc() - allocate blocks
 * @blocks: The blocks, with their sizes, which do not change before imgu_blocks_free().
 * @vid: The device.
 * @label: What they are for, in debugfs; a word that lasts as long as the blocks.
 * @dir: What the device does with them.
 *
 * The blocks are zeroed, and the device sees the zeroes.
 *
 * Context: Process context.
 * Return: 0, or what vb2_ipu_pool_create() said.
 */
int imgu_blocks_alloc(struct imgu_blocks *blocks, struct vb2_ipu_device *vid,
		      const char *label, enum dma_data_direction dir)
{
	struct vb2_ipu_pool *pool;
	size_t size = 0;
	unsigned int i;

	/* No line of a cache is longer than what the kernel keeps apart for it. */
	for (i = 0; i < blocks->count; i++)
		size += ALIGN(blocks->block[i].size, L1_CACHE_BYTES);
	pool = vb2_ipu_pool_create(vid, label, size, dir);
	if (IS_ERR(pool))
		return PTR_ERR(pool);
	blocks->pool = pool;
	for (i = 0; i < blocks->count; i++) {
		struct imgu_block *block = &blocks->block[i];
		dma_addr_t dma;

		if (!block->size)
			continue;
		block->vaddr = vb2_ipu_pool_alloc(pool, block->size, &dma);
		if (!block->vaddr) {
			imgu_blocks_free(blocks);
			return -ENOMEM;
		}
		block->dma = dma;
	}
	return 0;
}

/**
 * imgu_blocks_free() - free blocks
 * @blocks: The blocks, which the device no longer uses; allocated, in part, or not at all.
 *
 * Context: Process context.
 */
void imgu_blocks_free(struct imgu_blocks *blocks)
{
	unsigned int i;

	for (i = 0; i < blocks->count; i++) {
		struct imgu_block *block = &blocks->block[i];

		if (block->vaddr)
			vb2_ipu_pool_free(blocks->pool, block->vaddr, block->size);
		block->vaddr = NULL;
	}
	vb2_ipu_pool_destroy(blocks->pool);
	blocks->pool = NULL;
}

/**
 * imgu_blocks_sync() - let the device see what was written to a block
 * @blocks: The block's.
 * @block: The block.
 * @offset: Where, bytes from its begin.
 * @size: How much, bytes.
 *
 * Context: Any; takes time in proportion to @size.
 */
void imgu_blocks_sync(struct imgu_blocks *blocks, const struct imgu_block *block, u32 offset,
		      u32 size)
{
	vb2_ipu_pool_sync_for_device(blocks->pool, block->vaddr + offset, size);
}

/**
 * imgu_blocks_sync_ranges() - let the device see what was written in several places of a block
 * @blocks: The block's.
 * @block: The block.
 * @changed: The places.
 *
 * Context: Any; takes time in proportion to the sizes.
 */
void imgu_blocks_sync_ranges(struct imgu_blocks *blocks, const struct imgu_block *block,
			     const struct imgu_ranges *changed)
{
	struct vb2_ipu_range ranges[IMGU_SECTIONS];
	u32 i;

	for (i = 0; i < changed->count; i++)
		ranges[i] = (struct vb2_ipu_range){
			.offset = changed->range[i].offset,
			.size = changed->range[i].size,
		};
	vb2_ipu_pool_sync_ranges_for_device(blocks->pool, block->vaddr, ranges, changed->count);
}
