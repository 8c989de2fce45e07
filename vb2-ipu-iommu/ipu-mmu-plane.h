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

struct iommu_domain;
struct ipu_mmu;
struct sg_table;

/* No memory's address: more than an entry of the MMU's can hold. */
#define IPU_PLANE_TAG	BIT_ULL(51)

/**
 * struct ipu_plane - a range of addresses
 * @dma: Its first address.
 * @size: Bytes, whole pages.
 * @iova: As iommu-dma knows it.
 */
struct ipu_plane {
	dma_addr_t dma;
	size_t size;
#if IPU_HAS_DMA_IOVA
	struct dma_iova_state iova;
#endif
};

int ipu_plane_map(struct ipu_mmu *mmu, struct ipu_plane *plane, struct sg_table *sgt,
		  enum dma_data_direction dir);
void ipu_plane_unmap(struct ipu_mmu *mmu, struct ipu_plane *plane);
int ipu_plane_map_pages(struct ipu_mmu *mmu, struct iommu_domain *domain, unsigned long iova,
			size_t pages, size_t *mapped);

#endif /* VB2_IPU_IOMMU_IPU_MMU_PLANE_H */
