/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DIFFERENTIAL_SHIM_BITOPS_H
#define DIFFERENTIAL_SHIM_BITOPS_H

#include <linux/types.h>

/* The number of the highest bit that is set, from 1; 0 if none is. */
static inline int fls(unsigned int value)
{
	return value ? 32 - __builtin_clz(value) : 0;
}

static inline s64 div64_long(s64 dividend, long divisor)
{
	return dividend / divisor;
}

#endif
