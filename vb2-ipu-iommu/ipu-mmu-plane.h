/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Planes: memory that gets one range of the translated device's addresses.
 */
#ifndef VB2_IPU_IOMMU_IPU_MMU_PLANE_H
#define VB2_IPU_IOMMU_IPU_MMU_PLANE_H

#include <linux/dma-direction.h>
#include <linux/dma-mapping.h>
#include <linux/types.h>

#include "compat.h"
#include "ipu-mmu-parent.h"

struct iommu_domain;
struct ipu_mmu;
struct sg_table;

/* No memory's address: more than an entry of the MMU's can hold. */
#define IPU_PLANE_TAG	BIT_ULL(51)

/**
 * struct ipu_plane - memory in a range of addresses
 * @dma: The first page's address.
 * @pages: Pages of memory; a guard comes after them, if the MMU has one.
 * @seen: The memory as the PCI function sees it.
 * @iova: The range as iommu-dma knows it.
 */
struct ipu_plane {
	dma_addr_t dma;
	size_t pages;
	struct ipu_parent_table seen;
#if IPU_HAS_DMA_IOVA
	struct dma_iova_state iova;
#endif
};

int ipu_plane_map(struct ipu_mmu *mmu, struct ipu_plane *plane, struct sg_table *sgt, size_t size,
		  enum dma_data_direction dir);
void ipu_plane_unmap(struct ipu_mmu *mmu, struct ipu_plane *plane);
int ipu_plane_map_pages(struct ipu_mmu *mmu, struct iommu_domain *domain, unsigned long iova,
			size_t pages, size_t *mapped);

#endif /* VB2_IPU_IOMMU_IPU_MMU_PLANE_H */
