/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory for buffers, in the largest runs of pages that there are.
 */
#ifndef VB2_IPU_IOMMU_PAGES_H
#define VB2_IPU_IOMMU_PAGES_H

#include <linux/gfp_types.h>
#include <linux/types.h>

struct device;
struct page;

struct page **ipu_pages_alloc(struct device *dev, unsigned int count, gfp_t more);
void ipu_pages_free(struct page **pages, unsigned int count);

#endif /* VB2_IPU_IOMMU_PAGES_H */
