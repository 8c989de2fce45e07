/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One plane's memory, whatever it came from: what all kinds share. Each kind is a structure that
 * begins with this one, a table of operations, and a file of its own.
 */
#ifndef VB2_IPU_IOMMU_BUFFER_H
#define VB2_IPU_IOMMU_BUFFER_H

#include <linux/atomic.h>
#include <linux/dma-direction.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/scatterlist.h>
#include <linux/types.h>

#include "coherency.h"
#include "ipu-mmu-plane.h"

struct device;
struct ipu_buffer;
struct page;
struct vb2_buffer;
struct vb2_ipu_device;

/**
 * struct ipu_buffer_ops - what a kind of memory does in its own way
 * @name: The kind, for debugfs.
 * @object_size: Bytes of the kind's structure, which begins with &struct ipu_buffer.
 * @hints: Cache hints of videobuf2's are user space's. (For imports videobuf2 sets them always, for
 *	it expects exporters to care. They do not on x86.)
 * @disconnect: End the device's reach; nothing is done if it has none. When it returns, the MMU has
 *	forgotten the pages. Within &vb2_ipu_device.lock.
 * @flush: Flush the lines of @size bytes from @offset on, which are within the buffer.
 * @device_sgt: The device's addresses; %NULL while there are none.
 * @vaddr: The kernel's address, for videobuf2; %NULL if there is none. Lasts as long as the buffer.
 * @begin_access: The same for a while: until @end_access. %NULL if there is none.
 * @end_access: That while is over. Not called if @begin_access gave %NULL.
 * @before_device: The device is about to get the buffer, which has not been flushed yet. Within
 *	the &ipu_buffer.sync_lock that covers the state. May be %NULL.
 * @after_device: It wrote @bytes from the start at most, and the lines are right now. Within the
 *	same lock. May be %NULL.
 */
struct ipu_buffer_ops {
	const char *name;
	size_t object_size;
	bool hints;
	void (*disconnect)(struct ipu_buffer *buf);
	void (*flush)(struct ipu_buffer *buf, size_t offset, size_t size);
	struct sg_table *(*device_sgt)(struct ipu_buffer *buf);
	void *(*vaddr)(struct ipu_buffer *buf);
	void *(*begin_access)(struct ipu_buffer *buf);
	void (*end_access)(struct ipu_buffer *buf);
	void (*before_device)(struct ipu_buffer *buf);
	void (*after_device)(struct ipu_buffer *buf, size_t bytes);
};

/* Bits of ipu_buffer.events. */
/* Of the buffer whose coherency state counts: some device wrote past the caches. */
#define IPU_BUFFER_DEVICE_WROTE 0
/* This user's device did, and how far is told by ipu_buffer_settle(). */
#define IPU_BUFFER_OWN_WROTE 1
/* Again of the one whose state counts: some device wrote, and it may still be in the caches. */
#define IPU_BUFFER_CACHE_WROTE 2

/**
 * struct ipu_buffer - one plane's memory
 * @ops: What its kind does.
 * @vid: The device; referenced.
 * @node: In &vb2_ipu_device.buffers.
 * @vb: The vb2 buffer; %NULL for a driver's own, and once vb2 has given it back.
 * @internal: It is a driver's own.
 * @label: What a driver's own is for, in debugfs; %NULL for vb2's.
 * @ref: vb2's, each VMA's and each exported dma-buf's references.
 * @dir: What the device does.
 * @size: Bytes.
 * @offset: Bytes from the start of the first page; not 0 for user memory only.
 * @pages: The pages; %NULL for an import.
 * @n_pages: How many.
 * @sgt: Their runs, and, while @mapped, the device's addresses of them.
 * @plane: Where @sgt is in the addresses of a device that has an MMU.
 * @waits_for: The exporter that a call into is under way, without that lock; %NULL without one.
 *	Covered by &vb2_ipu_device.lock.
 * @mapped: The device can reach @sgt. Covered by &vb2_ipu_device.lock.
 * @bypassed: A device that does not snoop has, or has had, the memory. Set before that device gets
 *	it, never cleared, and read without a lock. As long as it is not set the caches are right by
 *	themselves.
 * @sync_lock: Covers what follows up to @vaddr. Taken within mmap_lock, &vb2_ipu_device.lock or a
 *	reservation lock; only allocations are made within it.
 * @coherency: What the caches may hold.
 * @vmas: User mappings; together they are one view.
 * @vma_writable: At least one of them could be written through.
 * @lingering: There is no user mapping any more, but its view stays: somebody may have pinned pages
 *	through one and can still read and write them. Who has is not looked at before @bypassed.
 * @vaddr: Kernel mapping of @pages, made when first asked for.
 * @events: Set by completion handlers in any context, folded into @coherency by the next one that
 *	holds @sync_lock.
 * @pending: Of the buffer whose coherency state counts: its users with %IPU_BUFFER_OWN_WROTE.
 * @origin: The buffer whose memory this is, if another one of this backend's.
 * @state: Whose @bypassed and @coherency count: those of @origin for all who use it, else its own.
 */
struct ipu_buffer {
	const struct ipu_buffer_ops *ops;
	struct vb2_ipu_device *vid;
	struct list_head node;
	struct vb2_buffer *vb;
	bool internal;
	const char *label;
	refcount_t ref;
	enum dma_data_direction dir;
	size_t size;
	unsigned int offset;
	struct page **pages;
	unsigned int n_pages;
	struct sg_table sgt;
	struct ipu_plane plane;
	const char *waits_for;
	bool mapped;
	bool bypassed;

	struct mutex sync_lock; /* covers what follows up to @vaddr */
	struct ipu_coherency coherency;
	unsigned int vmas;
	bool vma_writable;
	bool lingering;
	void *vaddr;

	unsigned long events;
	atomic_t pending;
	struct ipu_buffer *origin;
	struct ipu_buffer *state;
};

struct ipu_buffer *ipu_buffer_new(struct device *dma_dev, const struct ipu_buffer_ops *ops,
				  struct vb2_buffer *vb, enum dma_data_direction dir, size_t size);
void ipu_buffer_free(struct ipu_buffer *buf);
size_t ipu_buffer_mapped_size(const struct ipu_buffer *buf);
bool ipu_buffer_has_addresses(const struct ipu_buffer *buf);
int ipu_buffer_connect(struct ipu_buffer *buf);
void ipu_buffer_disconnect(struct ipu_buffer *buf);
void ipu_buffers_disconnect(struct vb2_ipu_device *vid);
void ipu_buffers_await_exporters(struct vb2_ipu_device *vid);
int ipu_buffer_check_mapping(struct ipu_buffer *buf, struct sg_table *sgt);
struct sg_table *ipu_buffer_own_sgt(struct ipu_buffer *buf);

#endif /* VB2_IPU_IOMMU_BUFFER_H */
