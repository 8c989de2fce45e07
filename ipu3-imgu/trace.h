/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: frames, events of the firmware, and what was refused.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM ipu3_imgu

#if !defined(IPU3_IMGU_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define IPU3_IMGU_TRACE_H

#include <linux/device.h>
#include <linux/tracepoint.h>

TRACE_EVENT(imgu_frame_begin,
	TP_PROTO(struct device *dev, unsigned int pipe, u32 sequence, unsigned long nodes,
		 u32 params),
	TP_ARGS(dev, pipe, sequence, nodes, params),
	TP_STRUCT__entry(
		__string(device, dev_name(dev))
		__field(unsigned int, pipe)
		__field(u32, sequence)
		__field(unsigned long, nodes)
		__field(u32, params)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->pipe = pipe;
		__entry->sequence = sequence;
		__entry->nodes = nodes;
		__entry->params = params;
	),
	TP_printk("%s pipe=%u sequence=%u nodes=%#lx params=%u", __get_str(device),
		  __entry->pipe, __entry->sequence, __entry->nodes, __entry->params)
);

TRACE_EVENT(imgu_frame_end,
	TP_PROTO(struct device *dev, unsigned int pipe, u32 sequence),
	TP_ARGS(dev, pipe, sequence),
	TP_STRUCT__entry(
		__string(device, dev_name(dev))
		__field(unsigned int, pipe)
		__field(u32, sequence)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->pipe = pipe;
		__entry->sequence = sequence;
	),
	TP_printk("%s pipe=%u sequence=%u", __get_str(device), __entry->pipe, __entry->sequence)
);

TRACE_EVENT(imgu_params_refused,
	TP_PROTO(struct device *dev, unsigned int pipe, u32 sequence, const char *reason),
	TP_ARGS(dev, pipe, sequence, reason),
	TP_STRUCT__entry(
		__string(device, dev_name(dev))
		__field(unsigned int, pipe)
		__field(u32, sequence)
		__string(reason, reason)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->pipe = pipe;
		__entry->sequence = sequence;
		__assign_str(reason);
	),
	TP_printk("%s pipe=%u sequence=%u %s", __get_str(device), __entry->pipe,
		  __entry->sequence, __get_str(reason))
);

TRACE_EVENT(imgu_event,
	TP_PROTO(struct device *dev, u32 word),
	TP_ARGS(dev, word),
	TP_STRUCT__entry(
		__string(device, dev_name(dev))
		__field(u32, word)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->word = word;
	),
	TP_printk("%s word=%#x", __get_str(device), __entry->word)
);

TRACE_EVENT(imgu_running,
	TP_PROTO(struct device *dev, unsigned long pipes),
	TP_ARGS(dev, pipes),
	TP_STRUCT__entry(
		__string(device, dev_name(dev))
		__field(unsigned long, pipes)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->pipes = pipes;
	),
	TP_printk("%s pipes=%#lx", __get_str(device), __entry->pipes)
);

#endif /* IPU3_IMGU_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
