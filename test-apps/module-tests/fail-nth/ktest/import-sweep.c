// SPDX-License-Identifier: GPL-2.0-only
/*
 * Importing a dma-buf of one device into another one.
 */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/platform_device.h>
#include <linux/string.h>
#include <media/vb2-ipu-iommu.h>

#include "bench.h"
#include "parent.h"
#include "suites.h"
#include "sweep.h"

struct import_context {
	struct fail_bench exporter;
	struct fail_bench importer;
};

/* No IOMMU stands before the importer, wherever the exporter is. */
static int import_wanted(const char *call)
{
	return !strcmp(call, "dma_map_page_attrs") ? -EIO : -ENOMEM;
}

static int import_run(void *data)
{
	struct import_context *context = data;
	struct fail_bench *importer = &context->importer;
	int ret;

	importer->mem = vb2_ipu_iommu_memops.attach_dmabuf(&importer->vb,
							   vb2_ipu_device_dma_dev(importer->vid),
							   context->exporter.dmabuf,
							   importer->size);
	if (IS_ERR(importer->mem))
		return PTR_ERR(importer->mem);
	ret = vb2_ipu_iommu_memops.map_dmabuf(importer->mem);
	if (ret)
		goto err_detach;
	if (!vb2_ipu_iommu_memops.vaddr(&importer->vb, importer->mem)) {
		ret = -ENOMEM;
		goto err_unmap;
	}
	return 0;

err_unmap:
	vb2_ipu_iommu_memops.unmap_dmabuf(importer->mem);
err_detach:
	vb2_ipu_iommu_memops.detach_dmabuf(importer->mem);
	return ret;
}

static void import_undo(void *data)
{
	struct import_context *context = data;

	vb2_ipu_iommu_memops.unmap_dmabuf(context->importer.mem);
	vb2_ipu_iommu_memops.detach_dmabuf(context->importer.mem);
}

static void import_sweep(struct ktest *t, struct import_context *context)
{
	const struct fail_operation operation = {
		.name = "attach, map, vmap",
		.run = import_run,
		.undo = import_undo,
		.wanted = import_wanted,
	};

	if (!KTEST_EQ(t, fail_bench_alloc(&context->exporter), 0))
		return;
	if (KTEST_EQ(t, fail_bench_export(&context->exporter), 0)) {
		/* The exporter keeps its kernel mapping, so make it before anything is counted. */
		KTEST_EXPECT(t, vb2_ipu_iommu_memops.vaddr(&context->exporter.vb,
							   context->exporter.mem));
		KTEST_EXPECT(t, fail_sweep(t, &operation, context, context->importer.vid) >= 8);
		fail_bench_close_export(&context->exporter);
	}
	fail_bench_free(&context->exporter);
}

static void import_attach_map(struct ktest *t)
{
	static struct import_context context; /* too large for a stack */
	struct platform_device *second;

	second = platform_device_register_simple("ipu-fail-importer", PLATFORM_DEVID_NONE, NULL, 0);
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(second), 0))
		return;
	if (!KTEST_EQ(t, dma_coerce_mask_and_coherent(&second->dev, DMA_BIT_MASK(39)), 0))
		goto out;
	if (!fail_bench_open(t, &context.exporter, ktest_parent(), "exporter"))
		goto out;
	if (fail_bench_open(t, &context.importer, &second->dev, "importer")) {
		import_sweep(t, &context);
		fail_bench_close(t, &context.importer);
	}
	fail_bench_close(t, &context.exporter);
out:
	platform_device_unregister(second);
}

static const struct ktest_case cases[] = {
	{ "attach_map", import_attach_map },
	{}
};

const struct ktest_suite fail_import_suite = { "fail_import", cases };
