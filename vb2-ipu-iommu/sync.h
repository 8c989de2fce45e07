/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeping a buffer's cache lines right.
 */
#ifndef VB2_IPU_IOMMU_SYNC_H
#define VB2_IPU_IOMMU_SYNC_H

#include <linux/types.h>

#include "coherency.h"

struct ipu_buffer;

void ipu_buffer_begin(struct ipu_buffer *buf);
void ipu_buffer_end(struct ipu_buffer *buf);
void ipu_buffer_settle(struct ipu_buffer *buf, size_t bytes, bool skip);
void ipu_buffer_forget_end(struct ipu_buffer *buf);
void ipu_buffer_open_view(struct ipu_buffer *buf, enum ipu_viewer viewer, bool writable);
void ipu_buffer_close_view(struct ipu_buffer *buf, enum ipu_viewer viewer, bool writable);
void ipu_buffer_check_pins(struct ipu_buffer *buf);
void ipu_buffer_flush(struct ipu_buffer *buf, size_t offset, size_t size);
void ipu_buffer_flush_runs(struct ipu_buffer *buf, size_t offset, size_t size);
size_t ipu_buffer_flush_unordered(struct ipu_buffer *buf, size_t offset, size_t size);
bool ipu_ddio(void);

#endif /* VB2_IPU_IOMMU_SYNC_H */
