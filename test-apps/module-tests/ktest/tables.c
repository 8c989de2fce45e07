// SPDX-License-Identifier: GPL-2.0-only
#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/kprobes.h>

#include "ktap.h"
#include "tables.h"

static atomic_t tables_made, tables_in_haste;

/* ipu_table_alloc(parent, fill, dir, with_runs, gfp) */
static int before_table(struct kprobe *probe, struct pt_regs *regs)
{
	gfp_t gfp = (__force gfp_t)regs_get_kernel_argument(regs, 4);

	atomic_inc(&tables_made);
	if (!gfpflags_allow_blocking(gfp))
		atomic_inc(&tables_in_haste);
	return 0;
}
NOKPROBE_SYMBOL(before_table);

static struct kprobe probe;

/**
 * ktest_tables_watch() - count tables that are allocated from now on
 * @t: The test.
 *
 * Context: Process context.
 * Return: Whether they are; else the test has failed. To be ended by ktest_tables_unwatch().
 */
bool ktest_tables_watch(struct ktest *t)
{
	atomic_set(&tables_made, 0);
	atomic_set(&tables_in_haste, 0);
	probe = (struct kprobe){ .symbol_name = "ipu_table_alloc", .pre_handler = before_table };
	return KTEST_EQ(t, register_kprobe(&probe), 0);
}

/**
 * ktest_tables_unwatch() - end that
 * @made: How many were allocated.
 * @in_haste: How many of them without waiting for memory.
 *
 * Context: Process context.
 */
void ktest_tables_unwatch(unsigned int *made, unsigned int *in_haste)
{
	unregister_kprobe(&probe);
	*made = atomic_read(&tables_made);
	*in_haste = atomic_read(&tables_in_haste);
}
