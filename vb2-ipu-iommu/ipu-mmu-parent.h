/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory as the PCI function sees it that the MMU is a part of.
 */
#ifndef VB2_IPU_IOMMU_IPU_MMU_PARENT_H
#define VB2_IPU_IOMMU_IPU_MMU_PARENT_H

#include <linux/dma-direction.h>
#include <linux/gfp_types.h>
#include <linux/types.h>

#include "stats.h"

struct device;

/**
 * struct ipu_mmu_parent - how the MMU reads memory
 * @dev: The PCI function. A driver is bound to it for as long as the MMU lives.
 * @noncoherent: The MMU does not see the CPU's caches when it walks.
 * @zone: Further flags to allocate tables with, so that the PCI function reaches them.
 * @direct: No IOMMU stands before the PCI function: its addresses need no bookkeeping.
 * @plain: Nor does anything else: they are memory's, see ipu_dma_is_plain().
 * @stats: Counters.
 */
struct ipu_mmu_parent {
	struct device *dev;
	bool noncoherent;
	gfp_t zone;
	bool direct;
	bool plain;
	struct ipu_stats *stats;
};

int ipu_mmu_map_for_parent(const struct ipu_mmu_parent *parent, phys_addr_t phys, size_t size,
			   enum dma_data_direction dir, dma_addr_t *dma);

#endif /* VB2_IPU_IOMMU_IPU_MMU_PARENT_H */
