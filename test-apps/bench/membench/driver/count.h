/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's own counters. An emulator with ipu3-count-plugin.so answers to these two
 * instructions, and to three more, in RAX; to all others they are NOPs, and RAX stays as it was.
 */
#ifndef MEMBENCH_COUNT_H
#define MEMBENCH_COUNT_H

#include <linux/types.h>

#define MEMBENCH_NO_ANSWER (~0ULL)

/* Instructions that this CPU has carried out, those of interrupt handlers left out. */
static __always_inline u64 membench_instructions(void)
{
	u64 count = MEMBENCH_NO_ANSWER;

	asm volatile("nopl 0x30555049(%%rax)" : "+a" (count) : : "memory");
	return count;
}

/* Cache lines that this CPU has flushed, by CLFLUSH and CLFLUSHOPT. */
static __always_inline u64 membench_flushes(void)
{
	u64 count = MEMBENCH_NO_ANSWER;

	asm volatile("nopl 0x31555049(%%rax)" : "+a" (count) : : "memory");
	return count;
}

#endif /* MEMBENCH_COUNT_H */
