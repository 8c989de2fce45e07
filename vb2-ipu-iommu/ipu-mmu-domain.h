/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The address space of a translated device, and the IOMMU core's view of the MMU.
 */
#ifndef VB2_IPU_IOMMU_IPU_MMU_DOMAIN_H
#define VB2_IPU_IOMMU_IPU_MMU_DOMAIN_H

#include <linux/gfp_types.h>

struct iommu_ops;
struct ipu_mmu;
struct ipu_table;

extern const struct iommu_ops ipu_iommu_ops;

struct ipu_table *ipu_domain_table_alloc(struct ipu_mmu *mmu, gfp_t gfp);

#endif /* VB2_IPU_IOMMU_IPU_MMU_DOMAIN_H */
