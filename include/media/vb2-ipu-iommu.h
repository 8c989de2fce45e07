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
struct vb2_ipu_pool;

/**
 * struct ipu_mmu_hw_ops - the few things that an IPU generation's MMU does in its own way
 * @halt: End all accesses of the device to memory, and let none begin: the hardware wants that
 *	around a change of its first-level table. May sleep. Returns 0, or a negative errno if the
 *	device goes on; it has said so in the log. %NULL if the hardware needs none.
 * @unhalt: Let accesses begin again. May sleep. After each @halt, also one that failed. %NULL if
 *	@halt is.
 * @set_l1: Make @l1, the DMA address of the first-level table as the PCI function must emit it (4
 *	KiB aligned), the base of all translations.
 * @invalidate: Forget all cached translations. When it returns, no access by an old translation is
 *	under way or can happen.
 *
 * All are called only from vb2_ipu_device_resume() on until vb2_ipu_device_suspend() returns, i.e.
 * while registers can be accessed; @halt, @set_l1, @invalidate and @unhalt in this order when power
 * comes. The IOMMU core changes the first level when the device is created and when it is
 * destroyed, where it has no power, and never in between, for a driver is bound to the translated
 * device. If it did so all the same, it would be in this order, too. @invalidate alone comes with
 * each change of the mappings, at any time, also while the device is halted.
 *
 * Context: @set_l1 and @invalidate are called with a raw spinlock held and interrupts off, and must
 * not sleep; @halt and @unhalt in process context. None must call back.
 */
struct ipu_mmu_hw_ops {
	int (*halt)(void *hw);
	void (*unhalt)(void *hw);
	void (*set_l1)(void *hw, dma_addr_t l1);
	void (*invalidate)(void *hw);
};

/**
 * struct vb2_ipu_device_config - what the backend must know of a device
 * @name: Short name for the translated device, debugfs and the log, e.g. "imgu". Instances are told
 *	apart by the PCI function's name, which the backend adds; a function with two MMUs gives
 *	them two names.
 * @mmu_ops: The MMU of the device's own; %NULL if it has none and uses the PCI function's DMA
 *	addresses.
 * @hw: Passed to @mmu_ops.
 * @address_bits: Bits of the addresses that the device emits, at most 32; 0: 32. For the MMU only.
 * @noncoherent_tables: The MMU does not snoop the CPU's caches when it walks its tables.
 * @noncoherent_buffers: The device does not when it accesses buffers, the driver's own included.
 *	Where it is not known whether one of them does, it is safe to say that it does not.
 * @below_4g: The driver's own memory, the MMU's tables and the guard are to be below 4 GiB.
 *	(Buffers of video nodes are wherever the DMA mask allows.) Behind an IOMMU that translates
 *	it is the memory that is, and the address is what the DMA API gives for the DMA mask.
 * @guard: What follows each buffer in the device's addresses is to be a page that is no buffer's,
 *	for a device that is known, or feared, to go a little beyond an end. It reads zeroes there,
 *	or what it wrote there itself, whatever the buffer's direction. But for dma-bufs of other
 *	exporters, which decide what is mapped. For the MMU only. A buffer of a power of two pages
 *	takes twice its addresses with it, for ranges are aligned to their size.
 *
 * The PCI function's DMA mask must be set; page tables and pages are placed below it.
 */
struct vb2_ipu_device_config {
	const char *name;
	const struct ipu_mmu_hw_ops *mmu_ops;
	void *hw;
	unsigned int address_bits;
	bool noncoherent_tables;
	bool noncoherent_buffers;
	bool below_4g;
	bool guard;
};

/**
 * struct vb2_ipu_range - bytes of memory
 * @offset: Of the first one.
 * @size: How many.
 */
struct vb2_ipu_range {
	size_t offset;
	size_t size;
};

struct vb2_ipu_device *vb2_ipu_device_create(struct device *parent,
					     const struct vb2_ipu_device_config *config);
void vb2_ipu_device_destroy(struct vb2_ipu_device *vid);
struct device *vb2_ipu_device_dma_dev(struct vb2_ipu_device *vid);
int vb2_ipu_device_resume(struct vb2_ipu_device *vid);
void vb2_ipu_device_suspend(struct vb2_ipu_device *vid);

extern const struct vb2_mem_ops vb2_ipu_iommu_memops;

void vb2_ipu_iommu_buf_finish(struct vb2_buffer *vb);
dma_addr_t vb2_ipu_iommu_plane_dma_addr(struct vb2_buffer *vb, unsigned int plane);
void *vb2_ipu_iommu_plane_begin_access(struct vb2_buffer *vb, unsigned int plane);
void vb2_ipu_iommu_plane_end_access(struct vb2_buffer *vb, unsigned int plane);
struct sg_table *vb2_ipu_iommu_plane_sgt(struct vb2_buffer *vb, unsigned int plane);

struct vb2_ipu_mem *vb2_ipu_mem_alloc(struct vb2_ipu_device *vid, const char *label, size_t size,
				      enum dma_data_direction dir);
struct vb2_ipu_mem *vb2_ipu_mem_alloc_unmapped(struct vb2_ipu_device *vid, const char *label,
					       size_t size, enum dma_data_direction dir);
struct vb2_ipu_mem *vb2_ipu_mem_alloc_sink(struct vb2_ipu_device *vid, const char *label,
					   size_t size);
void vb2_ipu_mem_free(struct vb2_ipu_mem *mem);
void *vb2_ipu_mem_vaddr(struct vb2_ipu_mem *mem);
dma_addr_t vb2_ipu_mem_dma_addr(struct vb2_ipu_mem *mem);
void vb2_ipu_mem_sync_for_device(struct vb2_ipu_mem *mem, size_t offset, size_t size);
void vb2_ipu_mem_sync_ranges_for_device(struct vb2_ipu_mem *mem, size_t offset,
					const struct vb2_ipu_range *ranges, unsigned int count);
void vb2_ipu_mem_sync_for_cpu(struct vb2_ipu_mem *mem, size_t offset, size_t size);

struct vb2_ipu_pool *vb2_ipu_pool_create(struct vb2_ipu_device *vid, const char *label, size_t size,
					 enum dma_data_direction dir);
void vb2_ipu_pool_destroy(struct vb2_ipu_pool *pool);
void *vb2_ipu_pool_alloc(struct vb2_ipu_pool *pool, size_t size, dma_addr_t *dma);
void vb2_ipu_pool_free(struct vb2_ipu_pool *pool, void *vaddr, size_t size);
void vb2_ipu_pool_sync_for_device(struct vb2_ipu_pool *pool, void *vaddr, size_t size);
void vb2_ipu_pool_sync_ranges_for_device(struct vb2_ipu_pool *pool, void *vaddr,
					 const struct vb2_ipu_range *ranges, unsigned int count);
void vb2_ipu_pool_sync_for_cpu(struct vb2_ipu_pool *pool, void *vaddr, size_t size);

#endif /* _MEDIA_VB2_IPU_IOMMU_H */
