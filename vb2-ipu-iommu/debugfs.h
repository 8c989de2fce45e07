/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /sys/kernel/debug/vb2-ipu-iommu/NAME.PCI-FUNCTION/{stats,buffers}
 */
#ifndef VB2_IPU_IOMMU_DEBUGFS_H
#define VB2_IPU_IOMMU_DEBUGFS_H

struct vb2_ipu_device;

void ipu_debugfs_init(void);
void ipu_debugfs_exit(void);
void ipu_debugfs_add(struct vb2_ipu_device *vid, const char *name);
void ipu_debugfs_remove(struct vb2_ipu_device *vid);

#endif /* VB2_IPU_IOMMU_DEBUGFS_H */
