/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device of the backend without hardware, and a videobuf2 buffer of it without a queue in use.
 */
#ifndef FAIL_BENCH_H
#define FAIL_BENCH_H

#include <linux/dma-buf.h>
#include <linux/types.h>
#include <media/vb2-ipu-iommu.h>
#include <media/videobuf2-core.h>

#include "ktap.h"

/**
 * struct fail_bench - the device, and what operations on it work with
 * @vid: The device.
 * @queue: A queue of which only what the backend looks at is set.
 * @vb: A buffer of it, likewise.
 * @size: Bytes of buffers.
 * @mem: What the last operation made.
 * @dmabuf: Likewise.
 * @address: Likewise, in user space.
 */
struct fail_bench {
	struct vb2_ipu_device *vid;
	struct vb2_queue queue;
	struct vb2_buffer vb;
	size_t size;
	void *mem;
	struct dma_buf *dmabuf;
	unsigned long address;
};

extern const struct ipu_mmu_hw_ops fail_hw_ops;

bool fail_bench_open(struct ktest *t, struct fail_bench *bench, struct device *parent,
		     const char *name);
void fail_bench_close(struct ktest *t, struct fail_bench *bench);
int fail_bench_alloc(struct fail_bench *bench);
void fail_bench_free(struct fail_bench *bench);
int fail_bench_export(struct fail_bench *bench);
void fail_bench_close_export(struct fail_bench *bench);
int fail_bench_wanted(const char *call);

#endif /* FAIL_BENCH_H */
