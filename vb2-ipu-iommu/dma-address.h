/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DMA addresses of a device and the physical addresses behind them.
 */
#ifndef VB2_IPU_IOMMU_DMA_ADDRESS_H
#define VB2_IPU_IOMMU_DMA_ADDRESS_H

#include <linux/dma-direct.h>
#include <linux/dma-direction.h>
#include <linux/types.h>

struct device;
struct sg_table;

/**
 * ipu_dma_plain() - a device's address of memory
 * @dev: The device, see ipu_dma_is_plain().
 * @phys: The memory's address.
 *
 * Context: Any.
 * Return: The address. ipu_dma_map() tells whether the device can use it.
 */
static inline dma_addr_t ipu_dma_plain(struct device *dev, phys_addr_t phys)
{
	return phys_to_dma(dev, phys);
}

bool ipu_dma_is_direct(struct device *dev);
bool ipu_dma_is_plain(struct device *dev);
phys_addr_t ipu_dma_to_phys(struct device *dev, dma_addr_t dma);
int ipu_dma_map(struct device *dev, phys_addr_t phys, size_t size, enum dma_data_direction dir,
		dma_addr_t *dma);
void ipu_dma_unmap(struct device *dev, dma_addr_t dma, size_t size, enum dma_data_direction dir);
int ipu_dma_map_sgtable(struct device *dev, struct sg_table *sgt, enum dma_data_direction dir,
			unsigned long attrs);
int ipu_dma_map_table(struct device *dev, struct sg_table *sgt, enum dma_data_direction dir);
void ipu_dma_unmap_table(struct device *dev, struct sg_table *sgt, enum dma_data_direction dir);

#endif /* VB2_IPU_IOMMU_DMA_ADDRESS_H */
