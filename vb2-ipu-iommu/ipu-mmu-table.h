/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One page of the IPU MMU's tables, in memory that the PCI function can read.
 */
#ifndef VB2_IPU_IOMMU_IPU_MMU_TABLE_H
#define VB2_IPU_IOMMU_IPU_MMU_TABLE_H

#include <linux/dma-direction.h>
#include <linux/gfp_types.h>
#include <linux/list.h>
#include <linux/types.h>

#include "ipu-mmu-pte.h"

struct ipu_mmu_parent;
struct ipu_run;

/**
 * struct ipu_table - a table of either level, the page of zeroes, or the guard
 * @entries: The page.
 * @dma: Its address for the PCI function.
 * @dir: What the PCI function may do with it.
 * @runs: What each entry belongs to that the core had mapped; %NULL where that needs no
 *	bookkeeping.
 * @used: Entries in use.
 * @node: In a list of tables that are spare or that wait for the invalidate.
 */
struct ipu_table {
	u32 *entries;
	dma_addr_t dma;
	enum dma_data_direction dir;
	struct ipu_run **runs;
	unsigned int used;
	struct list_head node;
};

/**
 * struct ipu_flush_span - entries of a table that were written and wait for the flush
 * @table: The table.
 * @first: Index of the first one.
 * @end: Index after the last one; @first if there is none.
 */
struct ipu_flush_span {
	struct ipu_table *table;
	unsigned int first;
	unsigned int end;
};

struct ipu_table *ipu_table_alloc(const struct ipu_mmu_parent *parent, u32 fill,
				  enum dma_data_direction dir, bool with_runs, gfp_t gfp);
void ipu_table_set(struct ipu_table *table, u32 fill);
void ipu_table_free(const struct ipu_mmu_parent *parent, struct ipu_table *table);
void ipu_tables_free(const struct ipu_mmu_parent *parent, struct list_head *tables);
void ipu_table_flush(const struct ipu_mmu_parent *parent, struct ipu_table *table,
		     unsigned int first, unsigned int count);
void ipu_flush_span_add(const struct ipu_mmu_parent *parent, struct ipu_flush_span *span,
			unsigned int first, unsigned int count);
void ipu_flush_span_end(const struct ipu_mmu_parent *parent, struct ipu_flush_span *span);

#endif /* VB2_IPU_IOMMU_IPU_MMU_TABLE_H */
