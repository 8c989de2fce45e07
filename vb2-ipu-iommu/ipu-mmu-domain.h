/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The address space of a translated device, and the IOMMU core's view of the MMU.
 */
#ifndef VB2_IPU_IOMMU_IPU_MMU_DOMAIN_H
#define VB2_IPU_IOMMU_IPU_MMU_DOMAIN_H

#include <linux/dma-direction.h>
#include <linux/gfp_types.h>
#include <linux/types.h>

struct iommu_domain;
struct iommu_ops;
struct ipu_mmu;
struct ipu_parent_table;
struct ipu_table;
struct sg_table;

extern const struct iommu_ops ipu_iommu_ops;

struct ipu_table *ipu_domain_table_alloc(struct ipu_mmu *mmu, gfp_t gfp);
void ipu_domain_drop_kept(struct ipu_mmu *mmu);
int ipu_domain_map_table(struct iommu_domain *domain, unsigned long iova, size_t pages,
			 struct sg_table *sgt, enum dma_data_direction dir,
			 struct ipu_parent_table *seen);
void ipu_domain_unmap_table(struct iommu_domain *domain, unsigned long iova, size_t pages,
			    struct ipu_parent_table *seen);

#endif /* VB2_IPU_IOMMU_IPU_MMU_DOMAIN_H */
