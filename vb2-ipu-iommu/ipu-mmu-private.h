/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the IPU MMU share.
 */
#ifndef VB2_IPU_IOMMU_IPU_MMU_PRIVATE_H
#define VB2_IPU_IOMMU_IPU_MMU_PRIVATE_H

#include <linux/dma-direction.h>
#include <linux/iommu.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "ipu-mmu.h"
#include "ipu-mmu-table.h"
#include "stats.h"

struct fwnode_handle;
struct platform_device;

/**
 * struct ipu_mmu - one MMU
 * @parent: The PCI function. A driver is bound to it for as long as this lives.
 * @ops: How to reach the hardware.
 * @hw: For @ops.
 * @noncoherent: The function sees the CPU's caches neither when its MMU walks the tables nor when
 *	it accesses a buffer: one flag, for it is one bus master that does both.
 * @stats: Counters.
 * @zone: Further flags to allocate tables with, so that the PCI function reaches them.
 * @direct: No IOMMU stands before the PCI function: its addresses need no bookkeeping.
 * @lock: Covers @powered, @l1 and each call of @ops. Innermost.
 * @powered: The hardware can be accessed.
 * @l1: The first-level table in use, as the PCI function emits it.
 * @zeroes: The page that every unmapped address leads to.
 * @empty_l2: All of its entries lead to @zeroes.
 * @empty_l1: All of its entries lead to @empty_l2.
 * @iommu: As the IOMMU core knows it.
 * @fwnode: What ties the translated device to @iommu.
 * @translated: The translated device.
 */
struct ipu_mmu {
	struct device *parent;
	const struct ipu_mmu_hw_ops *ops;
	void *hw;
	bool noncoherent;
	struct ipu_stats *stats;
	gfp_t zone;
	bool direct;
	raw_spinlock_t lock;
	bool powered;
	dma_addr_t l1;
	struct ipu_table *zeroes;
	struct ipu_table *empty_l2;
	struct ipu_table *empty_l1;
	struct iommu_device iommu;
	struct fwnode_handle *fwnode;
	struct platform_device *translated;
};

extern const struct iommu_ops ipu_iommu_ops;

int ipu_mmu_map_for_parent(struct ipu_mmu *mmu, phys_addr_t phys, size_t size,
			   enum dma_data_direction dir, dma_addr_t *dma);
void ipu_mmu_use_l1(struct ipu_mmu *mmu, dma_addr_t l1);
void ipu_mmu_invalidate(struct ipu_mmu *mmu, dma_addr_t l1);

#endif /* VB2_IPU_IOMMU_IPU_MMU_PRIVATE_H */
