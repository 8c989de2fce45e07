/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CPU's cache lines, and the counters of what was done to them.
 */
#ifndef VB2_IPU_IOMMU_CACHE_H
#define VB2_IPU_IOMMU_CACHE_H

#include <linux/atomic.h>
#include <linux/types.h>

size_t ipu_cache_flush(atomic64_t *lines, const void *vaddr, size_t size);
size_t ipu_cache_flush_unordered(const void *vaddr, size_t size);
void ipu_cache_order(void);
size_t ipu_cache_line_size(void);
size_t ipu_cache_lines(const void *vaddr, size_t size);

#endif /* VB2_IPU_IOMMU_CACHE_H */
