// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory as the PCI function sees it that the MMU is a part of.
 */
#include <linux/atomic.h>
#include <linux/device.h>

#include "dma-address.h"
#include "ipu-mmu-parent.h"
#include "ipu-mmu-pte.h"

/**
 * ipu_mmu_map_for_parent() - the PCI function's address of memory
 * @parent: The PCI function.
 * @phys: Start of the memory, page aligned.
 * @size: Bytes, a multiple of the page size.
 * @dir: What the device does.
 * @dma: Where to put the address, which an entry can hold. To be undone by ipu_dma_unmap().
 *
 * Context: Any.
 * Return: 0, or what ipu_dma_map() said; -EIO as well for an address that is too long.
 */
int ipu_mmu_map_for_parent(const struct ipu_mmu_parent *parent, phys_addr_t phys, size_t size,
			   enum dma_data_direction dir, dma_addr_t *dma)
{
	int ret = ipu_dma_map(parent->dev, phys, size, dir, dma);

	if (!ret &&
	    (!ipu_mmu_pte_fits(*dma) || !ipu_mmu_pte_fits(*dma + size - IPU_MMU_PAGE_SIZE))) {
		ipu_dma_unmap(parent->dev, *dma, size, dir);
		ret = -EIO;
	}
	if (ret) {
		atomic64_inc(&parent->stats->faults);
		dev_err_ratelimited(parent->dev, "MMU: no address for %zu bytes at %pa: %d\n", size,
				    &phys, ret);
	}
	return ret;
}
