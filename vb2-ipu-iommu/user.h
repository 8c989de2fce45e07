/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buffers of user memory (USERPTR).
 */
#ifndef VB2_IPU_IOMMU_USER_H
#define VB2_IPU_IOMMU_USER_H

#include <linux/dma-direction.h>
#include <linux/types.h>

struct device;
struct ipu_buffer;
struct vb2_buffer;

struct ipu_buffer *ipu_user_buffer_new(struct device *dma_dev, struct vb2_buffer *vb,
				       enum dma_data_direction dir, unsigned long vaddr,
				       size_t size);
void ipu_user_buffer_put(struct ipu_buffer *buf);

#endif /* VB2_IPU_IOMMU_USER_H */
