/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every difference between the kernels that this driver is built for, with the upstream change
 * that made it.
 */
#ifndef IPU3_CIO2_COMPAT_H
#define IPU3_CIO2_COMPAT_H

#include <linux/module.h>
#include <linux/version.h>
#include <media/v4l2-common.h>
#include <media/v4l2-subdev.h>

#ifndef CONFIG_VIDEO_V4L2_SUBDEV_API
#error "ipu3-cio2 needs a kernel with CONFIG_VIDEO_V4L2_SUBDEV_API"
#endif
#if !IS_ENABLED(CONFIG_V4L2_FWNODE) || !IS_ENABLED(CONFIG_IPU_BRIDGE)
#error "ipu3-cio2 needs a kernel with CONFIG_V4L2_FWNODE and CONFIG_IPU_BRIDGE"
#endif

/*
 * 6.13: cdd30ebb1b9f ("module: Convert symbol namespace to string literal"). MODULE_IMPORT_NS()
 * takes a bare word before and a string since; what it is made of takes a string in both.
 */
#define CIO2_MODULE_IMPORT_NS(ns) MODULE_INFO(import_ns, #ns)

/*
 * 6.13: 88785982a19d ("media: vb2: use lock if wait_prepare/finish are NULL"). Before, a queue
 * whose operations do not name these two keeps its lock while somebody waits for a buffer; later
 * they are no longer there.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define CIO2_VB2_OPS_WAIT			\
	.wait_prepare = vb2_ops_wait_prepare,	\
	.wait_finish = vb2_ops_wait_finish,
#else
#define CIO2_VB2_OPS_WAIT
#endif

/*
 * 6.14: "media: v4l: Support passing media pad argument to v4l2_get_link_freq()". Before, it takes
 * the transmitter's controls.
 *
 * 6.18: 6234d0df236a. Before, from 6.14 on, it chooses by its argument's type, and knows no const
 * pad.
 */
static inline s64 cio2_link_freq(struct media_pad *pad, unsigned int mul, unsigned int div)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
	return v4l2_get_link_freq(media_entity_to_v4l2_subdev(pad->entity)->ctrl_handler, mul, div);
#else
	return v4l2_get_link_freq(pad, mul, div);
#endif
}

#endif /* IPU3_CIO2_COMPAT_H */
