// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address spaces of the IPU MMU, by the IOMMU interface.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <media/vb2-ipu-iommu.h>

#include "bench.h"
#include "parent.h"
#include "suites.h"
#include "sweep.h"

/* Two pages over the edge of two tables. */
#define DOMAIN_IOVA 0x3ff000
#define DOMAIN_SIZE (2 * PAGE_SIZE)

struct domain_context {
	struct device *dev;
	struct iommu_domain *domain;
	struct page *pages;
};

static int domain_run(void *data)
{
	struct domain_context *context = data;

	context->domain = iommu_paging_domain_alloc(context->dev);
	return PTR_ERR_OR_ZERO(context->domain);
}

static void domain_undo(void *data)
{
	struct domain_context *context = data;

	iommu_domain_free(context->domain);
}

static int map_run(void *data)
{
	struct domain_context *context = data;

	return iommu_map(context->domain, DOMAIN_IOVA, page_to_phys(context->pages), DOMAIN_SIZE,
			 IOMMU_READ | IOMMU_WRITE, GFP_KERNEL);
}

static void map_undo(void *data)
{
	struct domain_context *context = data;

	iommu_unmap(context->domain, DOMAIN_IOVA, DOMAIN_SIZE);
}

static void domain_alloc_and_map(struct ktest *t)
{
	const struct fail_operation alloc = {
		.name = "domain alloc",
		.run = domain_run,
		.undo = domain_undo,
		.wanted = fail_bench_wanted,
	};
	const struct fail_operation map = {
		.name = "map with two new tables",
		.run = map_run,
		.undo = map_undo,
		.wanted = fail_bench_wanted,
	};
	struct domain_context context = { .pages = alloc_pages(GFP_KERNEL | GFP_DMA32, 1) };
	struct fail_bench bench;

	if (!KTEST_EXPECT(t, context.pages))
		return;
	if (!fail_bench_open(t, &bench, ktest_parent(), "fail"))
		goto out;
	context.dev = vb2_ipu_device_dma_dev(bench.vid);
	KTEST_EQ(t, fail_sweep(t, &alloc, &context, bench.vid), 4);
	if (KTEST_EQ(t, domain_run(&context), 0)) {
		/*
		 * The run's address; structure, page and address of each table; behind an IOMMU
		 * bookkeeping as well.
		 */
		KTEST_EQ(t, fail_sweep(t, &map, &context, bench.vid),
			 ktest_parent_domain() ? 10 : 7);
		domain_undo(&context);
	}
	fail_bench_close(t, &bench);
out:
	__free_pages(context.pages, 1);
}

static const struct ktest_case cases[] = {
	{ "alloc_and_map", domain_alloc_and_map },
	{}
};

const struct ktest_suite fail_domain_suite = { "fail_domain", cases };
