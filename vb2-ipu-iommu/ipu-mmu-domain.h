/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The address space of a translated device, and the IOMMU core's view of the MMU.
 */
#ifndef VB2_IPU_IOMMU_IPU_MMU_DOMAIN_H
#define VB2_IPU_IOMMU_IPU_MMU_DOMAIN_H

struct iommu_ops;

extern const struct iommu_ops ipu_iommu_ops;

#endif /* VB2_IPU_IOMMU_IPU_MMU_DOMAIN_H */
