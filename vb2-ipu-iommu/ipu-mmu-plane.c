// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plane is mapped as a whole: iommu-dma gives the range of addresses, and the entries are written
 * here, all of them at once. dma_map_sgtable() would lead to the same, by way of the IOMMU core,
 * which calls for each run of pages; a plane may be a thousand of them.
 *
 * Kernels before 6.16 give no range without a mapping. There dma_map_resource(), which takes a
 * whole range in one call, is asked to map what no memory's address can be, and the domain knows by
 * that address that it is to take the plane instead.
 */
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/platform_device.h>
#include <linux/scatterlist.h>

#include "ipu-mmu-domain.h"
#include "ipu-mmu-hw.h"
#include "ipu-mmu-plane.h"
#include "ipu-mmu.h"

/**
 * struct ipu_plane_request - what the domain is to map when it is given the tag
 * @plane: The plane.
 * @sgt: Its memory.
 * @dir: What the device will do.
 * @ret: What came of it.
 */
struct ipu_plane_request {
	struct ipu_plane *plane;
	struct sg_table *sgt;
	enum dma_data_direction dir;
	int ret;
};

/* Bytes of addresses: the memory, and the guard. */
static size_t ipu_plane_range(const struct ipu_mmu *mmu, const struct ipu_plane *plane)
{
	return (plane->pages + !!mmu->guard) * IPU_MMU_PAGE_SIZE;
}

/* Where iommu-dma gives the range alone. */
#if IPU_HAS_DMA_IOVA

static int ipu_plane_place(struct ipu_mmu *mmu, const struct ipu_plane_request *request)
{
	struct device *dev = ipu_mmu_translated_device(mmu);
	struct ipu_plane *plane = request->plane;
	int ret;

	if (!dma_iova_try_alloc(dev, &plane->iova, 0, ipu_plane_range(mmu, plane)))
		return -ENOMEM;
	plane->dma = plane->iova.addr;
	ret = ipu_domain_map_table(iommu_get_domain_for_dev(dev), plane->dma, plane->pages,
				   request->sgt, request->dir, &plane->seen);
	if (ret)
		dma_iova_free(dev, &plane->iova);
	return ret;
}

/**
 * ipu_plane_unmap() - undo ipu_plane_map()
 * @mmu: The MMU.
 * @plane: What was mapped.
 *
 * Context: Process context. When it returns, the MMU has forgotten the pages.
 */
void ipu_plane_unmap(struct ipu_mmu *mmu, struct ipu_plane *plane)
{
	struct device *dev = ipu_mmu_translated_device(mmu);

	ipu_domain_unmap_table(iommu_get_domain_for_dev(dev), plane->dma, plane->pages,
			       &plane->seen);
	/* Not dma_iova_destroy(), which would unmap by way of the core. */
	dma_iova_free(dev, &plane->iova);
}

#else

/*
 * For the core alone: the domain takes the direction of the request. By this one
 * CONFIG_DMA_API_DEBUG does not mind that all planes are mapped from one address.
 */
#define IPU_PLANE_DIR	DMA_TO_DEVICE

static int ipu_plane_place(struct ipu_mmu *mmu, struct ipu_plane_request *request)
{
	struct device *dev = ipu_mmu_translated_device(mmu);
	struct ipu_plane *plane = request->plane;

	/* If the domain is not even called, there was no range. */
	request->ret = -ENOMEM;
	mutex_lock(&mmu->placing);
	mmu->request = request;
	plane->dma = dma_map_resource(dev, IPU_PLANE_TAG, ipu_plane_range(mmu, plane),
				      IPU_PLANE_DIR, 0);
	mmu->request = NULL;
	mutex_unlock(&mmu->placing);
	if (!dma_mapping_error(dev, plane->dma))
		return 0;
	if (request->ret)
		return request->ret;
	/* The core has unmapped what the domain had mapped. */
	ipu_mmu_unmap_table_for_parent(&mmu->parent, &plane->seen);
	return -EIO;
}

void ipu_plane_unmap(struct ipu_mmu *mmu, struct ipu_plane *plane)
{
	/* The core calls the domain, which knows of no run behind these entries. */
	dma_unmap_resource(ipu_mmu_translated_device(mmu), plane->dma, ipu_plane_range(mmu, plane),
			   IPU_PLANE_DIR, 0);
	ipu_mmu_unmap_table_for_parent(&mmu->parent, &plane->seen);
}

#endif

/**
 * ipu_plane_map_pages() - what the domain does when it is given the tag
 * @mmu: The MMU.
 * @domain: Its domain.
 * @iova: Where the range begins.
 * @pages: How many pages it has.
 * @mapped: Increased by the bytes that are mapped.
 *
 * Context: Process context, from ipu_plane_map(), on kernels that give no range without a mapping.
 * Return: 0; -EINVAL if nobody asked for it, or not for that much; see ipu_domain_map_table().
 */
int ipu_plane_map_pages(struct ipu_mmu *mmu, struct iommu_domain *domain, unsigned long iova,
			size_t pages, size_t *mapped)
{
	struct ipu_plane_request *request = mmu->request;

	if (!request || pages * IPU_MMU_PAGE_SIZE != ipu_plane_range(mmu, request->plane))
		return -EINVAL;
	request->ret = ipu_domain_map_table(domain, iova, request->plane->pages, request->sgt,
					    request->dir, &request->plane->seen);
	if (!request->ret)
		*mapped += ipu_plane_range(mmu, request->plane);
	return request->ret;
}

/**
 * ipu_plane_map() - give a range of addresses to memory
 * @mmu: The MMU.
 * @plane: Filled in.
 * @sgt: The memory's runs: the first one may start, and the last one end, within a page. The first
 *	entry gets the address of the first byte, as by dma_map_sgtable().
 * @size: Bytes of addresses. Those for which there is no more memory lead to its last page.
 * @dir: What the device will do.
 *
 * Context: Process context.
 * Return: 0; -ENOMEM when there is no such range, or no memory; see ipu_domain_map_table().
 */
int ipu_plane_map(struct ipu_mmu *mmu, struct ipu_plane *plane, struct sg_table *sgt, size_t size,
		  enum dma_data_direction dir)
{
	struct ipu_plane_request request = { .plane = plane, .sgt = sgt, .dir = dir };
	size_t offset = sgt->sgl->offset % IPU_MMU_PAGE_SIZE;
	int ret;

	plane->pages = DIV_ROUND_UP(offset + size, IPU_MMU_PAGE_SIZE);
	ret = ipu_plane_place(mmu, &request);
	if (ret)
		return ret;
	sgt->nents = 1;
	sg_dma_address(sgt->sgl) = plane->dma + offset;
	sg_dma_len(sgt->sgl) = size;
	return 0;
}
