/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Blocks: pieces of memory that driver and firmware share, cut from one of the backend's pools. The
 * sizes of all of them are set first, then they are allocated together.
 */
#ifndef IPU3_IMGU_MEMORY_H
#define IPU3_IMGU_MEMORY_H

#include <linux/dma-direction.h>
#include <linux/types.h>

#include "settings.h"

struct vb2_ipu_device;
struct vb2_ipu_pool;

/**
 * struct imgu_block - a piece of memory
 * @size: Bytes; 0: nothing is allocated, and the address is 0.
 * @vaddr: Where the driver finds it, at the start of a cache line.
 * @dma: Where the device does.
 * @written: Which settings it holds, if it holds any.
 * @users: Who uses it. The owner's business, like @written.
 */
struct imgu_block {
	u32 size;
	void *vaddr;
	u32 dma;
	struct imgu_written written;
	unsigned int users;
};

/**
 * struct imgu_blocks - blocks of one pool
 * @pool: Their memory.
 * @count: How many.
 * @block: The blocks.
 */
struct imgu_blocks {
	struct vb2_ipu_pool *pool;
	unsigned int count;
	struct imgu_block *block;
};

int imgu_blocks_alloc(struct imgu_blocks *blocks, struct vb2_ipu_device *vid,
		      const char *label, enum dma_data_direction dir);
void imgu_blocks_free(struct imgu_blocks *blocks);
void imgu_blocks_sync(struct imgu_blocks *blocks, const struct imgu_block *block, u32 offset,
		      u32 size);
void imgu_blocks_sync_ranges(struct imgu_blocks *blocks, const struct imgu_block *block,
			     const struct imgu_ranges *changed);

#endif
