/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files without kernel services need of the kernel's types and macros, and in user space,
 * where the same files are compiled for tests, what stands for them.
 */
#ifndef IPU3_IMGU_PURE_H
#define IPU3_IMGU_PURE_H

#ifdef __KERNEL__
#include <linux/align.h>
#include <linux/array_size.h>
#include <linux/build_bug.h>
#include <linux/compiler_attributes.h>
#include <linux/limits.h>
#include <linux/math.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

#define U32_MAX UINT32_MAX

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif
#ifndef __cplusplus
#define static_assert _Static_assert
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#endif
#define __aligned(bytes) __attribute__((aligned(bytes)))
#define __packed __attribute__((packed))
/* As the kernel's: powers of 2 only. Others: roundup(), rounddown(). */
#define ALIGN_DOWN(x, to) ((x) & ~((__typeof__(x))(to) - 1))
#define sizeof_field(type, member) sizeof(((type *)0)->member)
#define ALIGN(x, to) ALIGN_DOWN((x) + (to) - 1, to)
#define rounddown(x, to) ((x) / (to) * (to))
#define roundup(x, to) rounddown((x) + (to) - 1, to)
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))

static inline s64 div_s64(s64 dividend, s32 divisor)
{
	return dividend / divisor;
}
#endif

#endif
