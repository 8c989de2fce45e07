/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entries of the IPU MMU's tables. Both levels have the same layout:
 *
 *    31                                                             0
 *   +----------------------------------------------------------------+
 *   |                     DMA address, bits 43..12                   |
 *   +----------------------------------------------------------------+
 *
 * There is no valid bit and no permission: each entry leads to a page, of the first level's to a
 * table. Addresses are those that the PCI function emits; another IOMMU may translate them once
 * more. The IPU's own address is cut into
 *
 *    31          22 21          12 11                               0
 *   +--------------+--------------+----------------------------------+
 *   |   L1 index   |   L2 index   |          byte in page            |
 *   +--------------+--------------+----------------------------------+
 *
 * Source: Linux, drivers/staging/media/ipu3/ipu3-mmu.c. How many of an entry's bits the hardware
 * uses is known from its DMA mask: the IPU3's first-level base register has 27 bits, for 39 bits of
 * address. No kernel service is used, so that user space can test it.
 */
#ifndef VB2_IPU_IOMMU_IPU_MMU_PTE_H
#define VB2_IPU_IOMMU_IPU_MMU_PTE_H

#include <linux/types.h>
#ifdef __KERNEL__
#include <linux/build_bug.h>
#else
#include <assert.h>
#include <stdbool.h>
#endif

#define IPU_MMU_PAGE_SHIFT	12
#define IPU_MMU_TABLE_SHIFT	10
#define IPU_MMU_PAGE_SIZE	4096UL
#define IPU_MMU_TABLE_ENTRIES	1024UL
/* Bits of the addresses that the device emits, and of those that an entry can hold. */
#define IPU_MMU_INPUT_BITS	(IPU_MMU_PAGE_SHIFT + 2 * IPU_MMU_TABLE_SHIFT)
#define IPU_MMU_OUTPUT_BITS	(IPU_MMU_PAGE_SHIFT + 32)

static_assert(IPU_MMU_PAGE_SIZE >> IPU_MMU_PAGE_SHIFT == 1, "size and shift agree");
static_assert(IPU_MMU_TABLE_ENTRIES >> IPU_MMU_TABLE_SHIFT == 1, "number and shift agree");
static_assert(IPU_MMU_TABLE_ENTRIES * sizeof(__u32) == IPU_MMU_PAGE_SIZE, "a table fills a page");
static_assert(IPU_MMU_INPUT_BITS == 32, "two levels translate 4 GiB");

/**
 * ipu_mmu_l1_index() - which entry of the first level translates an address
 * @iova: The IPU's address.
 *
 * Return: 0..1023.
 */
static inline unsigned int ipu_mmu_l1_index(__u64 iova)
{
	return (iova >> (IPU_MMU_PAGE_SHIFT + IPU_MMU_TABLE_SHIFT)) & (IPU_MMU_TABLE_ENTRIES - 1);
}

/**
 * ipu_mmu_l2_index() - which entry of the second level translates an address
 * @iova: The IPU's address.
 *
 * Return: 0..1023.
 */
static inline unsigned int ipu_mmu_l2_index(__u64 iova)
{
	return (iova >> IPU_MMU_PAGE_SHIFT) & (IPU_MMU_TABLE_ENTRIES - 1);
}

/**
 * ipu_mmu_pte_fits() - whether an entry can hold an address
 * @dma: The PCI function's address of a page or a table.
 *
 * Return: Whether it is page aligned and not too long.
 */
static inline bool ipu_mmu_pte_fits(__u64 dma)
{
	return !(dma & (IPU_MMU_PAGE_SIZE - 1)) && !(dma >> IPU_MMU_OUTPUT_BITS);
}

/**
 * ipu_mmu_pte_encode() - the entry that leads to an address
 * @dma: The PCI function's address of a page or a table, for which ipu_mmu_pte_fits().
 *
 * Return: The entry. The next page's is the next number.
 */
static inline __u32 ipu_mmu_pte_encode(__u64 dma)
{
	return (__u32)(dma >> IPU_MMU_PAGE_SHIFT);
}

/**
 * ipu_mmu_pte_decode() - where an entry leads
 * @pte: The entry.
 *
 * Return: The PCI function's address of the page or table.
 */
static inline __u64 ipu_mmu_pte_decode(__u32 pte)
{
	return (__u64)pte << IPU_MMU_PAGE_SHIFT;
}

#endif /* VB2_IPU_IOMMU_IPU_MMU_PTE_H */
