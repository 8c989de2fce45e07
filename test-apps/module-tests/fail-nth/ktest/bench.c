// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/module.h>
#include <linux/string.h>

#include "bench.h"
#include "compat.h"
#include "device.h"
#include "parent.h"

static void fail_set_l1(void *hw, dma_addr_t l1)
{
}

static void fail_invalidate(void *hw)
{
}

const struct ipu_mmu_hw_ops fail_hw_ops = {
	.set_l1 = fail_set_l1,
	.invalidate = fail_invalidate,
};

/**
 * fail_bench_open() - make a device
 * @t: The test, which fails if that does.
 * @bench: The device.
 * @parent: The PCI function, or what stands for one.
 * @name: The device's name, which tells two of the same parent apart.
 *
 * Context: Process context.
 * Return: Whether there is one.
 */
bool fail_bench_open(struct ktest *t, struct fail_bench *bench, struct device *parent,
		     const char *name)
{
	const struct vb2_ipu_device_config config = {
		.name = name,
		.mmu_ops = &fail_hw_ops,
		.noncoherent_tables = true,
		.noncoherent_buffers = true,
		.guard = true,
	};

	memset(bench, 0, sizeof(*bench));
	bench->vid = vb2_ipu_device_create(parent, &config);
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(bench->vid), 0))
		return false;
	vb2_ipu_device_resume(bench->vid);
	bench->queue.dma_dir = DMA_FROM_DEVICE;
	bench->vb.vb2_queue = &bench->queue;
	bench->size = 3 * PAGE_SIZE;
	return true;
}

/**
 * fail_bench_close() - end the device, of which nothing must be left
 * @t: The test, which fails if there is.
 * @bench: The device.
 *
 * Context: Process context.
 */
void fail_bench_close(struct ktest *t, struct fail_bench *bench)
{
	KTEST_EQ(t, atomic64_read(&bench->vid->stats.buffers), 0);
	KTEST_EQ(t, atomic64_read(&bench->vid->stats.mapped_pages), 0);
	KTEST_EQ(t, atomic64_read(&bench->vid->stats.table_pages), 0);
	vb2_ipu_device_suspend(bench->vid);
	vb2_ipu_device_destroy(bench->vid);
}

/**
 * fail_bench_alloc() - allocate a buffer as videobuf2 does for MMAP
 * @bench: The device; &fail_bench.mem gets the buffer.
 *
 * Context: Process context.
 * Return: 0, or what the backend said.
 */
int fail_bench_alloc(struct fail_bench *bench)
{
	bench->mem = vb2_ipu_iommu_memops.alloc(&bench->vb, vb2_ipu_device_dma_dev(bench->vid),
						bench->size);
	return PTR_ERR_OR_ZERO(bench->mem);
}

/**
 * fail_bench_free() - undo fail_bench_alloc()
 * @bench: The device.
 *
 * Context: Process context.
 */
void fail_bench_free(struct fail_bench *bench)
{
	vb2_ipu_iommu_memops.put(bench->mem);
}

/**
 * fail_bench_export() - export the buffer as videobuf2 does for VIDIOC_EXPBUF
 * @bench: The device; &fail_bench.dmabuf gets the dma-buf.
 *
 * Context: Process context.
 * Return: 0; -ENOMEM for what videobuf2 only hears to have failed.
 */
int fail_bench_export(struct fail_bench *bench)
{
	bench->dmabuf = vb2_ipu_iommu_memops.get_dmabuf(&bench->vb, bench->mem, O_RDWR);
	return bench->dmabuf ? 0 : -ENOMEM;
}

/**
 * fail_bench_close_export() - undo fail_bench_export()
 * @bench: The device.
 *
 * Context: Process context.
 */
void fail_bench_close_export(struct fail_bench *bench)
{
	/* Not dma_buf_put(): that releases only when this process returns to user space. */
	__fput_sync(bench->dmabuf->file);
}

/**
 * fail_bench_wanted() - what a failed call must lead to
 * @call: Its name.
 *
 * Without an IOMMU before it, a device that has no address for a page cannot reach it; with one,
 * room is short.
 *
 * Return: The errno.
 */
int fail_bench_wanted(const char *call)
{
	return !strcmp(call, "dma_map_page_attrs") && !ktest_parent_domain() ? -EIO : -ENOMEM;
}

IPU_MODULE_IMPORT_NS(DMA_BUF);
