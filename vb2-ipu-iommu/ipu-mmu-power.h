/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an MMU is told of its power.
 */
#ifndef VB2_IPU_IOMMU_IPU_MMU_POWER_H
#define VB2_IPU_IOMMU_IPU_MMU_POWER_H

#include <linux/types.h>

struct ipu_mmu;

int ipu_mmu_power_on(struct ipu_mmu *mmu);
bool ipu_mmu_power_off(struct ipu_mmu *mmu);

#endif /* VB2_IPU_IOMMU_IPU_MMU_POWER_H */
