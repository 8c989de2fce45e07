/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device of the backend, and planes that are driven by its operations as videobuf2 does it.
 */
#ifndef KTEST_BACKEND_H
#define KTEST_BACKEND_H

#include <media/videobuf2-core.h>
#include <media/vb2-ipu-iommu.h>

#include "device.h"
#include "rig.h"

/**
 * struct ktest_backend - a device
 * @rig: Notes of its MMU's hardware.
 * @vid: The device.
 * @seen: Flushed lines that ktest_flushed() has told of.
 */
struct ktest_backend {
	struct ktest_rig rig;
	struct vb2_ipu_device *vid;
	s64 seen;
};

/**
 * struct ktest_plane - a buffer of one plane
 * @queue: Its queue, of which only what the backend looks at is set.
 * @vb: The buffer.
 * @priv: What the backend made of it.
 */
struct ktest_plane {
	struct vb2_queue queue;
	struct vb2_buffer vb;
	void *priv;
};

bool ktest_backend_open(struct ktest *t, struct ktest_backend *backend, bool mmu, bool noncoherent);
bool ktest_backend_open_with(struct ktest *t, struct ktest_backend *backend, bool mmu,
			     bool noncoherent_tables, bool noncoherent_buffers);
bool ktest_backend_open_config(struct ktest *t, struct ktest_backend *backend, bool mmu,
			       const struct vb2_ipu_device_config *wanted);
void ktest_backend_close(struct ktest *t, struct ktest_backend *backend);
s64 ktest_flushed(struct ktest_backend *backend);
s64 ktest_lines(size_t bytes);

struct ktest_plane *ktest_plane_new(struct ktest *t, enum dma_data_direction dir);
bool ktest_plane_made(struct ktest *t, struct ktest_plane *plane, void *priv, size_t size);
struct ktest_plane *ktest_plane_alloc(struct ktest *t, struct ktest_backend *backend,
				      enum dma_data_direction dir, size_t size);
void ktest_plane_free(struct ktest_plane *plane);
void ktest_plane_settle(struct ktest_plane *plane, size_t payload);

/* Pages of the second-level tables that the device's MMU has. */
static inline s64 ktest_tables_of(struct ktest_backend *backend)
{
	return atomic64_read(&backend->vid->stats.table_pages);
}

/* What videobuf2 does to a buffer when it is queued, and when the driver has done with it. */
static inline void ktest_plane_begin(struct ktest_plane *plane)
{
	vb2_ipu_iommu_memops.prepare(plane->priv);
}

static inline void ktest_plane_end(struct ktest_plane *plane)
{
	vb2_ipu_iommu_memops.finish(plane->priv);
}

#endif /* KTEST_BACKEND_H */
