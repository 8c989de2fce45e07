// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making a device.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <media/vb2-ipu-iommu.h>

#include "bench.h"
#include "parent.h"
#include "suites.h"
#include "sweep.h"

struct device_context {
	struct vb2_ipu_device_config config;
	struct vb2_ipu_device *vid;
};

static int device_run(void *data)
{
	struct device_context *context = data;

	context->vid = vb2_ipu_device_create(ktest_parent(), &context->config);
	return PTR_ERR_OR_ZERO(context->vid);
}

static void device_undo(void *data)
{
	struct device_context *context = data;

	vb2_ipu_device_destroy(context->vid);
}

/* Set while the IOMMU core adds the translated device. */
static bool core_began;

static int device_wanted(const char *call)
{
	if (!strcmp(call, "platform_device_add"))
		core_began = true;
	else if (!strcmp(call, "dma_coerce_mask_and_coherent"))
		return -EIO; /* The device is added by then. */
	else if (core_began)
		return -ENODEV; /* The core does not pass on why there is no domain. */
	return fail_bench_wanted(call);
}

static void device_with_mmu(struct ktest *t)
{
	const struct fail_operation operation = {
		.name = "create with MMU",
		.run = device_run,
		.undo = device_undo,
		.wanted = device_wanted,
	};
	struct device_context context = {
		.config = {
			.name = "fail",
			.mmu_ops = &fail_hw_ops,
			.noncoherent_tables = true,
			.noncoherent_buffers = true,
		},
	};

	core_began = false;
	/*
	 * The device, the MMU, its name, three pages of tables, eight steps of registration,
	 * the domain.
	 */
	KTEST_EXPECT(t, fail_sweep(t, &operation, &context, NULL) >= 22);
}

static void device_without_mmu(struct ktest *t)
{
	const struct fail_operation operation = {
		.name = "create without MMU", .run = device_run, .undo = device_undo,
	};
	struct device_context context = { .config = { .name = "fail" } };

	KTEST_EQ(t, fail_sweep(t, &operation, &context, NULL), 1);
}

static const struct ktest_case cases[] = {
	{ "create_with_mmu", device_with_mmu },
	{ "create_without_mmu", device_without_mmu },
	{}
};

const struct ktest_suite fail_device_suite = { "fail_device", cases };
