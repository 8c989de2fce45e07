/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * V4L2 controls of the DMA test driver, for the driver and for programs.
 */
#ifndef IPU_DMATEST_CONTROLS_H
#define IPU_DMATEST_CONTROLS_H

#include <linux/v4l2-controls.h>

#define V4L2_CID_IPU_DMATEST_BASE	(V4L2_CID_USER_BASE | 0x1d00)

/* Microseconds that the device has a buffer. */
#define V4L2_CID_IPU_DMATEST_DELAY	(V4L2_CID_IPU_DMATEST_BASE + 0)
/* While on, one bit of each frame comes over wrong: the negative control. */
#define V4L2_CID_IPU_DMATEST_FLIP_BIT	(V4L2_CID_IPU_DMATEST_BASE + 1)
/* What goes wrong with the next frame, an enum ipu_dmatest_fault. */
#define V4L2_CID_IPU_DMATEST_FAULT	(V4L2_CID_IPU_DMATEST_BASE + 2)
/* Bytes that the device goes beyond the end of each buffer. */
#define V4L2_CID_IPU_DMATEST_BEYOND	(V4L2_CID_IPU_DMATEST_BASE + 3)
/* While on, the device goes on with the last buffer that it completed, whatever becomes of that. */
#define V4L2_CID_IPU_DMATEST_KEEP	(V4L2_CID_IPU_DMATEST_BASE + 4)
/* Wrong bytes that the device has found in output buffers; read-only. */
#define V4L2_CID_IPU_DMATEST_BAD_BYTES	(V4L2_CID_IPU_DMATEST_BASE + 5)
/* Bytes other than 0 that the device has read beyond the end of output buffers; read-only. */
#define V4L2_CID_IPU_DMATEST_LEAKED	(V4L2_CID_IPU_DMATEST_BASE + 6)

enum ipu_dmatest_fault {
	IPU_DMATEST_FAULT_NONE,
	IPU_DMATEST_FAULT_LOST_IRQ,
	IPU_DMATEST_FAULT_SPURIOUS_IRQ,
	IPU_DMATEST_FAULT_STUCK,
	IPU_DMATEST_FAULT_ERROR,
};

#endif /* IPU_DMATEST_CONTROLS_H */
