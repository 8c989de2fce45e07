// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "device.h"
#include "fail-nth.h"
#include "ipu-mmu-domain.h"
#include "sweep.h"

/* No operation here makes more calls than this; a sweep that does not end is a failure. */
#define FAIL_MAX_CALLS 500

/* All that a failed attempt must leave as it was. */
struct fail_state {
	s64 buffers;
	s64 bytes;
	s64 mapped_pages;
	s64 table_pages;
	long live[FAIL_NTH_KINDS];
};

static void fail_state_read(struct fail_state *state, struct vb2_ipu_device *vid)
{
	unsigned int kind;

	memset(state, 0, sizeof(*state));
	if (vid) {
		/* Each attempt is to need a new one. */
		if (vid->mmu)
			ipu_domain_drop_kept(vid->mmu);
		state->buffers = atomic64_read(&vid->stats.buffers);
		state->bytes = atomic64_read(&vid->stats.bytes);
		state->mapped_pages = atomic64_read(&vid->stats.mapped_pages);
		state->table_pages = atomic64_read(&vid->stats.table_pages);
	}
	for (kind = 0; kind < FAIL_NTH_KINDS; kind++)
		state->live[kind] = fail_nth_live(kind);
}

static void fail_state_expect(struct ktest *t, const struct fail_state *before,
			      struct vb2_ipu_device *vid)
{
	struct fail_state now;
	unsigned int kind;

	fail_state_read(&now, vid);
	KTEST_EQ(t, now.buffers, before->buffers);
	KTEST_EQ(t, now.bytes, before->bytes);
	KTEST_EQ(t, now.mapped_pages, before->mapped_pages);
	KTEST_EQ(t, now.table_pages, before->table_pages);
	for (kind = 0; kind < FAIL_NTH_KINDS; kind++)
		ktest_expect_eq(t, now.live[kind], before->live[kind], __FILE__, __LINE__,
				fail_nth_kind_name(kind));
}

/* A smaller run of pages serves as well. */
static bool fail_is_tolerated(const char *call)
{
	return !strcmp(call, "alloc_pages_node(run)");
}

/**
 * fail_sweep() - let each allocation of an operation fail in turn
 * @t: The test, which fails if an attempt returns the wrong errno, leaves something, or spoils the
 * next attempt.
 * @operation: The operation.
 * @context: For it.
 * @vid: The device whose counters are looked at, or %NULL.
 *
 * Context: Process context.
 * Return: How many failures there were.
 */
unsigned int fail_sweep(struct ktest *t, const struct fail_operation *operation, void *context,
			struct vb2_ipu_device *vid)
{
	struct fail_state before;
	unsigned int nth;

	fail_state_read(&before, vid);
	for (nth = 1; nth <= FAIL_MAX_CALLS; nth++) {
		const char *call;
		int ret, wanted;

		fail_nth_arm(nth);
		ret = operation->run(context);
		call = fail_nth_disarm();
		wanted = !call || fail_is_tolerated(call) ? 0 :
			 operation->wanted		  ? operation->wanted(call) :
							    -ENOMEM;
		if (call)
			pr_info("        # %s: call %u, %s: %d\n", operation->name, nth, call, ret);
		KTEST_EQ(t, ret, wanted);
		if (!ret)
			operation->undo(context);
		fail_state_expect(t, &before, vid);
		if (t->failed)
			return nth - 1;
		if (!call) {
			KTEST_EXPECT(t, nth > 1);
			return nth - 1;
		}

		if (!KTEST_EQ(t, operation->run(context), 0))
			return nth;
		operation->undo(context);
		fail_state_expect(t, &before, vid);
	}
	KTEST_EXPECT(t, nth <= FAIL_MAX_CALLS);
	return nth;
}
