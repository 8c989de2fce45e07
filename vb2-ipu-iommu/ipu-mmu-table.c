// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device may read a table at any time, and may see an entry as soon as it is written (an
 * eviction) or only when its line is flushed. So a table is complete in memory before the entry
 * that leads to it is written.
 */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cache.h"
#include "dma-address.h"
#include "ipu-mmu-parent.h"
#include "ipu-mmu-table.h"

static_assert(IPU_MMU_PAGE_SIZE == PAGE_SIZE);

/**
 * ipu_table_flush() - let the device see entries that were written
 * @parent: How the MMU reads memory.
 * @table: The table.
 * @first: Index of the first entry.
 * @count: How many.
 *
 * Context: Any.
 */
void ipu_table_flush(const struct ipu_mmu_parent *parent, struct ipu_table *table,
		     unsigned int first, unsigned int count)
{
	if (!count)
		return;
	if (parent->noncoherent)
		ipu_cache_flush(&parent->stats->flushed_table_lines, table->entries + first,
				count * sizeof(u32));
	else
		dma_wmb();
}

/**
 * ipu_flush_span_add() - entries were written
 * @parent: How the MMU reads memory.
 * @span: The table, and its entries that wait.
 * @first: Index of the first entry.
 * @count: How many.
 *
 * A span has no line without a written entry: entries that are elsewhere do not join it, but let
 * the device see those that wait. So who writes from one end to the other flushes each line once,
 * and no other.
 *
 * Context: Any.
 */
void ipu_flush_span_add(const struct ipu_mmu_parent *parent, struct ipu_flush_span *span,
			unsigned int first, unsigned int count)
{
	unsigned int per_line = ipu_cache_line_size() / sizeof(u32);

	if (span->end > span->first &&
	    (first < span->first || first / per_line > (span->end - 1) / per_line + 1))
		ipu_flush_span_end(parent, span);
	if (span->end == span->first) {
		span->first = first;
		span->end = first + count;
	} else {
		span->end = max(span->end, first + count);
	}
}

/**
 * ipu_flush_span_end() - let the device see the entries that wait
 * @parent: How the MMU reads memory.
 * @span: The table, and its entries that wait; none do afterwards.
 *
 * Context: Any.
 */
void ipu_flush_span_end(const struct ipu_mmu_parent *parent, struct ipu_flush_span *span)
{
	ipu_table_flush(parent, span->table, span->first, span->end - span->first);
	span->first = span->end;
}

/**
 * ipu_table_set() - set all entries
 * @table: The table, to which nothing leads.
 * @fill: Their value. They are not flushed.
 *
 * Context: Any.
 */
void ipu_table_set(struct ipu_table *table, u32 fill)
{
	memset32(table->entries, fill, IPU_MMU_TABLE_ENTRIES);
}

/**
 * ipu_table_alloc() - make a table
 * @parent: How the MMU reads memory.
 * @fill: Value of all entries. They are not flushed.
 * @dir: What the PCI function may do with it.
 * @with_runs: Whether to make room for &ipu_table.runs.
 * @gfp: How to allocate.
 *
 * Context: As @gfp allows.
 * Return: The table; an ERR_PTR: -ENOMEM, -EIO if the PCI function cannot read the page.
 */
struct ipu_table *ipu_table_alloc(const struct ipu_mmu_parent *parent, u32 fill,
				  enum dma_data_direction dir, bool with_runs, gfp_t gfp)
{
	struct ipu_table *table;
	int ret = -ENOMEM;

	table = kzalloc(sizeof(*table), gfp);
	if (!table)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&table->node);
	table->dir = dir;
	table->entries = (u32 *)__get_free_page(gfp | parent->zone);
	if (!table->entries)
		goto err_free;
	if (with_runs) {
		table->runs = kcalloc(IPU_MMU_TABLE_ENTRIES, sizeof(*table->runs), gfp);
		if (!table->runs)
			goto err_page;
	}
	ipu_table_set(table, fill);

	ret = ipu_mmu_map_for_parent(parent, virt_to_phys(table->entries), PAGE_SIZE, dir,
				     &table->dma);
	if (ret)
		goto err_runs;
	return table;

err_runs:
	kfree(table->runs);
err_page:
	free_page((unsigned long)table->entries);
err_free:
	kfree(table);
	return ERR_PTR(ret);
}

/**
 * ipu_table_free() - free a table that no entry leads to, and that the MMU has forgotten
 * @parent: How the MMU reads memory.
 * @table: The table, or %NULL, or an ERR_PTR.
 *
 * Context: Any.
 */
void ipu_table_free(const struct ipu_mmu_parent *parent, struct ipu_table *table)
{
	if (IS_ERR_OR_NULL(table))
		return;
	ipu_dma_unmap(parent->dev, table->dma, PAGE_SIZE, table->dir);
	kfree(table->runs);
	free_page((unsigned long)table->entries);
	kfree(table);
}

/**
 * ipu_tables_free() - free the tables of a list
 * @parent: How the MMU reads memory.
 * @tables: Tables by &ipu_table.node, as for ipu_table_free(). Empty afterwards.
 *
 * Context: Any.
 */
void ipu_tables_free(const struct ipu_mmu_parent *parent, struct list_head *tables)
{
	struct ipu_table *table, *next;

	list_for_each_entry_safe(table, next, tables, node)
		ipu_table_free(parent, table);
	INIT_LIST_HEAD(tables);
}
