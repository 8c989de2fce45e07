// SPDX-License-Identifier: GPL-2.0-only
#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "ipu-mmu-domain.h"
#include "ipu-mmu-parent.h"
#include "map.h"
#include "target.h"

/**
 * pile_make() - get memory
 * @pile: The memory.
 * @size: Bytes.
 *
 * Context: Process context.
 * Return: 0 or -ENOMEM.
 */
int pile_make(struct pile *pile, size_t size)
{
	unsigned int order = 8, got = 0, i;
	struct page **swapped;
	int ret = -ENOMEM;

	memset(pile, 0, sizeof(*pile));
	pile->count = PAGE_ALIGN(size) / PAGE_SIZE;
	pile->pages = kvcalloc(pile->count, sizeof(*pile->pages), GFP_KERNEL);
	swapped = kvcalloc(pile->count, sizeof(*swapped), GFP_KERNEL);
	if (!pile->pages || !swapped)
		goto err;
	while (got < pile->count) {
		struct page *page;

		while (1U << order > pile->count - got)
			order--;
		page = alloc_pages(GFP_KERNEL, order);
		if (!page)
			goto err;
		split_page(page, order);
		for (i = 0; i < 1U << order; i++)
			pile->pages[got++] = page + i;
	}
	/* Backwards, no page is followed by its neighbour. */
	for (i = 0; i < pile->count; i++)
		swapped[i] = pile->pages[pile->count - 1 - i];
	ret = sg_alloc_table_from_pages(&pile->runs, pile->pages, got, 0, got * PAGE_SIZE,
					GFP_KERNEL);
	if (!ret)
		ret = sg_alloc_table_from_pages(&pile->scattered, swapped, got, 0, got * PAGE_SIZE,
						GFP_KERNEL);
	if (ret)
		goto err;
	kvfree(swapped);
	return 0;

err:
	pile->count = got;
	kvfree(swapped);
	pile_free(pile);
	return ret;
}

/**
 * pile_free() - give memory back
 * @pile: The memory.
 *
 * Context: Process context.
 */
void pile_free(struct pile *pile)
{
	sg_free_table(&pile->runs);
	sg_free_table(&pile->scattered);
	while (pile->pages && pile->count)
		__free_page(pile->pages[--pile->count]);
	kvfree(pile->pages);
}

/* What a buffer's memory goes through, but for the range of addresses, which others are given. */
static int map_table(struct iommu_domain *domain, struct sg_table *sgt, struct measurement *m,
		     enum op map, enum op unmap)
{
	const size_t pages = PAGE_ALIGN(m->size) >> PAGE_SHIFT;
	struct ipu_parent_table seen;
	int ret;

	measure_begin(m);
	ret = ipu_domain_map_table(domain, MAP_IOVA, pages, sgt, DMA_BIDIRECTIONAL, &seen);
	measure_end(m, map);
	if (ret)
		return ret;
	measure_begin(m);
	ipu_domain_unmap_table(domain, MAP_IOVA, pages, &seen);
	measure_end(m, unmap);
	return 0;
}

/**
 * map_measure() - one round by the backend's IOMMU
 * @pile: The memory.
 * @m: The measurement.
 *
 * Context: Process context. Nothing else is mapped for the target.
 * Return: 0, or the first error.
 */
int map_measure(struct pile *pile, struct measurement *m)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(m->target->dev);
	int ret;

	ret = map_table(domain, &pile->scattered, m, OP_MAP_PAGES, OP_UNMAP_PAGES);
	return ret ?: map_table(domain, &pile->runs, m, OP_MAP_RUNS, OP_UNMAP_RUNS);
}

/* As vb2_dma_sg does. */
static int map_table_bare(struct sg_table *sgt, struct measurement *m, enum op map, enum op unmap)
{
	struct device *dev = m->target->parent;
	int ret;

	measure_begin(m);
	ret = dma_map_sgtable(dev, sgt, DMA_BIDIRECTIONAL, DMA_ATTR_SKIP_CPU_SYNC);
	measure_end(m, map);
	if (ret)
		return ret;
	measure_begin(m);
	dma_unmap_sgtable(dev, sgt, DMA_BIDIRECTIONAL, DMA_ATTR_SKIP_CPU_SYNC);
	measure_end(m, unmap);
	return 0;
}

/**
 * map_measure_bare() - one round for the PCI function alone, by the IOMMU before it
 * @pile: The memory.
 * @m: The measurement.
 *
 * Unlike map_measure(), it finds a range of addresses as well: that IOMMU's, which the other one's
 * rows have, too.
 *
 * Context: Process context.
 * Return: 0, or the first error.
 */
int map_measure_bare(struct pile *pile, struct measurement *m)
{
	int ret = map_table_bare(&pile->scattered, m, OP_MAP_PAGES, OP_UNMAP_PAGES);

	return ret ?: map_table_bare(&pile->runs, m, OP_MAP_RUNS, OP_UNMAP_RUNS);
}
