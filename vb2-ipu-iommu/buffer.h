/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One plane's memory, whatever it came from. What all kinds share is in buffer.c; each kind has a
 * file of its own.
 */
#ifndef VB2_IPU_IOMMU_BUFFER_H
#define VB2_IPU_IOMMU_BUFFER_H

#include <linux/atomic.h>
#include <linux/dma-direction.h>
#include <linux/iosys-map.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/scatterlist.h>
#include <linux/types.h>

#include "coherency.h"

struct device;
struct dma_buf;
struct dma_buf_attachment;
struct frame_vector;
struct page;
struct vb2_buffer;
struct vb2_ipu_device;
struct vm_area_struct;

/**
 * enum ipu_buffer_kind - where the memory is from
 * @IPU_BUFFER_PAGES: Allocated by the backend, for MMAP and for drivers' own use.
 * @IPU_BUFFER_USER: Pinned user pages.
 * @IPU_BUFFER_IMPORT: Somebody's dma-buf.
 */
enum ipu_buffer_kind {
	IPU_BUFFER_PAGES,
	IPU_BUFFER_USER,
	IPU_BUFFER_IMPORT,
};

/* Bits of ipu_buffer.events. */
/* Of the buffer whose coherency state counts: some device wrote past the caches. */
#define IPU_BUFFER_DEVICE_WROTE 0
/* This user's device did, and how far is told by ipu_buffer_settle(). */
#define IPU_BUFFER_OWN_WROTE 1

/**
 * struct ipu_buffer - one plane's memory
 * @kind: Where it is from.
 * @vid: The device; referenced.
 * @node: In &vb2_ipu_device.buffers.
 * @vb: The vb2 buffer; %NULL for a driver's own.
 * @ref: vb2's, each VMA's and each exported dma-buf's references.
 * @dir: What the device does.
 * @size: Bytes.
 * @offset: Bytes from the start of the first page; not 0 for user memory only.
 * @pages: The pages; %NULL for an import.
 * @n_pages: How many.
 * @sgt: Their runs, and, while @mapped, the device's addresses of them.
 * @mapped: The device can reach the memory. Covered by &vb2_ipu_device.lock.
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
 * @vaddr: Kernel mapping, made when first asked for.
 * @vmaps: Users of it; together they are one view that can be written through.
 * @vb2_vaddr: @vaddr as vb2 knows it. Serialised by vb2.
 * @events: Set by completion handlers in any context, folded into @coherency by the next one that
 *	holds @sync_lock.
 * @pending: Of the buffer whose coherency state counts: its users with %IPU_BUFFER_OWN_WROTE.
 * @vec: Pinned user pages.
 * @head: Stands in for the first page towards the device, see user.c.
 * @tail: Likewise for the last page.
 * @dmabuf: The imported dma-buf.
 * @attachment: To it; %NULL before it is first mapped, and once the device is gone.
 * @import_sgt: The device's addresses of it; %NULL while unmapped. Changed within both
 *	&vb2_ipu_device.lock and @sync_lock, so that either is enough to look.
 * @import_map: Its kernel mapping.
 * @origin: The buffer behind @dmabuf if it is one of this backend's: its @coherency counts for all
 *	who use it.
 */
struct ipu_buffer {
	enum ipu_buffer_kind kind;
	struct vb2_ipu_device *vid;
	struct list_head node;
	struct vb2_buffer *vb;
	refcount_t ref;
	enum dma_data_direction dir;
	size_t size;
	unsigned int offset;
	struct page **pages;
	unsigned int n_pages;
	struct sg_table sgt;
	bool mapped;
	bool bypassed;

	struct mutex sync_lock; /* covers what follows up to @vaddr */
	struct ipu_coherency coherency;
	unsigned int vmas;
	bool vma_writable;
	bool lingering;
	void *vaddr;
	unsigned int vmaps;

	void *vb2_vaddr;
	unsigned long events;
	atomic_t pending;

	struct frame_vector *vec;
	struct page *head;
	struct page *tail;

	struct dma_buf *dmabuf;
	struct dma_buf_attachment *attachment;
	struct sg_table *import_sgt;
	struct iosys_map import_map;
	struct ipu_buffer *origin;
};

/* buffer.c */
struct ipu_buffer *ipu_buffer_new(struct device *dma_dev, enum ipu_buffer_kind kind,
				  struct vb2_buffer *vb, enum dma_data_direction dir, size_t size);
void ipu_buffer_free(struct ipu_buffer *buf);
int ipu_buffer_connect(struct ipu_buffer *buf);
void ipu_buffer_disconnect(struct ipu_buffer *buf);
void ipu_buffers_disconnect(struct vb2_ipu_device *vid);
int ipu_buffer_check_mapping(struct ipu_buffer *buf, struct sg_table *sgt);
struct sg_table *ipu_buffer_device_sgt(struct ipu_buffer *buf);

/* sync.c */
void ipu_buffer_begin(struct ipu_buffer *buf);
void ipu_buffer_end(struct ipu_buffer *buf);
void ipu_buffer_settle(struct ipu_buffer *buf, size_t bytes, bool skip);
void ipu_buffer_forget_end(struct ipu_buffer *buf);
void ipu_buffer_open_view(struct ipu_buffer *buf, enum ipu_viewer viewer, bool writable);
void ipu_buffer_close_view(struct ipu_buffer *buf, enum ipu_viewer viewer, bool writable);
void ipu_buffer_check_pins(struct ipu_buffer *buf);
void ipu_buffer_flush(struct ipu_buffer *buf, size_t offset, size_t size);
void ipu_buffer_perform(struct ipu_buffer *buf, struct ipu_sync_step step);

/* pages-buffer.c */
struct ipu_buffer *ipu_pages_buffer_new(struct device *dma_dev, struct vb2_buffer *vb,
					enum dma_data_direction dir, size_t size);
void ipu_pages_buffer_put(struct ipu_buffer *buf);
int ipu_pages_buffer_mmap(struct ipu_buffer *buf, struct vm_area_struct *vma);
void *ipu_pages_buffer_vmap(struct ipu_buffer *buf);
void ipu_pages_buffer_vunmap(struct ipu_buffer *buf);

/* user.c */
struct ipu_buffer *ipu_user_buffer_new(struct device *dma_dev, struct vb2_buffer *vb,
				       enum dma_data_direction dir, unsigned long vaddr,
				       size_t size);
void ipu_user_buffer_put(struct ipu_buffer *buf);
void *ipu_user_buffer_vmap(struct ipu_buffer *buf);
void ipu_user_buffer_copy_in(struct ipu_buffer *buf);
void ipu_user_buffer_copy_out(struct ipu_buffer *buf, size_t bytes);

/* import.c */
struct ipu_buffer *ipu_import_new(struct device *dma_dev, struct vb2_buffer *vb,
				  struct dma_buf *dmabuf, enum dma_data_direction dir, size_t size);
void ipu_import_put(struct ipu_buffer *buf);
int ipu_import_map(struct ipu_buffer *buf);
void ipu_import_unmap(struct ipu_buffer *buf);
void ipu_import_disconnect(struct ipu_buffer *buf);
void *ipu_import_vmap(struct ipu_buffer *buf);
void ipu_import_flush(struct ipu_buffer *buf, size_t offset, size_t size);

/* export.c */
struct dma_buf *ipu_export(struct ipu_buffer *buf, unsigned long flags);
struct ipu_buffer *ipu_export_origin(struct dma_buf *dmabuf);

#endif /* VB2_IPU_IOMMU_BUFFER_H */
