/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tables of a buffer's runs of pages, and the page that comes after them.
 */
#ifndef VB2_IPU_IOMMU_RUNS_H
#define VB2_IPU_IOMMU_RUNS_H

#include <linux/gfp_types.h>

struct ipu_buffer;
struct page;
struct sg_table;

int ipu_runs_copy(struct sg_table *to, const struct ipu_buffer *from, struct page *guard,
		  gfp_t gfp);
int ipu_runs_end(struct ipu_buffer *buf);

#endif /* VB2_IPU_IOMMU_RUNS_H */
