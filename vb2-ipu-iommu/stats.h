/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters of one device instance, shown in debugfs. Each is changed by atomic operations, without
 * a lock.
 */
#ifndef VB2_IPU_IOMMU_STATS_H
#define VB2_IPU_IOMMU_STATS_H

#include <linux/atomic.h>

/**
 * struct ipu_stats - what one device instance has and did
 * @buffers: Live buffers, internal ones included.
 * @bytes: Their size in bytes.
 * @internal_buffers: Those of them that are the driver's own.
 * @internal_bytes: Their size in bytes.
 * @mapped_pages: Pages that the IPU MMU translates now.
 * @table_pages: Pages of its second-level tables.
 * @tlb_invalidates: Invalidations written to the hardware.
 * @flushed_lines: Cache lines of buffers flushed.
 * @internal_flushed_lines: Those of them that were of the driver's own.
 * @flushed_table_lines: Cache lines of page tables flushed.
 * @elided_lines: Lines of buffers whose flush was proven needless, or that a hint of the user's
 *	gave up.
 * @faults: Mappings or buffers refused because the platform could not serve them.
 */
struct ipu_stats {
	atomic64_t buffers;
	atomic64_t bytes;
	atomic64_t internal_buffers;
	atomic64_t internal_bytes;
	atomic64_t mapped_pages;
	atomic64_t table_pages;
	atomic64_t tlb_invalidates;
	atomic64_t flushed_lines;
	atomic64_t internal_flushed_lines;
	atomic64_t flushed_table_lines;
	atomic64_t elided_lines;
	atomic64_t faults;
};

#endif /* VB2_IPU_IOMMU_STATS_H */
