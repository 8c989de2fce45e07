/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's own driver needs of <linux/types.h> and of what comes along with it there, so that two of its files
 * compile in user space as they are. The same is included first of all, since the driver relies on the kernel's
 * compiler options for some of it.
 */
#ifndef DIFFERENTIAL_SHIM_TYPES_H
#define DIFFERENTIAL_SHIM_TYPES_H

#include_next <linux/types.h>
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
typedef u64 dma_addr_t;

struct list_head {
	struct list_head *next, *prev;
};
typedef struct {
	int unused;
} spinlock_t;

#define __iomem
#define __packed __attribute__((__packed__))
#define __aligned(bytes) __attribute__((__aligned__(bytes)))
#define BIT(number) (1UL << (number))
#define DECLARE_BITMAP(name, bits) unsigned long name[((bits) + 63) / 64]
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* To powers of two, as in the kernel. */
#define ALIGN(value, to) (((value) + (typeof(value))(to) - 1) & ~((typeof(value))(to) - 1))
#define IS_ALIGNED(value, to) (((value) & ((typeof(value))(to) - 1)) == 0)
#define DIV_ROUND_UP(value, by) (((value) + (by) - 1) / (by))
/* By any divisor. */
#define roundup(value, to) (((value) + ((to) - 1)) / (to) * (to))
#define rounddown(value, to) ((value) - (value) % (to))
#define max(a, b) ((a) > (b) ? (a) : (b))

#endif
