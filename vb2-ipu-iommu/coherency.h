/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the caches may hold of one plane, and what must be flushed when. No kernel service is used,
 * so that the same code is compiled, tested and fuzzed in user space; docs/coherency.md maps it to
 * the model that is checked.
 */
#ifndef VB2_IPU_IOMMU_COHERENCY_H
#define VB2_IPU_IOMMU_COHERENCY_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#endif

/**
 * enum ipu_viewer - who has a CPU mapping
 * @IPU_VIEWER_USER: The user space that queues the buffer, whose cache hints speak for itself.
 * @IPU_VIEWER_OTHER: Anybody else: the kernel, or a foreign importer, whose DMA goes through the
 *	caches. No hint of user space's speaks for them.
 * @IPU_VIEWERS: How many kinds there are.
 */
enum ipu_viewer {
	IPU_VIEWER_USER,
	IPU_VIEWER_OTHER,
	IPU_VIEWERS,
};

/**
 * struct ipu_viewer_state - what one kind of viewer may have done or may do
 * @views: CPU mappings that exist and may be read through at any time.
 * @writers: Those of them that may be written through.
 * @dirty: A writer that is gone may have left dirty lines. A device whose writes stay in the caches
 *	is such a one, of the kind %IPU_VIEWER_OTHER.
 */
struct ipu_viewer_state {
	unsigned int views;
	unsigned int writers;
	bool dirty;
};

/**
 * struct ipu_coherency - what is known about the cache lines of one plane
 * @size: Bytes of the plane.
 * @stale: Bytes from the start that a device may have written past the caches since they were last
 *	flushed: the lines may hold older copies, for the kernel's linear map may be prefetched from
 *	at any time. 0: none.
 * @wrote: A device wrote past the caches, and nobody has said yet how far.
 * @viewers: By &enum ipu_viewer.
 */
struct ipu_coherency {
	size_t size;
	size_t stale;
	bool wrote;
	struct ipu_viewer_state viewers[IPU_VIEWERS];
};

/**
 * struct ipu_device_access - how a device accesses a plane
 * @reads: It reads.
 * @writes: It writes.
 * @snoops: Its accesses look into the CPU's caches.
 * @allocates: What it writes may stay there, and not in memory. For @snoops only.
 */
struct ipu_device_access {
	bool reads;
	bool writes;
	bool snoops;
	bool allocates;
};

/**
 * enum ipu_sync_reason - why lines were flushed, or why not
 * @IPU_SYNC_CPU_WROTE: Flushed: the CPU may have written, or a device whose writes stay in its
 *	caches.
 * @IPU_SYNC_DEVICE_WROTE: Flushed: a device wrote, and the CPU may look now.
 * @IPU_SYNC_FIRST_VIEW: Flushed: a device wrote earlier, and only now there is a CPU mapping.
 * @IPU_SYNC_STALE_SNOOP: Flushed: a device wrote past the caches, and a device that looks into them
 *	is next.
 * @IPU_ELIDE_SNOOPS: Not needed: the device looks into the caches.
 * @IPU_ELIDE_CPU_CLEAN: Not needed: no CPU write since the last flush.
 * @IPU_ELIDE_NOT_WRITTEN: Not needed: no device wrote.
 * @IPU_ELIDE_NO_VIEW: Not needed yet: nothing can look.
 * @IPU_ELIDE_HINT: Left out because user space said so.
 */
enum ipu_sync_reason {
	IPU_SYNC_CPU_WROTE,
	IPU_SYNC_DEVICE_WROTE,
	IPU_SYNC_FIRST_VIEW,
	IPU_SYNC_STALE_SNOOP,
	IPU_ELIDE_SNOOPS,
	IPU_ELIDE_CPU_CLEAN,
	IPU_ELIDE_NOT_WRITTEN,
	IPU_ELIDE_NO_VIEW,
	IPU_ELIDE_HINT,
};

/**
 * struct ipu_sync_step - what the caller must do before it goes on
 * @flush: Bytes from the start whose lines must be flushed; 0: none.
 * @elided: Bytes from the start whose flush was found needless, or was given up; for the counters.
 * @reason: Why.
 */
struct ipu_sync_step {
	size_t flush;
	size_t elided;
	enum ipu_sync_reason reason;
};

void ipu_coherency_init(struct ipu_coherency *c, size_t size);
struct ipu_sync_step ipu_coherency_begin(struct ipu_coherency *c, struct ipu_device_access access,
					 bool skip);
void ipu_coherency_end(struct ipu_coherency *c, struct ipu_device_access access);
struct ipu_sync_step ipu_coherency_settle(struct ipu_coherency *c, size_t bytes, bool skip);
struct ipu_sync_step ipu_coherency_open_view(struct ipu_coherency *c, enum ipu_viewer viewer,
					     bool writable);
void ipu_coherency_make_writable(struct ipu_coherency *c, enum ipu_viewer viewer);
void ipu_coherency_close_view(struct ipu_coherency *c, enum ipu_viewer viewer, bool writable);
void ipu_coherency_cpu_wrote(struct ipu_coherency *c);

#endif /* VB2_IPU_IOMMU_COHERENCY_H */
