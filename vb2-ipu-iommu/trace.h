/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: what was mapped, what was flushed and why, and what was not.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vb2_ipu_iommu

#if !defined(VB2_IPU_IOMMU_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VB2_IPU_IOMMU_TRACE_H

#include <linux/device.h>
#include <linux/tracepoint.h>

#include "coherency.h"

#ifndef VB2_IPU_IOMMU_SHOW_REASON
#define VB2_IPU_IOMMU_SHOW_REASON
#define show_ipu_sync_reason(reason)					\
	__print_symbolic(reason,					\
			 { IPU_SYNC_CPU_WROTE, "cpu-wrote" },		\
			 { IPU_SYNC_DEVICE_WROTE, "device-wrote" },	\
			 { IPU_SYNC_FIRST_VIEW, "first-view" },		\
			 { IPU_SYNC_STALE_SNOOP, "stale-snoop" },	\
			 { IPU_ELIDE_SNOOPS, "device-snoops" },		\
			 { IPU_ELIDE_CPU_CLEAN, "cpu-clean" },		\
			 { IPU_ELIDE_NOT_WRITTEN, "not-written" },	\
			 { IPU_ELIDE_NO_VIEW, "no-view" },		\
			 { IPU_ELIDE_HINT, "hint" })
#endif

TRACE_EVENT(ipu_map,
	TP_PROTO(struct device *dev, dma_addr_t address, size_t size, unsigned int runs),
	TP_ARGS(dev, address, size, runs),
	TP_STRUCT__entry(
		__string(device, dev_name(dev))
		__field(u64, address)
		__field(size_t, size)
		__field(unsigned int, runs)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->address = address;
		__entry->size = size;
		__entry->runs = runs;
	),
	TP_printk("%s address=%#llx size=%zu runs=%u", __get_str(device), __entry->address,
		  __entry->size, __entry->runs)
);

TRACE_EVENT(ipu_unmap,
	TP_PROTO(struct device *dev, dma_addr_t address, size_t size),
	TP_ARGS(dev, address, size),
	TP_STRUCT__entry(
		__string(device, dev_name(dev))
		__field(u64, address)
		__field(size_t, size)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->address = address;
		__entry->size = size;
	),
	TP_printk("%s address=%#llx size=%zu", __get_str(device), __entry->address, __entry->size)
);

DECLARE_EVENT_CLASS(ipu_lines,
	TP_PROTO(struct device *dev, const void *buffer, size_t bytes, size_t lines, int reason),
	TP_ARGS(dev, buffer, bytes, lines, reason),
	TP_STRUCT__entry(
		__string(device, dev_name(dev))
		__field(const void *, buffer)
		__field(size_t, bytes)
		__field(size_t, lines)
		__field(int, reason)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->buffer = buffer;
		__entry->bytes = bytes;
		__entry->lines = lines;
		__entry->reason = reason;
	),
	TP_printk("%s buffer=%p bytes=%zu lines=%zu reason=%s", __get_str(device), __entry->buffer,
		  __entry->bytes, __entry->lines, show_ipu_sync_reason(__entry->reason))
);

DEFINE_EVENT(ipu_lines, ipu_sync,
	TP_PROTO(struct device *dev, const void *buffer, size_t bytes, size_t lines, int reason),
	TP_ARGS(dev, buffer, bytes, lines, reason)
);

DEFINE_EVENT(ipu_lines, ipu_elide,
	TP_PROTO(struct device *dev, const void *buffer, size_t bytes, size_t lines, int reason),
	TP_ARGS(dev, buffer, bytes, lines, reason)
);

#endif /* VB2_IPU_IOMMU_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
