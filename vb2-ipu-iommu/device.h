/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device that buffers are for: a PCI function, the device that its DMA is mapped for, and all its
 * live buffers.
 */
#ifndef VB2_IPU_IOMMU_DEVICE_H
#define VB2_IPU_IOMMU_DEVICE_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/wait.h>

#include "stats.h"

struct dentry;
struct device;
struct ipu_buffer;
struct ipu_mmu;
struct page;

/**
 * struct vb2_ipu_device - one bound PCI function
 * @parent: The PCI function. Referenced.
 * @dma_dev: What DMA is mapped for: the translated device behind the IPU MMU, or @parent. Valid
 *	while @live.
 * @mmu: The IPU MMU, or %NULL.
 * @noncoherent: Its accesses to buffers do not look into the CPU's caches.
 * @noncoherent_tables: Its MMU does not either when it walks.
 * @below_4g: The driver's own memory, and the MMU's tables, are to be below 4 GiB.
 * @guard: The MMU's page that comes after each buffer in the device's addresses, which lasts as
 *	long as @mmu; %NULL: whatever is mapped there.
 * @allocates: If its accesses look into the caches, what it writes may stay there.
 * @ref: One for the driver, one for each buffer: a buffer may outlive the driver's bind (an open
 *	dma-buf, a mapping).
 * @lock: Covers @live, @calls, @buffers, and the device mapping of each buffer on the list: none is
 *	noted or forgotten without it, so none can remain when the device goes. Taken before a
 *	dma-buf's reservation lock, never within it.
 * @live: The driver is bound. Once false, none can be made.
 * @calls: Calls into dma-bufs' exporters that are under way for the device, without @lock: they may
 *	take as long as they like, and the device does not go before they end. Covered by @lock.
 * @no_calls: Woken when there are none left.
 * @buffers: Live buffers, by &ipu_buffer.node.
 * @node: In the list of all devices.
 * @debugfs: The instance's folder.
 * @stats: Counters.
 */
struct vb2_ipu_device {
	struct device *parent;
	struct device *dma_dev;
	struct ipu_mmu *mmu;
	bool noncoherent;
	bool noncoherent_tables;
	bool below_4g;
	bool allocates;
	struct page *guard;
	struct kref ref;
	struct mutex lock; /* covers @live, @buffers and what is mapped for the device */
	bool live;
	unsigned int calls;
	wait_queue_head_t no_calls;
	struct list_head buffers;
	struct list_head node;
	struct dentry *debugfs;
	struct ipu_stats stats;
};

struct vb2_ipu_device *ipu_device_new(struct device *parent);
void ipu_device_publish(struct vb2_ipu_device *vid);
void ipu_device_withdraw(struct vb2_ipu_device *vid);
struct vb2_ipu_device *vb2_ipu_device_find(struct device *dma_dev);
void vb2_ipu_device_put(struct vb2_ipu_device *vid);
void ipu_device_call_begin(struct vb2_ipu_device *vid);
void ipu_device_call_end(struct vb2_ipu_device *vid);

#endif /* VB2_IPU_IOMMU_DEVICE_H */
