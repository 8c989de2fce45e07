// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers of the backend's own pages and of user memory, and what can be made of them.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <media/vb2-ipu-iommu.h>

#include "bench.h"
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

static const struct fail_operation alloc_operation = {
	.name = "alloc", .run = alloc_run, .undo = alloc_undo, .wanted = fail_bench_wanted,
};

static void buffer_alloc(struct ktest *t)
{
	struct fail_bench bench;

	if (!fail_bench_open(t, &bench, ktest_parent(), "fail"))
		return;
	/* The buffer, its array, two runs, its table, the mapping, a table of the MMU. */
	KTEST_EXPECT(t, fail_sweep(t, &alloc_operation, &bench, bench.vid) >= 8);
	fail_bench_close(t, &bench);
}

/* Several runs, and tables for more than 4 MiB. */
static void buffer_alloc_large(struct ktest *t)
{
	struct fail_bench bench;

	if (!fail_bench_open(t, &bench, ktest_parent(), "fail"))
		return;
	bench.size = (9UL << 20) - PAGE_SIZE;
	KTEST_EXPECT(t, fail_sweep(t, &alloc_operation, &bench, bench.vid) >= 15);
	fail_bench_close(t, &bench);
}

/* ---- mappings ---- */

static int vaddr_run(void *data)
{
	struct fail_bench *bench = data;
	int ret = fail_bench_alloc(bench);

	if (ret || vb2_ipu_iommu_memops.vaddr(&bench->vb, bench->mem))
		return ret;
	fail_bench_free(bench);
	return -ENOMEM;
}

static void buffer_vaddr(struct ktest *t)
{
	const struct fail_operation operation = {
		.name = "alloc, vmap",
		.run = vaddr_run,
		.undo = alloc_undo,
		.wanted = fail_bench_wanted,
	};
	struct fail_bench bench;

	if (!fail_bench_open(t, &bench, ktest_parent(), "fail"))
		return;
	KTEST_EXPECT(t, fail_sweep(t, &operation, &bench, bench.vid) >= 9);
	fail_bench_close(t, &bench);
}

static int export_run(void *data)
{
	return fail_bench_export(data);
}

static void export_undo(void *data)
{
	fail_bench_close_export(data);
}

static int mmap_run(void *data)
{
	struct fail_bench *bench = data;

	bench->address =
		vm_mmap(bench->dmabuf->file, 0, bench->size, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	return IS_ERR_VALUE(bench->address) ? (int)bench->address : 0;
}

static void mmap_undo(void *data)
{
	struct fail_bench *bench = data;

	vm_munmap(bench->address, bench->size);
}

/*
 * Not dma_buf_vmap(): it takes a failure of any exporter's for a bug, and warns. What can fail in
 * it is in "vmap".
 */
static void buffer_export_mmap(struct ktest *t)
{
	const struct fail_operation export = { .name = "export",
					       .run = export_run,
					       .undo = export_undo };
	const struct fail_operation map = { .name = "mmap", .run = mmap_run, .undo = mmap_undo };
	struct fail_bench bench;

	if (!fail_bench_open(t, &bench, ktest_parent(), "fail"))
		return;
	if (!KTEST_EQ(t, fail_bench_alloc(&bench), 0))
		goto out;
	KTEST_EQ(t, fail_sweep(t, &export, &bench, bench.vid), 1);
	if (KTEST_EQ(t, fail_bench_export(&bench), 0)) {
		KTEST_EQ(t, fail_sweep(t, &map, &bench, bench.vid), 1);
		fail_bench_close_export(&bench);
	}
	fail_bench_free(&bench);
out:
	fail_bench_close(t, &bench);
}

/* ---- user memory ---- */

static int userptr_run(void *data)
{
	struct fail_bench *bench = data;

	bench->mem = vb2_ipu_iommu_memops.get_userptr(&bench->vb,
						      vb2_ipu_device_dma_dev(bench->vid),
						      bench->address + 100, bench->size - 200);
	if (IS_ERR(bench->mem))
		return PTR_ERR(bench->mem);
	if (vb2_ipu_iommu_memops.vaddr(&bench->vb, bench->mem))
		return 0;
	vb2_ipu_iommu_memops.put_userptr(bench->mem);
	return -ENOMEM;
}

static void userptr_undo(void *data)
{
	struct fail_bench *bench = data;

	vb2_ipu_iommu_memops.put_userptr(bench->mem);
}

static void buffer_userptr(struct ktest *t)
{
	const struct fail_operation operation = {
		.name = "userptr, vmap",
		.run = userptr_run,
		.undo = userptr_undo,
		.wanted = fail_bench_wanted,
	};
	struct fail_bench bench;

	if (!fail_bench_open(t, &bench, ktest_parent(), "fail"))
		return;
	bench.address = vm_mmap(NULL, 0, bench.size, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (KTEST_EXPECT(t, !IS_ERR_VALUE(bench.address))) {
		/*
		 * The buffer, its pages, their copy, two that stand in, the table, the mapping, the
		 * vmap.
		 */
		KTEST_EXPECT(t, fail_sweep(t, &operation, &bench, bench.vid) >= 9);
		vm_munmap(bench.address, bench.size);
	}
	fail_bench_close(t, &bench);
}

/* ---- a driver's own ---- */

static int internal_run(void *data)
{
	struct fail_bench *bench = data;

	bench->mem = vb2_ipu_mem_alloc(bench->vid, "test", bench->size, DMA_BIDIRECTIONAL);
	return PTR_ERR_OR_ZERO(bench->mem);
}

static void internal_undo(void *data)
{
	struct fail_bench *bench = data;

	vb2_ipu_mem_free(bench->mem);
}

static void buffer_internal(struct ktest *t)
{
	const struct fail_operation operation = {
		.name = "internal",
		.run = internal_run,
		.undo = internal_undo,
		.wanted = fail_bench_wanted,
	};
	struct fail_bench bench;

	if (!fail_bench_open(t, &bench, ktest_parent(), "fail"))
		return;
	KTEST_EXPECT(t, fail_sweep(t, &operation, &bench, bench.vid) >= 10);
	fail_bench_close(t, &bench);
}

static int sink_run(void *data)
{
	struct fail_bench *bench = data;

	bench->mem = vb2_ipu_mem_alloc_sink(bench->vid, "test", bench->size);
	return PTR_ERR_OR_ZERO(bench->mem);
}

static void buffer_sink(struct ktest *t)
{
	const struct fail_operation operation = {
		.name = "sink",
		.run = sink_run,
		.undo = internal_undo,
		.wanted = fail_bench_wanted,
	};
	struct fail_bench bench;

	if (!fail_bench_open(t, &bench, ktest_parent(), "fail"))
		return;
	/* The buffer, its page and array, two tables of it, the mapping, a table of the MMU. */
	KTEST_EXPECT(t, fail_sweep(t, &operation, &bench, bench.vid) >= 9);
	fail_bench_close(t, &bench);
}

static int pool_run(void *data)
{
	struct fail_bench *bench = data;

	bench->mem = vb2_ipu_pool_create(bench->vid, "test", bench->size,
					 DMA_BIDIRECTIONAL);
	return PTR_ERR_OR_ZERO(bench->mem);
}

static void pool_undo(void *data)
{
	struct fail_bench *bench = data;

	vb2_ipu_pool_destroy(bench->mem);
}

static void buffer_pool(struct ktest *t)
{
	const struct fail_operation operation = {
		.name = "pool",
		.run = pool_run,
		.undo = pool_undo,
		.wanted = fail_bench_wanted,
	};
	struct fail_bench bench;

	if (!fail_bench_open(t, &bench, ktest_parent(), "fail"))
		return;
	KTEST_EXPECT(t, fail_sweep(t, &operation, &bench, bench.vid) >= 11);
	fail_bench_close(t, &bench);
}

/*
 * Nothing fails here on purpose: these are refused before memory is asked for, of which there is
 * not so much.
 */
static void buffer_sizes(struct ktest *t)
{
	static const struct {
		size_t size;
		int wanted;
	} sizes[] = {
		{ 0, -EINVAL }, { SIZE_MAX, -EINVAL }, { 1UL << 52, -EINVAL },
		{ 1UL << 40, -ENOMEM }, { (4UL << 30) + 1, -ENOMEM },
	};
	struct fail_bench bench;
	unsigned int i;

	if (!fail_bench_open(t, &bench, ktest_parent(), "fail"))
		return;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		bench.size = sizes[i].size;
		KTEST_EQ(t, fail_bench_alloc(&bench), sizes[i].wanted);
		KTEST_EQ(t, internal_run(&bench), sizes[i].wanted);
	}
	bench.size = 5UL << 30;
	KTEST_EQ(t, userptr_run(&bench), -ENOMEM);
	fail_bench_close(t, &bench);
}

static const struct ktest_case cases[] = {
	{ "sizes", buffer_sizes },
	{ "alloc", buffer_alloc },
	{ "alloc_large", buffer_alloc_large },
	{ "vmap", buffer_vaddr },
	{ "export_mmap", buffer_export_mmap },
	{ "userptr", buffer_userptr },
	{ "internal", buffer_internal },
	{ "sink", buffer_sink },
	{ "pool", buffer_pool },
	{}
};

const struct ktest_suite fail_buffer_suite = { "fail_buffer", cases };
