/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hibernation, where memory is read and written behind everybody's back.
 */
#ifndef VB2_IPU_IOMMU_HIBERNATION_H
#define VB2_IPU_IOMMU_HIBERNATION_H

int ipu_hibernation_init(void);
void ipu_hibernation_exit(void);
void ipu_hibernation_flush(void);

#endif /* VB2_IPU_IOMMU_HIBERNATION_H */
