/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A driver's messages go nowhere; pointers carry errors as in the kernel. */
#ifndef DIFFERENTIAL_SHIM_DEVICE_H
#define DIFFERENTIAL_SHIM_DEVICE_H

#include <errno.h>
#include <linux/bitops.h>

struct device;
struct firmware;

#define dev_dbg(device, ...) ((void)(device))
#define dev_err(device, ...) ((void)(device))

#define ERR_PTR(error) ((void *)(long)(error))
#define IS_ERR(pointer) ((unsigned long)(pointer) >= (unsigned long)-4095)
#define IS_ERR_OR_NULL(pointer) (!(pointer) || IS_ERR(pointer))

#endif
