/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * videobuf2 memory backend for Intel IPU cameras.
 *
 * A driver makes one &struct vb2_ipu_device when it binds, puts vb2_ipu_device_dma_dev() into its
 * queues' dev and &vb2_ipu_iommu_memops into their mem_ops, calls vb2_ipu_iommu_buf_finish() from
 * its vb2_ops.buf_finish, and tells the device's power state by vb2_ipu_device_resume() and
 * vb2_ipu_device_suspend(). See docs/vb2-ipu-iommu.md.
 */
#ifndef _MEDIA_VB2_IPU_IOMMU_H
#define _MEDIA_VB2_IPU_IOMMU_H

#include <linux/dma-direction.h>
#include <linux/types.h>
#include <media/videobuf2-core.h>

struct device;
struct sg_table;
struct vb2_ipu_device;
struct vb2_ipu_mem;

/**
 * struct ipu_mmu_hw_ops - the few things that an IPU generation's MMU does in its own way
 * @set_l1: Make @l1, the DMA address of the first-level table as the PCI function must emit it (4
 *	KiB aligned), the base of all translations.
 * @invalidate: Forget all cached translations. When it returns, no access by an old translation is
 *	under way or can happen.
 *
 * Context: Both are called with a raw spinlock held and interrupts off, and only between
 * vb2_ipu_device_resume() and vb2_ipu_device_suspend(), i.e. while registers can be accessed. They
 * must not sleep or call back.
 */
struct ipu_mmu_hw_ops {
	void (*set_l1)(void *hw, dma_addr_t l1);
	void (*invalidate)(void *hw);
};

/**
 * struct vb2_ipu_device_config - what the backend must know of a device
 * @name: Short name for the translated device, debugfs and the log, e.g. "imgu". Instances are told
 *	apart by the PCI function's name, which the backend adds.
 * @mmu_ops: The MMU of the device's own; %NULL if it has none and uses the PCI function's DMA
 *	addresses.
 * @hw: Passed to @mmu_ops.
 * @noncoherent: The device does not snoop the CPU's caches, neither for buffers nor for its page
 *	tables.
 *
 * The PCI function's DMA mask must be set; page tables and pages are placed below it.
 */
struct vb2_ipu_device_config {
	const char *name;
	const struct ipu_mmu_hw_ops *mmu_ops;
	void *hw;
	bool noncoherent;
};

struct vb2_ipu_device *vb2_ipu_device_create(struct device *parent,
					     const struct vb2_ipu_device_config *config);
void vb2_ipu_device_destroy(struct vb2_ipu_device *vid);
struct device *vb2_ipu_device_dma_dev(struct vb2_ipu_device *vid);
void vb2_ipu_device_resume(struct vb2_ipu_device *vid);
void vb2_ipu_device_suspend(struct vb2_ipu_device *vid);

extern const struct vb2_mem_ops vb2_ipu_iommu_memops;

void vb2_ipu_iommu_buf_finish(struct vb2_buffer *vb);
dma_addr_t vb2_ipu_iommu_plane_dma_addr(struct vb2_buffer *vb, unsigned int plane);
struct sg_table *vb2_ipu_iommu_plane_sgt(struct vb2_buffer *vb, unsigned int plane);

struct vb2_ipu_mem *vb2_ipu_mem_alloc(struct vb2_ipu_device *vid, size_t size,
				      enum dma_data_direction dir);
void vb2_ipu_mem_free(struct vb2_ipu_mem *mem);
void *vb2_ipu_mem_vaddr(struct vb2_ipu_mem *mem);
dma_addr_t vb2_ipu_mem_dma_addr(struct vb2_ipu_mem *mem);
void vb2_ipu_mem_sync_for_device(struct vb2_ipu_mem *mem, size_t offset, size_t size);
void vb2_ipu_mem_sync_for_cpu(struct vb2_ipu_mem *mem, size_t offset, size_t size);

#endif /* _MEDIA_VB2_IPU_IOMMU_H */
