/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before each source of the backend. First come the kernel's headers, so that what they
 * define is not wrapped; then a function of each allocator's kind; last, the allocators' names
 * become those of the functions.
 */
#ifndef FAIL_NTH_WRAP_H
#define FAIL_NTH_WRAP_H

#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/iommu.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/platform_device.h>
#include <linux/property.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <media/videobuf2-memops.h>

#include "fail-nth.h"
#include "fail-nth-memory.h"

/* ---- memory ---- */

#define fail_nth_kasprintf(...) \
	(fail_nth_due("kasprintf") ? NULL : (char *)fail_nth_made(kasprintf(__VA_ARGS__)))

static inline struct page *fail_nth_alloc_pages_node(int node, gfp_t gfp, unsigned int order)
{
	/*
	 * A run that cannot be had is tried for at half of its length, so its failure is not an
	 * operation's.
	 */
	struct page *page = fail_nth_due(order ? "alloc_pages_node(run)" : "alloc_pages_node") ?
				    NULL : alloc_pages_node(node, gfp, order);

	if (page)
		fail_nth_count(FAIL_NTH_PAGE, 1L << order);
	return page;
}

static inline struct page *fail_nth_alloc_page(gfp_t gfp)
{
	struct page *page = fail_nth_due("alloc_page") ? NULL : alloc_page(gfp);

	if (page)
		fail_nth_count(FAIL_NTH_PAGE, 1);
	return page;
}

static inline unsigned long fail_nth_get_free_page(gfp_t gfp)
{
	unsigned long page = fail_nth_due("__get_free_page") ? 0 : __get_free_page(gfp);

	if (page)
		fail_nth_count(FAIL_NTH_PAGE, 1);
	return page;
}

static inline void fail_nth_free_struct_page(struct page *page)
{
	if (fail_nth_leak_due())
		return;
	fail_nth_count(FAIL_NTH_PAGE, -1);
	__free_page(page);
}

static inline void fail_nth_free_page(unsigned long page)
{
	if (fail_nth_leak_due())
		return;
	fail_nth_count(FAIL_NTH_PAGE, -1);
	free_page(page);
}

static inline int fail_nth_sg_alloc(struct sg_table *sgt, struct page **pages, unsigned int n,
				    unsigned int offset, unsigned long size, gfp_t gfp)
{
	int ret = fail_nth_due("sg_alloc_table_from_pages") ?
			  -ENOMEM : sg_alloc_table_from_pages(sgt, pages, n, offset, size, gfp);

	if (!ret)
		fail_nth_count(FAIL_NTH_SG_TABLE, 1);
	return ret;
}

static inline int fail_nth_sg_alloc_empty(struct sg_table *sgt, unsigned int n, gfp_t gfp)
{
	int ret = fail_nth_due("sg_alloc_table") ? -ENOMEM : sg_alloc_table(sgt, n, gfp);

	if (!ret)
		fail_nth_count(FAIL_NTH_SG_TABLE, 1);
	return ret;
}

static inline void fail_nth_sg_free(struct sg_table *sgt)
{
	if (fail_nth_leak_due())
		return;
	fail_nth_count(FAIL_NTH_SG_TABLE, -1);
	sg_free_table(sgt);
}

static inline void *fail_nth_vmap(struct page **pages, unsigned int count, unsigned long flags,
				  pgprot_t prot)
{
	void *vaddr = fail_nth_due("vmap") ? NULL : vmap(pages, count, flags, prot);

	if (vaddr)
		fail_nth_count(FAIL_NTH_VMAP, 1);
	return vaddr;
}

static inline void fail_nth_vunmap(const void *vaddr)
{
	if (fail_nth_leak_due())
		return;
	fail_nth_count(FAIL_NTH_VMAP, -1);
	vunmap(vaddr);
}

static inline int fail_nth_vm_map_pages(struct vm_area_struct *vma, struct page **pages,
					unsigned long count)
{
	return fail_nth_due("vm_map_pages") ? -ENOMEM : vm_map_pages(vma, pages, count);
}

/* ---- DMA addresses ---- */

static inline dma_addr_t fail_nth_dma_map_page(struct device *dev, struct page *page, size_t offset,
					       size_t size, enum dma_data_direction dir,
					       unsigned long attrs)
{
	dma_addr_t dma = fail_nth_due("dma_map_page_attrs") ?
				 DMA_MAPPING_ERROR :
				 dma_map_page_attrs(dev, page, offset, size, dir, attrs);

	if (dma != DMA_MAPPING_ERROR)
		fail_nth_count(FAIL_NTH_DMA_PAGE, 1);
	return dma;
}

static inline void fail_nth_dma_unmap_page(struct device *dev, dma_addr_t dma, size_t size,
					   enum dma_data_direction dir, unsigned long attrs)
{
	fail_nth_count(FAIL_NTH_DMA_PAGE, -1);
	dma_unmap_page_attrs(dev, dma, size, dir, attrs);
}

static inline int fail_nth_dma_map_sgtable(struct device *dev, struct sg_table *sgt,
					   enum dma_data_direction dir, unsigned long attrs)
{
	int ret = fail_nth_due("dma_map_sgtable") ? -ENOMEM : dma_map_sgtable(dev, sgt, dir, attrs);

	if (!ret)
		fail_nth_count(FAIL_NTH_DMA_SG_TABLE, 1);
	return ret;
}

static inline void fail_nth_dma_unmap_sgtable(struct device *dev, struct sg_table *sgt,
					      enum dma_data_direction dir, unsigned long attrs)
{
	fail_nth_count(FAIL_NTH_DMA_SG_TABLE, -1);
	dma_unmap_sgtable(dev, sgt, dir, attrs);
}

#ifdef DMA_IOVA_USE_SWIOTLB
static inline bool fail_nth_iova(struct device *dev, struct dma_iova_state *state,
				 phys_addr_t phys, size_t size)
{
	if (fail_nth_due("dma_iova_try_alloc") || !dma_iova_try_alloc(dev, state, phys, size))
		return false;
	fail_nth_count(FAIL_NTH_IOVA, 1);
	return true;
}

static inline void fail_nth_iova_free(struct device *dev, struct dma_iova_state *state)
{
	fail_nth_count(FAIL_NTH_IOVA, -1);
	dma_iova_free(dev, state);
}
#endif

static inline dma_addr_t fail_nth_resource(struct device *dev, phys_addr_t phys, size_t size,
					   enum dma_data_direction dir, unsigned long attrs)
{
	dma_addr_t dma = fail_nth_due("dma_map_resource") ?
				 DMA_MAPPING_ERROR :
				 dma_map_resource(dev, phys, size, dir, attrs);

	if (dma != DMA_MAPPING_ERROR)
		fail_nth_count(FAIL_NTH_IOVA, 1);
	return dma;
}

static inline void fail_nth_resource_end(struct device *dev, dma_addr_t dma, size_t size,
					 enum dma_data_direction dir, unsigned long attrs)
{
	fail_nth_count(FAIL_NTH_IOVA, -1);
	dma_unmap_resource(dev, dma, size, dir, attrs);
}

/* ---- devices ---- */

static inline struct device *fail_nth_get_device(struct device *dev)
{
	fail_nth_count(FAIL_NTH_DEVICE_REFERENCE, 1);
	return get_device(dev);
}

static inline void fail_nth_put_device(struct device *dev)
{
	fail_nth_count(FAIL_NTH_DEVICE_REFERENCE, -1);
	put_device(dev);
}

static inline struct fwnode_handle *fail_nth_create_node(const struct property_entry *properties,
							 const struct fwnode_handle *parent)
{
	struct fwnode_handle *node = fail_nth_due("fwnode_create_software_node") ?
					     ERR_PTR(-ENOMEM) :
					     fwnode_create_software_node(properties, parent);

	if (!IS_ERR(node))
		fail_nth_count(FAIL_NTH_SOFTWARE_NODE, 1);
	return node;
}

static inline void fail_nth_remove_node(struct fwnode_handle *node)
{
	fail_nth_count(FAIL_NTH_SOFTWARE_NODE, -1);
	fwnode_remove_software_node(node);
}

#define fail_nth_sysfs_add(...)								\
({											\
	int sysfs_ret = fail_nth_due("iommu_device_sysfs_add") ?			\
				-ENOMEM : iommu_device_sysfs_add(__VA_ARGS__);		\
											\
	if (!sysfs_ret)									\
		fail_nth_count(FAIL_NTH_IOMMU_SYSFS, 1);				\
	sysfs_ret;									\
})

static inline void fail_nth_sysfs_remove(struct iommu_device *iommu)
{
	fail_nth_count(FAIL_NTH_IOMMU_SYSFS, -1);
	iommu_device_sysfs_remove(iommu);
}

static inline int fail_nth_iommu_register(struct iommu_device *iommu, const struct iommu_ops *ops,
					  struct device *dev)
{
	int ret = fail_nth_due("iommu_device_register") ? -ENOMEM :
							  iommu_device_register(iommu, ops, dev);

	if (!ret)
		fail_nth_count(FAIL_NTH_IOMMU, 1);
	return ret;
}

static inline void fail_nth_iommu_unregister(struct iommu_device *iommu)
{
	fail_nth_count(FAIL_NTH_IOMMU, -1);
	iommu_device_unregister(iommu);
}

static inline int fail_nth_fwspec_init(struct device *dev, struct fwnode_handle *node)
{
	return fail_nth_due("iommu_fwspec_init") ? -ENOMEM : iommu_fwspec_init(dev, node);
}

static inline struct platform_device *fail_nth_pdev_alloc(const char *name, int id)
{
	struct platform_device *pdev =
		fail_nth_due("platform_device_alloc") ? NULL : platform_device_alloc(name, id);

	if (pdev)
		fail_nth_count(FAIL_NTH_PLATFORM_DEVICE, 1);
	return pdev;
}

static inline int fail_nth_pdev_data(struct platform_device *pdev, const void *data, size_t size)
{
	return fail_nth_due("platform_device_add_data") ?
		       -ENOMEM :
		       platform_device_add_data(pdev, data, size);
}

static inline int fail_nth_coerce_mask(struct device *dev, u64 mask)
{
	return fail_nth_due("dma_coerce_mask_and_coherent") ?
		       -EIO :
		       dma_coerce_mask_and_coherent(dev, mask);
}

/*
 * What the backend allocated and the IOMMU core frees: a translated device's dev_iommu and fwspec,
 * and nothing else. They are not the backend's while the core may free them, and are again if it
 * did not. What the device does not name cannot be freed by the core, and stays counted.
 */
struct fail_nth_given {
	struct dev_iommu *param;
	struct iommu_fwspec *fwspec;
};

static inline struct fail_nth_given fail_nth_give(struct device *dev)
{
	struct fail_nth_given given = {};

	if (!dev->iommu)
		return given;
	if (fail_nth_forget(dev->iommu->fwspec))
		given.fwspec = dev->iommu->fwspec;
	if (fail_nth_forget(dev->iommu))
		given.param = dev->iommu;
	return given;
}

/* The core frees both together, and takes them from the device first. */
static inline void fail_nth_take_back(struct device *dev, struct fail_nth_given given)
{
	if (!dev->iommu)
		return;
	fail_nth_made(given.fwspec);
	fail_nth_made(given.param);
}

static inline int fail_nth_pdev_add(struct platform_device *pdev)
{
	struct fail_nth_given given;
	int ret;

	if (fail_nth_due("platform_device_add"))
		return -ENOMEM;
	given = fail_nth_give(&pdev->dev);
	ret = platform_device_add(pdev);
	fail_nth_take_back(&pdev->dev, given);
	return ret;
}

static inline void fail_nth_pdev_put(struct platform_device *pdev)
{
	fail_nth_count(FAIL_NTH_PLATFORM_DEVICE, -1);
	platform_device_put(pdev);
}

static inline void fail_nth_pdev_unregister(struct platform_device *pdev)
{
	struct device *dev = get_device(&pdev->dev);
	struct fail_nth_given given = fail_nth_give(dev);

	fail_nth_count(FAIL_NTH_PLATFORM_DEVICE, -1);
	platform_device_unregister(pdev);
	fail_nth_take_back(dev, given);
	put_device(dev);
}

/* ---- dma-bufs and user memory ---- */

static inline struct dma_buf *fail_nth_export(const struct dma_buf_export_info *info)
{
	return fail_nth_due("dma_buf_export") ? ERR_PTR(-ENOMEM) : dma_buf_export(info);
}

static inline struct dma_buf_attachment *fail_nth_attach(struct dma_buf *dmabuf, struct device *dev)
{
	struct dma_buf_attachment *attachment =
		fail_nth_due("dma_buf_attach") ? ERR_PTR(-ENOMEM) : dma_buf_attach(dmabuf, dev);

	if (!IS_ERR(attachment))
		fail_nth_count(FAIL_NTH_ATTACHMENT, 1);
	return attachment;
}

static inline void fail_nth_detach(struct dma_buf *dmabuf, struct dma_buf_attachment *attachment)
{
	fail_nth_count(FAIL_NTH_ATTACHMENT, -1);
	dma_buf_detach(dmabuf, attachment);
}

static inline struct sg_table *fail_nth_attachment_map(struct dma_buf_attachment *attachment,
						       enum dma_data_direction dir)
{
	struct sg_table *sgt = fail_nth_due("dma_buf_map_attachment_unlocked") ?
				       ERR_PTR(-ENOMEM) :
				       dma_buf_map_attachment_unlocked(attachment, dir);

	if (!IS_ERR(sgt))
		fail_nth_count(FAIL_NTH_ATTACHMENT_MAP, 1);
	return sgt;
}

static inline void fail_nth_attachment_unmap(struct dma_buf_attachment *attachment,
					     struct sg_table *sgt, enum dma_data_direction dir)
{
	fail_nth_count(FAIL_NTH_ATTACHMENT_MAP, -1);
	dma_buf_unmap_attachment_unlocked(attachment, sgt, dir);
}

static inline int fail_nth_dma_buf_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	int ret = fail_nth_due("dma_buf_vmap_unlocked") ? -ENOMEM :
							  dma_buf_vmap_unlocked(dmabuf, map);

	if (!ret)
		fail_nth_count(FAIL_NTH_DMA_BUF_VMAP, 1);
	return ret;
}

static inline void fail_nth_dma_buf_vunmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	fail_nth_count(FAIL_NTH_DMA_BUF_VMAP, -1);
	dma_buf_vunmap_unlocked(dmabuf, map);
}

static inline struct frame_vector *fail_nth_framevec(unsigned long start, unsigned long length,
						     bool write)
{
	struct frame_vector *vec = fail_nth_due("vb2_create_framevec") ?
					   ERR_PTR(-ENOMEM) :
					   vb2_create_framevec(start, length, write);

	if (!IS_ERR(vec))
		fail_nth_count(FAIL_NTH_FRAME_VECTOR, 1);
	return vec;
}

static inline void fail_nth_framevec_put(struct frame_vector *vec)
{
	fail_nth_count(FAIL_NTH_FRAME_VECTOR, -1);
	vb2_destroy_framevec(vec);
}

/* ---- the names; with arguments only, for fields of structures have the same ones ---- */

#undef kasprintf
#undef alloc_pages_node
#undef alloc_page
#undef __get_free_page
#undef __free_page
#undef free_page
#undef vmap
#undef dma_map_page_attrs
#undef dma_unmap_page_attrs
#define kasprintf(...) fail_nth_kasprintf(__VA_ARGS__)
#define alloc_pages_node(...) fail_nth_alloc_pages_node(__VA_ARGS__)
#define alloc_page(...) fail_nth_alloc_page(__VA_ARGS__)
#define __get_free_page(...) fail_nth_get_free_page(__VA_ARGS__)
#define __free_page(...) fail_nth_free_struct_page(__VA_ARGS__)
#define free_page(...) fail_nth_free_page(__VA_ARGS__)
#define sg_alloc_table(...) fail_nth_sg_alloc_empty(__VA_ARGS__)
#define sg_alloc_table_from_pages(...) fail_nth_sg_alloc(__VA_ARGS__)
#define sg_free_table(...) fail_nth_sg_free(__VA_ARGS__)
#define vmap(...) fail_nth_vmap(__VA_ARGS__)
#define vunmap(...) fail_nth_vunmap(__VA_ARGS__)
#define vm_map_pages(...) fail_nth_vm_map_pages(__VA_ARGS__)
#define dma_map_page_attrs(...) fail_nth_dma_map_page(__VA_ARGS__)
#define dma_unmap_page_attrs(...) fail_nth_dma_unmap_page(__VA_ARGS__)
#define dma_map_sgtable(...) fail_nth_dma_map_sgtable(__VA_ARGS__)
#define dma_unmap_sgtable(...) fail_nth_dma_unmap_sgtable(__VA_ARGS__)
#define dma_iova_try_alloc(...) fail_nth_iova(__VA_ARGS__)
#define dma_iova_free(...) fail_nth_iova_free(__VA_ARGS__)
#define dma_map_resource(...) fail_nth_resource(__VA_ARGS__)
#define dma_unmap_resource(...) fail_nth_resource_end(__VA_ARGS__)
#define get_device(...) fail_nth_get_device(__VA_ARGS__)
#define put_device(...) fail_nth_put_device(__VA_ARGS__)
#define fwnode_create_software_node(...) fail_nth_create_node(__VA_ARGS__)
#define fwnode_remove_software_node(...) fail_nth_remove_node(__VA_ARGS__)
#define iommu_device_sysfs_add(...) fail_nth_sysfs_add(__VA_ARGS__)
#define iommu_device_sysfs_remove(...) fail_nth_sysfs_remove(__VA_ARGS__)
#define iommu_device_register(...) fail_nth_iommu_register(__VA_ARGS__)
#define iommu_device_unregister(...) fail_nth_iommu_unregister(__VA_ARGS__)
#define iommu_fwspec_init(...) fail_nth_fwspec_init(__VA_ARGS__)
#define platform_device_alloc(...) fail_nth_pdev_alloc(__VA_ARGS__)
#define platform_device_add_data(...) fail_nth_pdev_data(__VA_ARGS__)
#define dma_coerce_mask_and_coherent(...) fail_nth_coerce_mask(__VA_ARGS__)
#define platform_device_add(...) fail_nth_pdev_add(__VA_ARGS__)
#define platform_device_put(...) fail_nth_pdev_put(__VA_ARGS__)
#define platform_device_unregister(...) fail_nth_pdev_unregister(__VA_ARGS__)
#define dma_buf_export(...) fail_nth_export(__VA_ARGS__)
#define dma_buf_attach(...) fail_nth_attach(__VA_ARGS__)
#define dma_buf_detach(...) fail_nth_detach(__VA_ARGS__)
#define dma_buf_map_attachment_unlocked(...) fail_nth_attachment_map(__VA_ARGS__)
#define dma_buf_unmap_attachment_unlocked(...) fail_nth_attachment_unmap(__VA_ARGS__)
#define dma_buf_vmap_unlocked(...) fail_nth_dma_buf_vmap(__VA_ARGS__)
#define dma_buf_vunmap_unlocked(...) fail_nth_dma_buf_vunmap(__VA_ARGS__)
#define vb2_create_framevec(...) fail_nth_framevec(__VA_ARGS__)
#define vb2_destroy_framevec(...) fail_nth_framevec_put(__VA_ARGS__)

#endif /* FAIL_NTH_WRAP_H */
