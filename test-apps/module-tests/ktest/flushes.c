// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probes on the two functions that flush, so that the module that ships is looked at and not one
 * made for tests.
 */
#include <linux/kprobes.h>
#include <linux/ptrace.h>

#include "flushes.h"

static const struct ktest_watcher *current_watcher;

/* ipu_cache_flush(lines, vaddr, size) */
static int before_flush(struct kprobe *probe, struct pt_regs *regs)
{
	const void *vaddr = (const void *)regs_get_kernel_argument(regs, 1);

	current_watcher->flush(current_watcher->data, vaddr, regs_get_kernel_argument(regs, 2));
	return 0;
}
NOKPROBE_SYMBOL(before_flush);

/* ipu_cache_flush_unordered(vaddr, size) */
static int before_unordered(struct kprobe *probe, struct pt_regs *regs)
{
	const void *vaddr = (const void *)regs_get_kernel_argument(regs, 0);

	current_watcher->flush(current_watcher->data, vaddr, regs_get_kernel_argument(regs, 1));
	return 0;
}
NOKPROBE_SYMBOL(before_unordered);

static struct kprobe probes[2];

/**
 * ktest_watch_flushes() - begin to look on
 * @t: The test, which fails if that cannot be done.
 * @watcher: Who. There is one at a time.
 *
 * Context: Process context.
 * Return: Whether it will be called.
 */
bool ktest_watch_flushes(struct ktest *t, const struct ktest_watcher *watcher)
{
	/* Made anew each time: the kernel leaves its own marks in them. */
	probes[0] = (struct kprobe){ .symbol_name = "ipu_cache_flush",
				     .pre_handler = before_flush };
	probes[1] = (struct kprobe){ .symbol_name = "ipu_cache_flush_unordered",
				     .pre_handler = before_unordered };
	current_watcher = watcher;
	if (!KTEST_EQ(t, register_kprobe(&probes[0]), 0))
		return false;
	if (KTEST_EQ(t, register_kprobe(&probes[1]), 0))
		return true;
	unregister_kprobe(&probes[0]);
	return false;
}

/**
 * ktest_ignore_flushes() - no longer look on
 *
 * Context: Process context, after a ktest_watch_flushes() that succeeded. When it returns, no call
 * is under way.
 */
void ktest_ignore_flushes(void)
{
	unregister_kprobe(&probes[1]);
	unregister_kprobe(&probes[0]);
}
