/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buffers of the backend's own pages.
 */
#ifndef VB2_IPU_IOMMU_PAGES_BUFFER_H
#define VB2_IPU_IOMMU_PAGES_BUFFER_H

#include <linux/dma-direction.h>
#include <linux/types.h>

struct device;
struct ipu_buffer;
struct vb2_buffer;
struct vm_area_struct;

struct ipu_buffer *ipu_pages_buffer_new(struct device *dma_dev, struct vb2_buffer *vb,
					enum dma_data_direction dir, size_t size);
struct ipu_buffer *ipu_pages_buffer_new_sink(struct device *dma_dev, size_t size);
void ipu_pages_buffer_put(struct ipu_buffer *buf);
int ipu_pages_buffer_mmap(struct ipu_buffer *buf, struct vm_area_struct *vma);
void *ipu_pages_buffer_vmap(struct ipu_buffer *buf);
void ipu_pages_buffer_vunmap(struct ipu_buffer *buf);

#endif /* VB2_IPU_IOMMU_PAGES_BUFFER_H */
