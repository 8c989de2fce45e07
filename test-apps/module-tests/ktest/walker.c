// SPDX-License-Identifier: GPL-2.0-only
#include <linux/device.h>
#include <linux/io.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "parent.h"
#include "walker.h"

/* What stands between the parent and memory. The parent of our own emits physical addresses. */
static phys_addr_t ktest_phys(dma_addr_t dma)
{
	struct iommu_domain *domain = ktest_parent_domain();

	return domain ? iommu_iova_to_phys(domain, dma) : dma;
}

/**
 * ktest_read() - read memory as the parent does
 * @dma: What it emits.
 * @buffer: Where to put it.
 * @size: Bytes, within one page.
 *
 * Context: Any.
 * Return: 0; -EFAULT if no memory is there.
 */
int ktest_read(dma_addr_t dma, void *buffer, size_t size)
{
	phys_addr_t phys = ktest_phys(dma);

	if (!phys || !pfn_valid(phys / 4096) || dma / 4096 != (dma + size - 1) / 4096)
		return -EFAULT;
	memcpy(buffer, phys_to_virt(phys), size);
	return 0;
}

static int ktest_entry(dma_addr_t table, unsigned int index, dma_addr_t *next)
{
	u32 word;
	int ret = ktest_read(table + 4 * index, &word, sizeof(word));

	if (!ret)
		*next = 4096 * (dma_addr_t)word;
	return ret;
}

/**
 * ktest_walk_table() - which second-level table translates an address
 * @l1: The first-level table.
 * @iova: The address.
 * @table: Where to put the table's DMA address.
 *
 * Context: Any.
 * Return: 0; -EFAULT if the first level is not in memory.
 */
int ktest_walk_table(dma_addr_t l1, u32 iova, dma_addr_t *table)
{
	return ktest_entry(l1, iova / 0x400000, table);
}

/**
 * ktest_walk() - where an address leads
 * @l1: The first-level table.
 * @iova: The address.
 * @dma: Where to put what the parent emits for it.
 *
 * Context: Any.
 * Return: 0; -EFAULT if a table or the page itself is not in memory.
 */
int ktest_walk(dma_addr_t l1, u32 iova, dma_addr_t *dma)
{
	dma_addr_t table, page;
	int ret;
	u8 byte;

	ret = ktest_walk_table(l1, iova, &table);
	if (!ret)
		ret = ktest_entry(table, iova / 4096 % 1024, &page);
	if (!ret)
		ret = ktest_read(page + iova % 4096, &byte, 1);
	if (!ret)
		*dma = page + iova % 4096;
	return ret;
}

/**
 * ktest_walk_phys() - the memory that an address leads to
 * @l1: The first-level table.
 * @iova: The address.
 *
 * Context: Any.
 * Return: The physical address; 0 if it leads nowhere.
 */
phys_addr_t ktest_walk_phys(dma_addr_t l1, u32 iova)
{
	dma_addr_t dma;

	return ktest_walk(l1, iova, &dma) ? 0 : ktest_phys(dma);
}

/**
 * ktest_reads_zeroes() - whether the device reads a page full of zeroes
 * @l1: The first-level table.
 * @iova: An address in the page.
 *
 * Context: Any.
 * Return: Whether it does.
 */
bool ktest_reads_zeroes(dma_addr_t l1, u32 iova)
{
	phys_addr_t phys = ktest_walk_phys(l1, iova - iova % 4096);

	return phys && !memchr_inv(phys_to_virt(phys), 0, 4096);
}
