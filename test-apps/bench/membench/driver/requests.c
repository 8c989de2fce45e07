// SPDX-License-Identifier: GPL-2.0-only
/*
 * VT-d counts no invalidation requests, so its driver's function that submits them is watched.
 */
#include <linux/atomic.h>
#include <linux/kprobes.h>

#include "requests.h"

static atomic64_t requests;

static int requests_before(struct kprobe *probe, struct pt_regs *regs)
{
	atomic64_inc(&requests);
	return 0;
}

static struct kprobe requests_probe = {
	.symbol_name = "qi_submit_sync",
	.pre_handler = requests_before,
};

/**
 * requests_watch() - count from now on
 *
 * Each request costs instructions more as long as it is watched.
 *
 * Context: Process context.
 * Return: 0, or what register_kprobe() said.
 */
int requests_watch(void)
{
	requests_probe.addr = NULL;
	requests_probe.flags = 0;
	return register_kprobe(&requests_probe);
}

/**
 * requests_unwatch() - count no longer
 *
 * Context: Process context.
 */
void requests_unwatch(void)
{
	unregister_kprobe(&requests_probe);
}

/**
 * requests_count() - how many requests there were while they were watched
 *
 * Context: Any.
 * Return: The number.
 */
u64 requests_count(void)
{
	return atomic64_read(&requests);
}
