/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between the kernels that this driver is built for.
 */
#ifndef IPU_DMATEST_COMPAT_H
#define IPU_DMATEST_COMPAT_H

#include <linux/version.h>

/*
 * 6.13: 88785982a19d ("media: vb2: use lock if wait_prepare/finish are NULL"). Before, a queue
 * whose operations do not name these two keeps its lock while somebody waits for a buffer; later
 * they are no longer there.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define DMT_VB2_OPS_WAIT			\
	.wait_prepare = vb2_ops_wait_prepare,	\
	.wait_finish = vb2_ops_wait_finish,
#else
#define DMT_VB2_OPS_WAIT
#endif

#endif /* IPU_DMATEST_COMPAT_H */
