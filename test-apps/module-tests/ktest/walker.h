/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A translation as the hardware makes it: from the first-level table's DMA address, by reading
 * memory. Nothing here is shared with the driver, the layout of the entries included.
 */
#ifndef KTEST_WALKER_H
#define KTEST_WALKER_H

#include <linux/types.h>

int ktest_read(dma_addr_t dma, void *buffer, size_t size);
int ktest_walk_table(dma_addr_t l1, u32 iova, dma_addr_t *table);
int ktest_walk(dma_addr_t l1, u32 iova, dma_addr_t *dma);
phys_addr_t ktest_walk_phys(dma_addr_t l1, u32 iova);
bool ktest_reads_zeroes(dma_addr_t l1, u32 iova);

#endif /* KTEST_WALKER_H */
