// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory as the PCI function sees it that the MMU is a part of.
 */
#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>

#include "dma-address.h"
#include "ipu-mmu-parent.h"
#include "ipu-mmu-pte.h"

static void ipu_parent_complain(const struct ipu_mmu_parent *parent, phys_addr_t phys, size_t size,
				int ret)
{
	atomic64_inc(&parent->stats->faults);
	dev_err_ratelimited(parent->dev, "MMU: no address for %zu bytes at %pa: %d\n", size, &phys,
			    ret);
}

static size_t ipu_sgt_size(struct sg_table *sgt)
{
	struct scatterlist *sg;
	size_t size = 0;
	unsigned int i;

	for_each_sgtable_sg(sgt, sg, i)
		size += sg->length;
	return size;
}

static bool ipu_parent_fits(dma_addr_t dma, size_t size)
{
	return ipu_mmu_pte_fits(dma) && ipu_mmu_pte_fits(dma + size - IPU_MMU_PAGE_SIZE);
}

/**
 * ipu_mmu_map_for_parent() - the PCI function's address of memory
 * @parent: The PCI function.
 * @phys: Start of the memory, page aligned.
 * @size: Bytes, a multiple of the page size.
 * @dir: What the device does.
 * @dma: Where to put the address, which an entry can hold. To be undone by ipu_dma_unmap().
 *
 * Context: Any.
 * Return: 0, or what ipu_dma_map() said; -EIO as well for an address that is too long.
 */
int ipu_mmu_map_for_parent(const struct ipu_mmu_parent *parent, phys_addr_t phys, size_t size,
			   enum dma_data_direction dir, dma_addr_t *dma)
{
	int ret = ipu_dma_map(parent->dev, phys, size, dir, dma);

	if (!ret && !ipu_parent_fits(*dma, size)) {
		ipu_dma_unmap(parent->dev, *dma, size, dir);
		ret = -EIO;
	}
	if (ret)
		ipu_parent_complain(parent, phys, size, ret);
	return ret;
}

/*
 * Where addresses are plain, whoever reaches what lies highest reaches all; and who reaches all of
 * the machine's memory need not be asked. Devices' own memory, which does not count as the
 * machine's, does not come here.
 */
static int ipu_parent_check_plain(const struct ipu_mmu_parent *parent, struct sg_table *sgt,
				  enum dma_data_direction dir)
{
	struct scatterlist *sg, *highest = sgt->sgl;
	phys_addr_t end = 0;
	dma_addr_t dma;
	unsigned int i;

	if (!dma_addressing_limited(parent->dev))
		return 0;
	for_each_sgtable_sg(sgt, sg, i) {
		/* User memory may have the same page in several runs. */
		if (sg_phys(sg) + sg->length > end) {
			end = sg_phys(sg) + sg->length;
			highest = sg;
		}
	}
	return ipu_mmu_map_for_parent(parent, ipu_sg_first_page(highest),
				      ipu_sg_pages(highest) * IPU_MMU_PAGE_SIZE, dir, &dma);
}

/*
 * Whether behind the PCI function's addresses is the very memory, and entries can hold them. A
 * platform that copies gives each run an address of its own, so the first page of each segment is
 * looked at.
 */
static int ipu_parent_check_table(const struct ipu_mmu_parent *parent, struct sg_table *sgt)
{
	struct scatterlist *dma_sg, *sg = sgt->sgl;
	unsigned int i;

	for_each_sgtable_dma_sg(sgt, dma_sg, i) {
		size_t left = sg_dma_len(dma_sg);

		if (ipu_dma_to_phys(parent->dev, sg_dma_address(dma_sg)) != sg_phys(sg) ||
		    !ipu_parent_fits(sg_dma_address(dma_sg), left))
			return -EIO;
		if (i + 1 == sgt->nents)
			break;
		for (; left; sg = sg_next(sg))
			left -= sg->length;
	}
	return 0;
}

/*
 * The same memory, of the pages that are begun all. It is not charged to whoever asked for the
 * buffer, as what the other IOMMU needs for its tables is not.
 */
static int ipu_parent_copy_table(struct sg_table *to, const struct sg_table *from)
{
	struct scatterlist *sg, *run = from->sgl;
	unsigned int i;
	int ret = sg_alloc_table(to, from->orig_nents, GFP_KERNEL);

	if (ret)
		return ret;
	for_each_sgtable_sg(to, sg, i) {
		sg_set_page(sg, pfn_to_page(PHYS_PFN(sg_phys(run))),
			    ipu_sg_pages(run) * IPU_MMU_PAGE_SIZE, 0);
		run = sg_next(run);
	}
	return 0;
}

/**
 * ipu_mmu_map_table_for_parent() - the PCI function's addresses of all of a table's memory
 * @parent: The PCI function.
 * @table: Filled in.
 * @sgt: The memory, ordinary pages: not a device's own.
 * @dir: What the device does.
 *
 * Another IOMMU is asked once, and gives one range if its driver's limits of a segment allow.
 *
 * Context: Process context.
 * Return: 0; -ENOMEM; -EIO as ipu_mmu_map_for_parent().
 */
int ipu_mmu_map_table_for_parent(const struct ipu_mmu_parent *parent,
				 struct ipu_parent_table *table, struct sg_table *sgt,
				 enum dma_data_direction dir)
{
	int ret;

	memset(&table->sgt, 0, sizeof(table->sgt));
	if (parent->plain)
		return ipu_parent_check_plain(parent, sgt, dir);
	table->dir = dir;
	ret = ipu_parent_copy_table(&table->sgt, sgt);
	if (ret)
		return ret;
	ret = ipu_dma_map_table(parent->dev, &table->sgt, dir);
	if (!ret) {
		ret = ipu_parent_check_table(parent, &table->sgt);
		if (!ret)
			return 0;
		ipu_dma_unmap_table(parent->dev, &table->sgt, dir);
	}
	ipu_parent_complain(parent, sg_phys(sgt->sgl), ipu_sgt_size(sgt), ret);
	sg_free_table(&table->sgt);
	return ret;
}

/**
 * ipu_mmu_unmap_table_for_parent() - undo ipu_mmu_map_table_for_parent()
 * @parent: The PCI function, which no longer emits the addresses.
 * @table: What that filled in.
 *
 * Context: Process context.
 */
void ipu_mmu_unmap_table_for_parent(const struct ipu_mmu_parent *parent,
				    struct ipu_parent_table *table)
{
	if (!table->sgt.sgl)
		return;
	ipu_dma_unmap_table(parent->dev, &table->sgt, table->dir);
	sg_free_table(&table->sgt);
}
