/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory by the byte, which fails when it is told to, for the wrappers of backend and drivers. To be
 * included behind the kernel's headers.
 */
#ifndef FAIL_NTH_MEMORY_H
#define FAIL_NTH_MEMORY_H

#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "fail-nth.h"

static inline void *fail_nth_kzalloc(size_t size, gfp_t gfp)
{
	return fail_nth_due("kzalloc") ? NULL : fail_nth_made(kzalloc(size, gfp));
}

static inline void *fail_nth_kcalloc(size_t count, size_t size, gfp_t gfp)
{
	return fail_nth_due("kcalloc") ? NULL : fail_nth_made(kcalloc(count, size, gfp));
}

static inline void *fail_nth_kvmalloc(size_t size, gfp_t gfp)
{
	return fail_nth_due("kvmalloc") ? NULL : fail_nth_made(kvmalloc(size, gfp));
}

static inline void *fail_nth_kvzalloc(size_t size, gfp_t gfp)
{
	return fail_nth_due("kvzalloc") ? NULL : fail_nth_made(kvzalloc(size, gfp));
}

static inline void *fail_nth_kvcalloc(size_t count, size_t size, gfp_t gfp)
{
	return fail_nth_due("kvcalloc") ? NULL : fail_nth_made(kvcalloc(count, size, gfp));
}

static inline void *fail_nth_kvmemdup(const void *from, size_t size, gfp_t gfp)
{
	return fail_nth_due("kvmemdup") ? NULL : fail_nth_made(kvmemdup(from, size, gfp));
}

static inline void fail_nth_kfree(const void *memory)
{
	if (memory && fail_nth_leak_due())
		return;
	fail_nth_forget(memory);
	kfree(memory);
}

static inline void fail_nth_kvfree(const void *memory)
{
	if (memory && fail_nth_leak_due())
		return;
	fail_nth_forget(memory);
	kvfree(memory);
}

#undef kzalloc
#undef kcalloc
#undef kvmalloc
#undef kvzalloc
#undef kvcalloc
#undef kvmemdup
#define kzalloc(...) fail_nth_kzalloc(__VA_ARGS__)
#define kcalloc(...) fail_nth_kcalloc(__VA_ARGS__)
#define kvmalloc(...) fail_nth_kvmalloc(__VA_ARGS__)
#define kvzalloc(...) fail_nth_kvzalloc(__VA_ARGS__)
#define kvcalloc(...) fail_nth_kvcalloc(__VA_ARGS__)
#define kvmemdup(...) fail_nth_kvmemdup(__VA_ARGS__)
#define kfree(...) fail_nth_kfree(__VA_ARGS__)
#define kvfree(...) fail_nth_kvfree(__VA_ARGS__)

#endif /* FAIL_NTH_MEMORY_H */
