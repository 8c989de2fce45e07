// SPDX-License-Identifier: GPL-2.0-only
/*
 * Negative controls: the sweep sees what it is there for. What it says about it is marked by the
 * name "control".
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/iommu.h>
#include <linux/kernel.h>
#include <linux/property.h>
#include <linux/slab.h>
#include <linux/string.h>
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

static const struct vb2_ipu_device_config device_config = {
	.name = "fail",
	.mmu_ops = &fail_hw_ops,
	.noncoherent_tables = true,
	.noncoherent_buffers = true,
	.guard = true,
};

/* The dev_iommu and fwspec that the backend makes, where the core has not come to see them. */
static void control_not_given(struct ktest *t)
{
	long before = fail_nth_live(FAIL_NTH_KMALLOC);
	struct vb2_ipu_device *vid;
	unsigned int nth = 0;
	const char *call;

	do {
		fail_nth_arm(++nth);
		vid = vb2_ipu_device_create(ktest_parent(), &device_config);
		call = fail_nth_disarm();
	} while (IS_ERR(vid) && call && strcmp(call, "platform_device_add"));
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(vid), -ENOMEM))
		return;
	KTEST_EQ(t, fail_nth_live(FAIL_NTH_KMALLOC), before);
	fail_nth_arm(nth);
	fail_nth_leak(2);
	vid = vb2_ipu_device_create(ktest_parent(), &device_config);
	fail_nth_leak(0);
	fail_nth_disarm();
	KTEST_EQ(t, PTR_ERR_OR_ZERO(vid), -ENOMEM);
	KTEST_EQ(t, fail_nth_live(FAIL_NTH_KMALLOC), before + 2);
}

/* A fwspec that the core does not find where it looks for what it frees. */
static void control_not_freed(struct ktest *t)
{
	long before = fail_nth_live(FAIL_NTH_KMALLOC);
	struct iommu_fwspec *fwspec;
	struct vb2_ipu_device *vid;

	vid = vb2_ipu_device_create(ktest_parent(), &device_config);
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(vid), 0))
		return;
	fwspec = vb2_ipu_device_dma_dev(vid)->iommu->fwspec;
	vb2_ipu_device_dma_dev(vid)->iommu->fwspec = NULL;
	vb2_ipu_device_destroy(vid);
	KTEST_EQ(t, fail_nth_live(FAIL_NTH_KMALLOC), before + 1);
	KTEST_EXPECT(t, fail_nth_forget(fwspec));
	fwnode_handle_put(fwspec->iommu_fwnode);
	kfree(fwspec);
	KTEST_EQ(t, fail_nth_live(FAIL_NTH_KMALLOC), before);
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
	{ "sees_what_the_core_does_not_get", control_not_given },
	{ "sees_what_the_core_does_not_free", control_not_freed },
	{ "sees_a_wrong_errno", control_errno },
	{ "sees_a_missing_unwind", control_unwind },
	{}
};

const struct ktest_suite fail_control_suite = { "fail_control", cases };
