/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every difference between the kernels that this driver is built for, with the upstream change
 * that made it.
 */
#ifndef IPU3_IMGU_COMPAT_H
#define IPU3_IMGU_COMPAT_H

#include <linux/version.h>
#include <media/videobuf2-v4l2.h>

#ifndef CONFIG_VIDEO_V4L2_SUBDEV_API
#error "ipu3-imgu needs a kernel with CONFIG_VIDEO_V4L2_SUBDEV_API"
#endif
#if !IS_ENABLED(CONFIG_FW_LOADER)
#error "ipu3-imgu needs a kernel with CONFIG_FW_LOADER"
#endif
#if !IS_ENABLED(CONFIG_VIDEOBUF2_VMALLOC)
#error "ipu3-imgu needs a kernel with CONFIG_VIDEOBUF2_VMALLOC"
#endif

/*
 * 6.13: 88785982a19d ("media: vb2: use lock if wait_prepare/finish are NULL"). Before, a queue
 * whose operations do not name these two keeps its lock while somebody waits for a buffer; later
 * they are no longer there.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define IMGU_VB2_OPS_WAIT			\
	.wait_prepare = vb2_ops_wait_prepare,	\
	.wait_finish = vb2_ops_wait_finish,
#else
#define IMGU_VB2_OPS_WAIT
#endif

#endif /* IPU3_IMGU_COMPAT_H */
