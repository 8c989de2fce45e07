// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine's counters are tried on what can be counted by hand, before anything is believed of
 * them.
 */
#include <linux/errno.h>
#include <linux/printk.h>
#include <asm/special_insns.h>

#include "check.h"
#include "count.h"

/* Long enough for many ticks of the timer to come in between, whose handlers must not count. */
#define MANY 5000000UL
#define FEW 1000UL

/* Two instructions a turn. */
static noinline u64 check_loop(unsigned long turns)
{
	u64 start = membench_instructions();

	asm volatile("1: dec %0\n\tjnz 1b" : "+r" (turns) : : "cc");
	return membench_instructions() - start;
}

static u64 check_flushes(unsigned int count)
{
	u8 line[1];
	u64 start = membench_flushes();

	while (count--)
		clflush(line);
	return membench_flushes() - start;
}

/**
 * check_counters() - whether somebody counts, and counts right
 *
 * Context: Process context, on a CPU that no other task takes.
 * Return: 0; -ENODEV when nobody counts; -EIO when the numbers are wrong.
 */
int check_counters(void)
{
	u64 many, few;

	if (membench_instructions() == MEMBENCH_NO_ANSWER) {
		pr_err("ipu-membench: nobody counts instructions: see ipu3-vm --plugin\n");
		return -ENODEV;
	}
	few = check_loop(FEW);
	many = check_loop(MANY);
	if (many - few != 2 * (MANY - FEW)) {
		pr_err("ipu-membench: %llu instructions counted, not %lu\n", many - few,
		       2 * (MANY - FEW));
		return -EIO;
	}
	if (check_flushes(7) != 7) {
		pr_err("ipu-membench: flushes are counted wrong\n");
		return -EIO;
	}
	return 0;
}
