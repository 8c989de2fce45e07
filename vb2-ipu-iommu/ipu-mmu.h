/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The IPU MMU as an IOMMU: one instance per bound PCI function, one translated device behind it,
 * one DMA domain.
 */
#ifndef VB2_IPU_IOMMU_IPU_MMU_H
#define VB2_IPU_IOMMU_IPU_MMU_H

#include <linux/types.h>

#include "ipu-mmu-power.h"

struct device;
struct ipu_mmu;
struct ipu_stats;
struct vb2_ipu_device_config;

int ipu_mmu_init(void);
void ipu_mmu_exit(void);
struct ipu_mmu *ipu_mmu_create(struct device *parent, const struct vb2_ipu_device_config *config,
			       struct ipu_stats *stats);
void ipu_mmu_destroy(struct ipu_mmu *mmu);
int ipu_mmu_reserve(struct ipu_mmu *mmu, size_t size);
void ipu_mmu_unreserve(struct ipu_mmu *mmu, int tables);
struct device *ipu_mmu_translated_device(struct ipu_mmu *mmu);
struct page *ipu_mmu_guard(struct ipu_mmu *mmu);

#endif /* VB2_IPU_IOMMU_IPU_MMU_H */
