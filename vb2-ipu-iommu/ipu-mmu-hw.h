/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One MMU, and its tie to the hardware.
 */
#ifndef VB2_IPU_IOMMU_IPU_MMU_HW_H
#define VB2_IPU_IOMMU_IPU_MMU_HW_H

#include <linux/iommu.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "ipu-mmu-parent.h"

struct fwnode_handle;
struct ipu_mmu_hw_ops;
struct ipu_plane_request;
struct ipu_table;
struct platform_device;

/**
 * struct ipu_mmu - one MMU
 * @parent: How it reads memory.
 * @ops: How to reach the hardware.
 * @hw: For @ops.
 * @noncoherent: The device does not see the CPU's caches when it accesses what is mapped.
 * @input_bits: Bits of the addresses that the device emits.
 * @change: Serialises changes of power and of the first level, for which the hardware is halted.
 *	Taken before @lock.
 * @lock: Covers @powered, @l1 and each call of @ops but halt and unhalt. Innermost.
 * @powered: The hardware can be accessed.
 * @l1: The first-level table in use, as the PCI function emits it.
 * @zeroes: The page that every unmapped address leads to.
 * @guard: The page that comes after each buffer; %NULL if there is none.
 * @empty_l2: All of its entries lead to @zeroes.
 * @empty_l1: All of its entries lead to @empty_l2.
 * @max_segment: The PCI function's limit of a segment, as it was before.
 * @kept: A table of the second level that has gone out of use, or %NULL. Taken and left by xchg().
 * @reserve: Covers what follows up to @wanted. Innermost.
 * @spare: Tables of the second level, as new, for who maps in a context that cannot wait.
 * @spares: How many.
 * @wanted: How many those want who are about to map.
 * @placing: Serialises those who use @request. Taken before all other locks of the MMU's.
 * @request: What the domain is to map when it is given &IPU_PLANE_TAG.
 * @iommu: As the IOMMU core knows it.
 * @fwnode: What ties the translated device to @iommu.
 * @translated: The translated device.
 */
struct ipu_mmu {
	struct ipu_mmu_parent parent;
	const struct ipu_mmu_hw_ops *ops;
	void *hw;
	bool noncoherent;
	unsigned int input_bits;
	struct mutex change; /* one change of power or of the first level at a time */
	raw_spinlock_t lock; /* covers @powered, @l1 and each call of @ops */
	bool powered;
	dma_addr_t l1;
	struct ipu_table *zeroes;
	struct ipu_table *guard;
	struct ipu_table *empty_l2;
	struct ipu_table *empty_l1;
	unsigned int max_segment;
	struct ipu_table *kept;
	spinlock_t reserve; /* covers @spare, @spares and @wanted */
	struct list_head spare;
	unsigned int spares;
	unsigned int wanted;
	struct mutex placing; /* covers @request */
	struct ipu_plane_request *request;
	struct iommu_device iommu;
	struct fwnode_handle *fwnode;
	struct platform_device *translated;
};

void ipu_mmu_use_l1(struct ipu_mmu *mmu, dma_addr_t l1);
void ipu_mmu_invalidate(struct ipu_mmu *mmu, dma_addr_t l1);

#endif /* VB2_IPU_IOMMU_IPU_MMU_HW_H */
