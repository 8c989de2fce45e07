// SPDX-License-Identifier: GPL-2.0-only
/*
 * Negative controls: the sweep sees what it is there for. What it says about it is marked by the
 * name "control".
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <media/vb2-ipu-iommu.h>

#include "bench.h"
#include "fail-nth.h"
#include "parent.h"
#include "suites.h"
#include "sweep.h"

static int alloc_run(void *data)
{
	return fail_bench_alloc(data);
}

static void alloc_undo(void *data)
{
	fail_bench_free(data);
}

static void forgetful_undo(void *data)
{
	fail_nth_leak(1);
	fail_bench_free(data);
	fail_nth_leak(0);
}

static int deaf_run(void *data)
{
	int ret = fail_bench_alloc(data);

	return ret == -ENOMEM ? -EAGAIN : ret;
}

/* Two buffers, of which the first stays when the second cannot be had. */
static void *first;

static int pair_run(void *data)
{
	struct fail_bench *bench = data;
	int ret = fail_bench_alloc(bench);

	if (ret)
		return ret;
	first = bench->mem;
	return fail_bench_alloc(bench);
}

static void pair_undo(void *data)
{
	fail_bench_free(data);
	vb2_ipu_iommu_memops.put(first);
	first = NULL;
}

static void expect_found(struct ktest *t, const struct fail_operation *operation)
{
	struct ktest control = { .name = "control" };
	struct fail_bench bench;

	if (!fail_bench_open(t, &bench, ktest_parent(), "fail"))
		return;
	fail_sweep(&control, operation, &bench, bench.vid);
	KTEST_EXPECT(t, control.failed);
	if (first)
		vb2_ipu_iommu_memops.put(first);
	first = NULL;
	fail_bench_close(t, &bench);
}

static void control_leak(struct ktest *t)
{
	const struct fail_operation operation = {
		.name = "leak",
		.run = alloc_run,
		.undo = forgetful_undo,
		.wanted = fail_bench_wanted,
	};
	long before[FAIL_NTH_KINDS], leaked = 0;
	unsigned int kind;

	for (kind = 0; kind < FAIL_NTH_KINDS; kind++)
		before[kind] = fail_nth_live(kind);
	expect_found(t, &operation);
	for (kind = 0; kind < FAIL_NTH_KINDS; kind++)
		leaked += fail_nth_live(kind) - before[kind];
	KTEST_EQ(t, leaked, 1);
}

static void control_errno(struct ktest *t)
{
	const struct fail_operation operation = {
		.name = "wrong errno",
		.run = deaf_run,
		.undo = alloc_undo,
		.wanted = fail_bench_wanted,
	};

	expect_found(t, &operation);
}

static void control_unwind(struct ktest *t)
{
	const struct fail_operation operation = {
		.name = "missing unwind",
		.run = pair_run,
		.undo = pair_undo,
		.wanted = fail_bench_wanted,
	};

	expect_found(t, &operation);
}

static const struct ktest_case cases[] = {
	{ "sees_a_leak", control_leak },
	{ "sees_a_wrong_errno", control_errno },
	{ "sees_a_missing_unwind", control_unwind },
	{}
};

const struct ktest_suite fail_control_suite = { "fail_control", cases };
