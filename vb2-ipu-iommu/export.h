/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buffers exported as dma-bufs.
 */
#ifndef VB2_IPU_IOMMU_EXPORT_H
#define VB2_IPU_IOMMU_EXPORT_H

struct dma_buf;
struct ipu_buffer;

struct dma_buf *ipu_export(struct ipu_buffer *buf, unsigned long flags);
struct ipu_buffer *ipu_export_origin(struct dma_buf *dmabuf);

#endif /* VB2_IPU_IOMMU_EXPORT_H */
