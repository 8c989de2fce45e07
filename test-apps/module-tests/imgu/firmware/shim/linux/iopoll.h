/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers are memory, which nothing changes behind the driver's back. */
#ifndef FIRMWARE_SHIM_IOPOLL_H
#define FIRMWARE_SHIM_IOPOLL_H

#include <linux/types.h>

#define readb(place) (*(volatile u8 *)(place))
#define readl(place) (*(volatile u32 *)(place))
#define writeb(value, place) ((void)(*(volatile u8 *)(place) = (value)))
#define writel(value, place) ((void)(*(volatile u32 *)(place) = (value)))
#define readl_poll_timeout(place, value, condition, step, timeout) ((value) = readl(place), (condition) ? 0 : -ETIMEDOUT)
#define usleep_range(least, most) ((void)(least), (void)(most))

#endif
