/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buffers imported as dma-bufs.
 */
#ifndef VB2_IPU_IOMMU_IMPORT_H
#define VB2_IPU_IOMMU_IMPORT_H

#include <linux/dma-direction.h>
#include <linux/types.h>

struct device;
struct dma_buf;
struct ipu_buffer;
struct vb2_buffer;

struct ipu_buffer *ipu_import_new(struct device *dma_dev, struct vb2_buffer *vb,
				  struct dma_buf *dmabuf, enum dma_data_direction dir, size_t size);
void ipu_import_put(struct ipu_buffer *buf);
int ipu_import_map(struct ipu_buffer *buf);
void ipu_import_unmap(struct ipu_buffer *buf);

#endif /* VB2_IPU_IOMMU_IMPORT_H */
