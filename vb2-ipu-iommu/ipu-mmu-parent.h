/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory as the PCI function sees it that the MMU is a part of.
 */
#ifndef VB2_IPU_IOMMU_IPU_MMU_PARENT_H
#define VB2_IPU_IOMMU_IPU_MMU_PARENT_H

#include <linux/dma-direction.h>
#include <linux/gfp_types.h>
#include <linux/math.h>
#include <linux/scatterlist.h>
#include <linux/types.h>

#include "ipu-mmu-pte.h"
#include "stats.h"

struct device;

/**
 * struct ipu_mmu_parent - how the MMU reads memory
 * @dev: The PCI function. A driver is bound to it for as long as the MMU lives.
 * @noncoherent: The MMU does not see the CPU's caches when it walks.
 * @zone: Further flags to allocate tables with, so that the PCI function reaches them.
 * @direct: No IOMMU stands before the PCI function: its addresses need no bookkeeping.
 * @plain: Nor does anything else: they are memory's, see ipu_dma_is_plain().
 * @plain_zero: If so, its address of memory at 0.
 * @stats: Counters.
 */
struct ipu_mmu_parent {
	struct device *dev;
	bool noncoherent;
	gfp_t zone;
	bool direct;
	bool plain;
	dma_addr_t plain_zero;
	struct ipu_stats *stats;
};

/**
 * struct ipu_parent_table - a table's memory as the PCI function sees it
 * @sgt: The same memory in whole pages, with the PCI function's addresses; without entries where
 *	those are plain.
 * @dir: As mapped.
 */
struct ipu_parent_table {
	struct sg_table sgt;
	enum dma_data_direction dir;
};

/**
 * ipu_sg_pages() - how many pages an entry of a table takes
 * @sg: The entry, which begins in its first page.
 *
 * Context: Any.
 * Return: The number.
 */
static inline size_t ipu_sg_pages(const struct scatterlist *sg)
{
	return DIV_ROUND_UP(sg->offset + sg->length, IPU_MMU_PAGE_SIZE);
}

/**
 * ipu_sg_first_page() - the address of an entry's first page
 * @sg: The entry.
 *
 * Context: Any.
 * Return: The physical address.
 */
static inline phys_addr_t ipu_sg_first_page(struct scatterlist *sg)
{
	return ALIGN_DOWN(sg_phys(sg), IPU_MMU_PAGE_SIZE);
}

int ipu_mmu_map_for_parent(const struct ipu_mmu_parent *parent, phys_addr_t phys, size_t size,
			   enum dma_data_direction dir, dma_addr_t *dma);
int ipu_mmu_map_table_for_parent(const struct ipu_mmu_parent *parent,
				 struct ipu_parent_table *table, struct sg_table *sgt,
				 enum dma_data_direction dir);
void ipu_mmu_unmap_table_for_parent(const struct ipu_mmu_parent *parent,
				    struct ipu_parent_table *table);

#endif /* VB2_IPU_IOMMU_IPU_MMU_PARENT_H */
