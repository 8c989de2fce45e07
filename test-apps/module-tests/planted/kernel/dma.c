// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bugs with DMA: seen by DMA_API_DEBUG, by its dump, and by IOMMU_DEBUG_PAGEALLOC.
 */
#include <linux/dma-mapping.h>
#include <linux/gfp.h>

#include "planted.h"

/* Maps a fresh page; NULL where that fails. */
static struct page *mapped_page(struct device *dev, dma_addr_t *address)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return NULL;
	*address = dma_map_page(dev, page, 0, PAGE_SIZE, DMA_FROM_DEVICE);
	if (dma_mapping_error(dev, *address)) {
		__free_page(page);
		return NULL;
	}
	return page;
}

int planted_dma_unmapped(struct device *dev)
{
	dma_addr_t address;
	struct page *page = mapped_page(dev, &address);

	if (!page)
		return -ENOMEM;
	dma_unmap_page(dev, address, PAGE_SIZE, DMA_FROM_DEVICE);
	dma_unmap_page(dev, address, PAGE_SIZE, DMA_FROM_DEVICE);
	__free_page(page);
	return 0;
}

int planted_dma_left(struct device *dev)
{
	dma_addr_t address;

	return mapped_page(dev, &address) ? 0 : -ENOMEM;
}

int planted_page_freed(struct device *dev)
{
	dma_addr_t address;
	struct page *page = mapped_page(dev, &address);

	if (!page)
		return -ENOMEM;
	__free_page(page);
	dma_unmap_page(dev, address, PAGE_SIZE, DMA_FROM_DEVICE);
	return 0;
}
