/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: frames, and what went wrong with them.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM ipu3_cio2

#if !defined(IPU3_CIO2_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define IPU3_CIO2_TRACE_H

#include <linux/device.h>
#include <linux/tracepoint.h>

TRACE_EVENT(cio2_frame_begin,
	TP_PROTO(struct device *dev, unsigned int port, u32 sequence),
	TP_ARGS(dev, port, sequence),
	TP_STRUCT__entry(
		__string(device, dev_name(dev))
		__field(unsigned int, port)
		__field(u32, sequence)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->port = port;
		__entry->sequence = sequence;
	),
	TP_printk("%s port=%u sequence=%u", __get_str(device), __entry->port, __entry->sequence)
);

TRACE_EVENT(cio2_frame_end,
	TP_PROTO(struct device *dev, unsigned int port, u32 sequence, u32 bytes, u32 damage,
		 bool dropped),
	TP_ARGS(dev, port, sequence, bytes, damage, dropped),
	TP_STRUCT__entry(
		__string(device, dev_name(dev))
		__field(unsigned int, port)
		__field(u32, sequence)
		__field(u32, bytes)
		__field(u32, damage)
		__field(bool, dropped)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->port = port;
		__entry->sequence = sequence;
		__entry->bytes = bytes;
		__entry->damage = damage;
		__entry->dropped = dropped;
	),
	TP_printk("%s port=%u sequence=%u bytes=%u damage=%#x dropped=%d", __get_str(device),
		  __entry->port, __entry->sequence, __entry->bytes, __entry->damage,
		  __entry->dropped)
);

TRACE_EVENT(cio2_error,
	TP_PROTO(struct device *dev, unsigned int port, u32 sequence, u32 errors),
	TP_ARGS(dev, port, sequence, errors),
	TP_STRUCT__entry(
		__string(device, dev_name(dev))
		__field(unsigned int, port)
		__field(u32, sequence)
		__field(u32, errors)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->port = port;
		__entry->sequence = sequence;
		__entry->errors = errors;
	),
	TP_printk("%s port=%u sequence=%u errors=%#x", __get_str(device), __entry->port,
		  __entry->sequence, __entry->errors)
);

#endif /* IPU3_CIO2_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
