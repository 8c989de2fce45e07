// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/math.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/processor.h>

#include "backend.h"
#include "parent.h"

/**
 * ktest_backend_open() - make a device and switch it on
 * @t: The test, which fails if that does.
 * @backend: The device.
 * @mmu: Whether it has an MMU. There can be one device of either kind at a time.
 * @noncoherent: Whether it looks past the CPU's caches.
 *
 * Context: Process context.
 * Return: Whether there is one.
 */
bool ktest_backend_open(struct ktest *t, struct ktest_backend *backend, bool mmu, bool noncoherent)
{
	return ktest_backend_open_with(t, backend, mmu, noncoherent, noncoherent);
}

/**
 * ktest_backend_open_with() - make a device whose MMU is another than the rest of it
 * @t: The test, which fails if that does.
 * @backend: The device.
 * @mmu: Whether it has an MMU. There can be one device of either kind at a time.
 * @noncoherent_tables: Whether the MMU looks past the CPU's caches.
 * @noncoherent_buffers: Whether all else does.
 *
 * Context: Process context.
 * Return: Whether there is one.
 */
bool ktest_backend_open_with(struct ktest *t, struct ktest_backend *backend, bool mmu,
			     bool noncoherent_tables, bool noncoherent_buffers)
{
	const struct vb2_ipu_device_config config = {
		.noncoherent_tables = noncoherent_tables,
		.noncoherent_buffers = noncoherent_buffers,
	};

	return ktest_backend_open_config(t, backend, mmu, &config);
}

/**
 * ktest_backend_open_config() - make a device as its driver says
 * @t: The test, which fails if that does.
 * @backend: The device.
 * @mmu: Whether it has an MMU. There can be one device of either kind at a time.
 * @wanted: What the driver says; name and hardware are the test's.
 *
 * Context: Process context.
 * Return: Whether there is one.
 */
bool ktest_backend_open_config(struct ktest *t, struct ktest_backend *backend, bool mmu,
			       const struct vb2_ipu_device_config *wanted)
{
	struct vb2_ipu_device_config config = *wanted;

	config.name = mmu ? "ktest" : "ktest-direct";
	config.mmu_ops = mmu ? &ktest_hw_ops : NULL;
	config.hw = &backend->rig;
	memset(backend, 0, sizeof(*backend));
	backend->vid = vb2_ipu_device_create(ktest_parent(), &config);
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(backend->vid), 0))
		return false;
	backend->rig.powered = true;
	vb2_ipu_device_resume(backend->vid);
	return true;
}

/**
 * ktest_backend_close() - end a device
 * @t: The test, which fails if registers were accessed without power.
 * @backend: The device. Buffers of it may live on.
 *
 * Context: Process context.
 */
void ktest_backend_close(struct ktest *t, struct ktest_backend *backend)
{
	backend->rig.hook = NULL;
	vb2_ipu_device_suspend(backend->vid);
	backend->rig.powered = false;
	vb2_ipu_device_destroy(backend->vid);
	KTEST_EQ(t, atomic_read(&backend->rig.while_off), 0);
}

/**
 * ktest_flushed() - lines of the device's buffers that were flushed
 * @backend: The device.
 *
 * Context: Any.
 * Return: How many since the last call.
 */
s64 ktest_flushed(struct ktest_backend *backend)
{
	s64 before = backend->seen;

	backend->seen = atomic64_read(&backend->vid->stats.flushed_lines);
	return backend->seen - before;
}

/**
 * ktest_lines() - how many lines a number of bytes is
 * @bytes: From the start of a line.
 *
 * Return: Lines, whole or in part.
 */
s64 ktest_lines(size_t bytes)
{
	return DIV_ROUND_UP(bytes, boot_cpu_data.x86_clflush_size);
}

/**
 * ktest_plane_new() - a buffer without memory
 * @t: The test, which fails if there is none.
 * @dir: What the device will do.
 *
 * Context: Process context.
 * Return: The buffer, to be freed by ktest_plane_free(); %NULL if there is none.
 */
struct ktest_plane *ktest_plane_new(struct ktest *t, enum dma_data_direction dir)
{
	struct ktest_plane *plane = kzalloc(sizeof(*plane), GFP_KERNEL);

	if (!KTEST_EXPECT(t, plane))
		return NULL;
	plane->queue.dma_dir = dir;
	plane->queue.mem_ops = &vb2_ipu_iommu_memops;
	plane->vb.vb2_queue = &plane->queue;
	plane->vb.num_planes = 1;
	return plane;
}

/**
 * ktest_plane_made() - note what the backend made of a buffer
 * @t: The test, which fails if that is an error.
 * @plane: The buffer.
 * @priv: What the backend's operation returned.
 * @size: Bytes.
 *
 * Context: Any.
 * Return: Whether the buffer has memory now.
 */
bool ktest_plane_made(struct ktest *t, struct ktest_plane *plane, void *priv, size_t size)
{
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(priv), 0))
		return false;
	plane->priv = priv;
	plane->vb.planes[0].mem_priv = priv;
	plane->vb.planes[0].length = size;
	return true;
}

/**
 * ktest_plane_alloc() - a buffer of the backend's own memory
 * @t: The test, which fails if there is none.
 * @backend: The device.
 * @dir: What the device will do.
 * @size: Bytes.
 *
 * Context: Process context.
 * Return: The buffer, whose memory is to be given back by the operation "put" before
 * ktest_plane_free(); %NULL if there is none.
 */
struct ktest_plane *ktest_plane_alloc(struct ktest *t, struct ktest_backend *backend,
				      enum dma_data_direction dir, size_t size)
{
	struct ktest_plane *plane = ktest_plane_new(t, dir);
	struct device *dev = vb2_ipu_device_dma_dev(backend->vid);

	if (plane &&
	    ktest_plane_made(t, plane, vb2_ipu_iommu_memops.alloc(&plane->vb, dev, size), size))
		return plane;
	kfree(plane);
	return NULL;
}

/**
 * ktest_plane_free() - free a buffer without memory
 * @plane: The buffer, or %NULL.
 *
 * Context: Any.
 */
void ktest_plane_free(struct ktest_plane *plane)
{
	kfree(plane);
}

/**
 * ktest_plane_settle() - user space takes a buffer back
 * @plane: The buffer.
 * @payload: Bytes that the driver says there are; 0: it does not say.
 *
 * Context: Process context.
 */
void ktest_plane_settle(struct ktest_plane *plane, size_t payload)
{
	plane->vb.state = VB2_BUF_STATE_DONE;
	plane->vb.planes[0].bytesused = payload;
	vb2_ipu_iommu_buf_finish(&plane->vb);
}
