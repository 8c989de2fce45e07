/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The address space of a translated device, and the IOMMU core's view of the MMU.
 */
#ifndef VB2_IPU_IOMMU_IPU_MMU_DOMAIN_H
#define VB2_IPU_IOMMU_IPU_MMU_DOMAIN_H

#include <linux/dma-direction.h>
#include <linux/gfp_types.h>
#include <linux/math.h>
#include <linux/scatterlist.h>
#include <linux/types.h>

#include "ipu-mmu-pte.h"

struct iommu_domain;
struct iommu_ops;
struct ipu_mmu;
struct ipu_table;

extern const struct iommu_ops ipu_iommu_ops;

/**
 * ipu_sg_pages() - how many pages of the device's addresses an entry of a table takes
 * @sg: The entry.
 *
 * Context: Any.
 * Return: The number.
 */
static inline size_t ipu_sg_pages(const struct scatterlist *sg)
{
	return DIV_ROUND_UP(sg->offset % IPU_MMU_PAGE_SIZE + sg->length, IPU_MMU_PAGE_SIZE);
}

struct ipu_table *ipu_domain_table_alloc(struct ipu_mmu *mmu, gfp_t gfp);
int ipu_domain_map_table(struct iommu_domain *domain, unsigned long iova, struct sg_table *sgt,
			 size_t pages, enum dma_data_direction dir);
void ipu_domain_unmap(struct iommu_domain *domain, unsigned long iova, size_t pages);

#endif /* VB2_IPU_IOMMU_IPU_MMU_DOMAIN_H */
