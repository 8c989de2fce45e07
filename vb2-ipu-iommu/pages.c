// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for buffers, in the largest runs of pages that there are.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "pages.h"

/**
 * ipu_pages_free() - give back what ipu_pages_alloc() gave
 * @pages: The pages; the array is freed as well.
 * @count: How many.
 *
 * A page that somebody else still holds (get_user_pages() through a mapping) is freed with its last
 * reference.
 *
 * Context: Process context.
 */
void ipu_pages_free(struct page **pages, unsigned int count)
{
	while (count--)
		__free_page(pages[count]);
	kvfree(pages);
}

/**
 * ipu_pages_alloc() - allocate zeroed pages
 * @dev: The PCI function that will access them: near it, and below its DMA mask where that is
 *	short.
 * @count: How many.
 * @more: __GFP_ACCOUNT to have them charged to the calling process' memory cgroup, GFP_DMA32 to
 *	have them below 4 GiB, or 0.
 *
 * Long runs mean few segments and few calls into the IOMMU. A run that memory does not give without
 * effort is tried for at half of its length; only single pages are worth reclaim.
 *
 * Context: Process context; may sleep and may be ended by a fatal signal.
 * Return: An array of @count pages, each of them a page of its own; an ERR_PTR: -ENOMEM, -EINTR.
 */
struct page **ipu_pages_alloc(struct device *dev, unsigned int count, gfp_t more)
{
	gfp_t gfp = GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN | more;
	unsigned int done = 0, order = MAX_PAGE_ORDER, i;
	struct page **pages, *page;
	int ret = -ENOMEM;

	if (dma_get_mask(dev) <= DMA_BIT_MASK(32))
		gfp |= GFP_DMA32;

	pages = kvcalloc(count, sizeof(*pages), GFP_KERNEL | (more & __GFP_ACCOUNT));
	if (!pages)
		return ERR_PTR(-ENOMEM);

	while (done < count) {
		order = min_t(unsigned int, order, ilog2(count - done));
		if (fatal_signal_pending(current)) {
			ret = -EINTR;
			goto err_free;
		}
		page = alloc_pages_node(dev_to_node(dev), order ? gfp | __GFP_NORETRY : gfp, order);
		if (!page) {
			if (!order)
				goto err_free;
			order--;
			continue;
		}
		/* User space maps them, and others may pin them, one by one. */
		if (order)
			split_page(page, order);
		for (i = 0; i < 1U << order; i++)
			pages[done++] = page + i;
	}
	return pages;

err_free:
	ipu_pages_free(pages, done);
	return ERR_PTR(ret);
}
