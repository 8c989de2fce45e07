// SPDX-License-Identifier: GPL-2.0-only
/*
 * The address space of a translated device, and the IOMMU core's view of the MMU.
 *
 * What an entry holds is a DMA address of the PCI function, not a physical one: another IOMMU may
 * stand before it. So what is mapped here is first mapped there, and unmapped there last, after the
 * IPU MMU has forgotten it: that address, too, could be given to somebody else. Of a plane, whoever
 * unmaps it knows what to unmap there; of what the core maps, each entry does.
 */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "compat.h"
#include "dma-address.h"
#include "ipu-mmu-domain.h"
#include "ipu-mmu-hw.h"
#include "ipu-mmu-plane.h"
#include "ipu-mmu-table.h"

/**
 * struct ipu_run - pages that the core had mapped in one call, and another IOMMU has as well
 * @dma: The PCI function's address of the first one.
 * @pages: How many.
 * @left: How many entries still lead to them.
 * @dir: As mapped for the PCI function.
 * @node: In the list of runs that wait for the invalidate.
 */
struct ipu_run {
	dma_addr_t dma;
	size_t pages;
	size_t left;
	enum dma_data_direction dir;
	struct list_head node;
};

/**
 * struct ipu_domain - an address space of 4 GiB
 * @domain: As the IOMMU core knows it.
 * @mmu: Whose tables these are.
 * @lock: Covers all below. The MMU's lock is taken within it.
 * @l1: First level. The pointer and its address never change.
 * @l2: Second level; %NULL where the first level's entry leads to the empty table.
 * @filled: Entries that were written in a table of the second level and wait for the flush; in one
 *	table at a time.
 * @fresh: That table is new, and the first level does not lead to it yet.
 * @fresh_index: The first level's entry that will.
 * @leading: Entries of the first level that wait for the flush.
 * @changed: Entries were written since the MMU last forgot what it knew.
 * @old_runs: Unmapped, but the MMU may still know them.
 * @old_tables: Likewise.
 */
struct ipu_domain {
	struct iommu_domain domain;
	struct ipu_mmu *mmu;
	spinlock_t lock; /* covers all below */
	struct ipu_table *l1;
	struct ipu_table *l2[IPU_MMU_TABLE_ENTRIES];
	struct ipu_flush_span filled;
	bool fresh;
	unsigned int fresh_index;
	struct ipu_flush_span leading;
	bool changed;
	struct list_head old_runs;
	struct list_head old_tables;
};

static struct ipu_domain *to_ipu_domain(struct iommu_domain *domain)
{
	return container_of(domain, struct ipu_domain, domain);
}

/* How many of @pages from @iova on are in the same second-level table. */
static unsigned int ipu_pages_in_table(unsigned long iova, size_t pages)
{
	return min_t(size_t, pages, IPU_MMU_TABLE_ENTRIES - ipu_mmu_l2_index(iova));
}

static bool ipu_range_valid(const struct ipu_domain *dom, unsigned long iova, size_t page_size,
			    size_t pages)
{
	const unsigned long all = BIT(dom->mmu->input_bits);

	return page_size == IPU_MMU_PAGE_SIZE && IS_ALIGNED(iova, page_size) && iova < all &&
	       pages <= (all - iova) / page_size;
}

/* An entry that is not in use. No page of memory is mapped at that address: it is ours alone. */
static u32 ipu_unused_entry(const struct ipu_domain *dom)
{
	return ipu_mmu_pte_encode(dom->mmu->zeroes->dma);
}

static bool ipu_entry_used(const struct ipu_domain *dom, const struct ipu_table *table,
			   unsigned int index)
{
	return table->entries[index] != ipu_unused_entry(dom);
}

/* ---- what waits ---- */

/*
 * Let the device see what waits in a table of the second level. A new one is flushed as a whole
 * before the first level leads to it. Within the domain's lock.
 */
static void ipu_filled_end(struct ipu_domain *dom)
{
	struct ipu_table *table = dom->filled.table;
	struct ipu_mmu *mmu = dom->mmu;

	if (dom->fresh) {
		ipu_table_flush(&mmu->parent, table, 0, IPU_MMU_TABLE_ENTRIES);
		dom->filled.first = dom->filled.end;
		WRITE_ONCE(dom->l1->entries[dom->fresh_index], ipu_mmu_pte_encode(table->dma));
		ipu_flush_span_add(&mmu->parent, &dom->leading, dom->fresh_index, 1);
		dom->fresh = false;
	}
	ipu_flush_span_end(&mmu->parent, &dom->filled);
}

/* Let the device see all that waits. Within the domain's lock. */
static void ipu_writes_end(struct ipu_domain *dom)
{
	ipu_filled_end(dom);
	ipu_flush_span_end(&dom->mmu->parent, &dom->leading);
}

/**
 * ipu_domain_drop_kept() - free the table that waits for somebody to want one
 * @mmu: The MMU.
 *
 * Context: Any.
 */
void ipu_domain_drop_kept(struct ipu_mmu *mmu)
{
	ipu_table_free(&mmu->parent, xchg(&mmu->kept, NULL));
}
EXPORT_SYMBOL_IPU_TEST(ipu_domain_drop_kept);

/* The MMU has forgotten them. */
static void ipu_domain_tables_put(struct ipu_mmu *mmu, struct list_head *tables)
{
	struct ipu_table *table = list_first_entry_or_null(tables, struct ipu_table, node);

	/* Its entries are set when it is wanted again. */
	if (table && !READ_ONCE(mmu->kept)) {
		list_del_init(&table->node);
		table = xchg(&mmu->kept, table);
		if (table)
			list_add(&table->node, tables);
	}
	ipu_tables_free(&mmu->parent, tables);
}

static void ipu_run_free(struct ipu_mmu *mmu, struct ipu_run *run)
{
	ipu_dma_unmap(mmu->parent.dev, run->dma, run->pages * IPU_MMU_PAGE_SIZE, run->dir);
	kfree(run);
}

static void ipu_runs_free(struct ipu_mmu *mmu, struct list_head *runs)
{
	struct ipu_run *run, *next;

	list_for_each_entry_safe(run, next, runs, node)
		ipu_run_free(mmu, run);
	INIT_LIST_HEAD(runs);
}

/*
 * Let the device see what was written, and the MMU forget what was changed; release what waited for
 * that.
 *
 * The MMU can only forget all at once, so who comes first does it for everybody. It is done within
 * the lock: who then finds nothing to do knows that it is done, though by another CPU. What that
 * other CPU took along it may still be releasing; no address of it is given out anew before. (Pages
 * that the core unmapped may be freed before they are unmapped for the PCI function then. The IPU
 * no longer emits their addresses.)
 */
static void ipu_domain_sync(struct ipu_domain *dom, bool always)
{
	unsigned long flags;
	LIST_HEAD(tables);
	LIST_HEAD(runs);

	spin_lock_irqsave(&dom->lock, flags);
	ipu_writes_end(dom);
	if (dom->changed || always)
		ipu_mmu_invalidate(dom->mmu, dom->l1->dma);
	dom->changed = false;
	list_splice_init(&dom->old_runs, &runs);
	list_splice_init(&dom->old_tables, &tables);
	spin_unlock_irqrestore(&dom->lock, flags);

	ipu_runs_free(dom->mmu, &runs);
	ipu_domain_tables_put(dom->mmu, &tables);
}

/* ---- unmap ---- */

/* How many of @pages entries, from @first on, are in use. Within the domain's lock. */
static unsigned int ipu_table_used(const struct ipu_domain *dom, const struct ipu_table *table,
				   unsigned int first, unsigned int pages)
{
	unsigned int count;

	for (count = 0; count < pages; count++)
		if (!ipu_entry_used(dom, table, first + count))
			break;
	return count;
}

/* Within the domain's lock. */
static void ipu_table_forget_runs(struct ipu_domain *dom, struct ipu_table *table,
				  unsigned int first, unsigned int count)
{
	unsigned int i;

	for (i = first; table->runs && i < first + count; i++) {
		struct ipu_run *run = table->runs[i];

		table->runs[i] = NULL;
		if (run && !--run->left)
			list_add_tail(&run->node, &dom->old_runs);
	}
}

/*
 * Within the domain's lock. Returns how many pages from @iova on were mapped, and are no longer; at
 * most @pages, which are all in one table. Of a plane, all of them are, and have no run.
 */
static unsigned int ipu_table_clear(struct ipu_domain *dom, unsigned long iova, unsigned int pages,
				    bool plane)
{
	unsigned int index = ipu_mmu_l1_index(iova), first = ipu_mmu_l2_index(iova);
	struct ipu_table *table = dom->l2[index];
	struct ipu_mmu *mmu = dom->mmu;
	unsigned int count = pages;

	if (!table)
		return 0;
	if (!plane) {
		count = ipu_table_used(dom, table, first, pages);
		ipu_table_forget_runs(dom, table, first, count);
	}
	table->used -= count;
	if (table->used) {
		/* Whole words, whichever the device sees first. */
		memset32(table->entries + first, ipu_unused_entry(dom), count);
		ipu_table_flush(&mmu->parent, table, first, count);
		return count;
	}
	/*
	 * Its entries can stay as they are: nothing leads to it any more once the MMU has
	 * forgotten.
	 */
	dom->l2[index] = NULL;
	list_add_tail(&table->node, &dom->old_tables);
	WRITE_ONCE(dom->l1->entries[index], ipu_mmu_pte_encode(mmu->empty_l2->dma));
	ipu_flush_span_add(&mmu->parent, &dom->leading, index, 1);
	atomic64_dec(&mmu->parent.stats->table_pages);
	return count;
}

static unsigned int ipu_part_unmap(struct ipu_domain *dom, unsigned long iova, unsigned int count,
				   bool plane)
{
	unsigned long flags;

	spin_lock_irqsave(&dom->lock, flags);
	/* A table that goes must not be one that still waits. */
	ipu_filled_end(dom);
	count = ipu_table_clear(dom, iova, count, plane);
	dom->changed |= count;
	spin_unlock_irqrestore(&dom->lock, flags);

	atomic64_sub(count, &dom->mmu->parent.stats->mapped_pages);
	return count;
}

/* Up to the first page that is not mapped. Returns how many were. */
static size_t ipu_range_unmap(struct ipu_domain *dom, unsigned long iova, size_t pages, bool plane)
{
	unsigned int part, cleared;
	size_t done = 0;

	do {
		unsigned long at = iova + done * IPU_MMU_PAGE_SIZE;

		part = ipu_pages_in_table(at, pages - done);
		cleared = part ? ipu_part_unmap(dom, at, part, plane) : 0;
		done += cleared;
	} while (cleared && cleared == part);
	return done;
}

/* ---- map ---- */

/* Within the domain's lock. */
static bool ipu_table_vacant(const struct ipu_domain *dom, const struct ipu_table *table,
			     unsigned int first, unsigned int count)
{
	unsigned int i;

	/* An entry that has been given back leads to the page of zeroes, like one as new. */
	for (i = first; i < first + count; i++)
		if (ipu_entry_used(dom, table, i))
			return false;
	return true;
}

/**
 * struct ipu_source - what a range is filled from, and how far that has come
 * @pte: The next entry.
 * @again: All that are left are the same: a page comes again and again.
 * @left: Entries from there on.
 * @run: Whose they are, for the core's unmap; %NULL if nobody's.
 * @sg: What comes after them; %NULL where the memory ends.
 * @segments: The PCI function's addresses stand in so many entries from there on; 0 where they are
 *	plain.
 * @plain: If they are, the entry that leads to memory at 0.
 * @pages: Addresses that come after @left, but for the guard's.
 */
struct ipu_source {
	u32 pte;
	bool again;
	unsigned int left;
	struct ipu_run *run;
	struct scatterlist *sg;
	unsigned int segments;
	u32 plain;
	unsigned int pages;
};

/* Go on with what comes next: a segment, then the last page of it again, and last the guard. */
static void ipu_source_next(const struct ipu_domain *dom, struct ipu_source *source)
{
	struct scatterlist *sg = source->sg;

	if (sg && !source->segments) {
		source->pte = source->plain + page_to_pfn(sg_page(sg));
		source->left = ipu_sg_pages(sg);
		source->sg = sg_next(sg);
	} else if (sg) {
		source->pte = ipu_mmu_pte_encode(sg_dma_address(sg));
		source->left = sg_dma_len(sg) / IPU_MMU_PAGE_SIZE;
		source->sg = --source->segments ? sg_next(sg) : NULL;
	} else if (source->pages) {
		source->pte--;
		source->again = true;
		source->left = source->pages;
	} else {
		source->pte = ipu_mmu_pte_encode(dom->mmu->guard->dma);
		source->again = true;
		source->left = 1;
		return;
	}
	source->pages -= source->left;
}

/* Within the domain's lock. */
static void ipu_table_fill(const struct ipu_domain *dom, struct ipu_table *table,
			   unsigned int first, unsigned int count, struct ipu_source *source)
{
	u32 *entry = table->entries + first, *const end = entry + count, *stop;
	struct ipu_source now = *source; /* in registers */
	unsigned int part, i;

	while (entry < end) {
		if (!now.left)
			ipu_source_next(dom, &now);
		/* Many planes have hardly a page whose neighbour follows it. */
		if (now.left == 1) {
			WRITE_ONCE(*entry++, now.pte++);
			now.left = 0;
			continue;
		}
		part = min_t(size_t, now.left, end - entry);
		now.left -= part;
		if (now.again) {
			memset32(entry, now.pte, part);
			entry += part;
			continue;
		}
		for (stop = entry + part; entry < stop; entry++)
			WRITE_ONCE(*entry, now.pte++);
	}
	*source = now;
	for (i = first; source->run && i < first + count; i++)
		table->runs[i] = source->run;
	table->used += count;
}

/*
 * Entries were written, in a table that may be a new one. The device sees them by ipu_domain_sync()
 * at last: where the core maps memory it calls for each run of pages, and for that one once, so
 * each line is flushed once however short the runs are. Within the domain's lock.
 */
static void ipu_filled_add(struct ipu_domain *dom, unsigned int index, bool fresh,
			   unsigned int first, unsigned int count)
{
	struct ipu_table *table = dom->l2[index];

	if (fresh || table != dom->filled.table) {
		ipu_filled_end(dom);
		dom->filled.table = table;
		dom->fresh = fresh;
		dom->fresh_index = index;
	}
	ipu_flush_span_add(&dom->mmu->parent, &dom->filled, first, count);
	dom->changed = true;
}

/**
 * ipu_domain_table_alloc() - make a table of the second level
 * @mmu: The MMU.
 * @gfp: How to allocate.
 *
 * Context: As @gfp allows.
 * Return: The table, of which no entry is in use; an ERR_PTR, see ipu_table_alloc().
 */
struct ipu_table *ipu_domain_table_alloc(struct ipu_mmu *mmu, gfp_t gfp)
{
	return ipu_table_alloc(&mmu->parent, ipu_mmu_pte_encode(mmu->zeroes->dma), DMA_TO_DEVICE,
			       !mmu->parent.direct, gfp);
}

/*
 * The one that went last, if it is still there: buffers come and go. Else, who cannot wait gets one
 * that somebody made for this moment.
 */
static struct ipu_table *ipu_domain_table_get(struct ipu_mmu *mmu, gfp_t gfp)
{
	struct ipu_table *table = xchg(&mmu->kept, NULL);
	unsigned long flags;

	if (table) {
		ipu_table_set(table, ipu_mmu_pte_encode(mmu->zeroes->dma));
		return table;
	}
	if (gfpflags_allow_blocking(gfp))
		return ipu_domain_table_alloc(mmu, gfp);
	spin_lock_irqsave(&mmu->reserve, flags);
	table = list_first_entry_or_null(&mmu->spare, struct ipu_table, node);
	if (table) {
		list_del_init(&table->node);
		mmu->spares--;
	}
	spin_unlock_irqrestore(&mmu->reserve, flags);
	return table ?: ipu_domain_table_alloc(mmu, gfp);
}

/* Entries of one table, which is added if it is not there. */
static int ipu_part_map(struct ipu_domain *dom, unsigned long iova, unsigned int count,
			struct ipu_source *source, gfp_t gfp)
{
	unsigned int index = ipu_mmu_l1_index(iova), first = ipu_mmu_l2_index(iova);
	struct ipu_table *spare = NULL;
	struct ipu_mmu *mmu = dom->mmu;
	unsigned long flags;
	bool fresh;
	int ret = 0;

	spin_lock_irqsave(&dom->lock, flags);
	while (!dom->l2[index] && !spare) {
		/* Not within the lock. Meanwhile somebody else may add it, or take it away. */
		spin_unlock_irqrestore(&dom->lock, flags);
		spare = ipu_domain_table_get(mmu, gfp);
		if (IS_ERR(spare))
			return PTR_ERR(spare);
		spin_lock_irqsave(&dom->lock, flags);
	}
	fresh = !dom->l2[index];
	if (fresh) {
		dom->l2[index] = spare;
		spare = NULL;
		atomic64_inc(&mmu->parent.stats->table_pages);
	}
	if (fresh || ipu_table_vacant(dom, dom->l2[index], first, count)) {
		ipu_table_fill(dom, dom->l2[index], first, count, source);
		ipu_filled_add(dom, index, fresh, first, count);
		atomic64_add(count, &mmu->parent.stats->mapped_pages);
	} else {
		ret = -EADDRINUSE;
	}
	spin_unlock_irqrestore(&dom->lock, flags);

	ipu_table_free(&mmu->parent, spare);
	return ret;
}

/*
 * All or nothing. The lock is taken table by table: within it, interrupts wait for a thousand
 * entries at most.
 */
static int ipu_range_map(struct ipu_domain *dom, unsigned long iova, size_t pages,
			 struct ipu_source *source, gfp_t gfp)
{
	size_t done = 0;

	while (done < pages) {
		unsigned long at = iova + done * IPU_MMU_PAGE_SIZE;
		unsigned int part = ipu_pages_in_table(at, pages - done);
		int ret = ipu_part_map(dom, at, part, source, gfp);

		if (ret) {
			if (ipu_range_unmap(dom, iova, done, false))
				ipu_domain_sync(dom, false);
			return ret;
		}
		done += part;
	}
	return 0;
}

/*
 * The IPU MMU knows no permissions, but an IOMMU before the device does. What is written may be
 * read, too: whether the IPU reads before it writes a part of a line is its own matter.
 */
static enum dma_data_direction ipu_prot_to_direction(int prot)
{
	return prot & IOMMU_WRITE ? DMA_BIDIRECTIONAL : DMA_TO_DEVICE;
}

/* Pages that the PCI function can reach, and none of the device's addresses yet. */
static struct ipu_run *ipu_run_make(struct ipu_mmu *mmu, phys_addr_t phys, size_t pages,
				    enum dma_data_direction dir, gfp_t gfp)
{
	struct ipu_run *run = kzalloc(sizeof(*run), gfp);
	int ret;

	if (!run)
		return ERR_PTR(-ENOMEM);
	ret = ipu_mmu_map_for_parent(&mmu->parent, phys, pages * IPU_MMU_PAGE_SIZE, dir, &run->dma);
	if (ret) {
		kfree(run);
		return ERR_PTR(ret);
	}
	run->pages = pages;
	run->left = pages;
	run->dir = dir;
	return run;
}

/* A run is mapped as a whole, or not at all: *mapped never counts a part of it. */
static int ipu_map_pages(struct iommu_domain *domain, unsigned long iova, phys_addr_t phys,
			 size_t page_size, size_t pages, int prot, gfp_t gfp, size_t *mapped)
{
	enum dma_data_direction dir = ipu_prot_to_direction(prot);
	struct ipu_domain *dom = to_ipu_domain(domain);
	struct ipu_source source = { .left = pages };
	struct ipu_mmu *mmu = dom->mmu;
	dma_addr_t dma;
	int ret;

	if (!pages || !ipu_range_valid(dom, iova, page_size, pages) || !IS_ALIGNED(phys, page_size))
		return -EINVAL;
	if (!IPU_HAS_DMA_IOVA && phys == IPU_PLANE_TAG)
		return ipu_plane_map_pages(mmu, domain, iova, pages, mapped);

	if (mmu->parent.direct) {
		ret = ipu_mmu_map_for_parent(&mmu->parent, phys, pages * page_size, dir, &dma);
		if (ret)
			return ret;
	} else {
		source.run = ipu_run_make(mmu, phys, pages, dir, gfp);
		if (IS_ERR(source.run))
			return PTR_ERR(source.run);
		dma = source.run->dma;
	}
	source.pte = ipu_mmu_pte_encode(dma);
	ret = ipu_range_map(dom, iova, pages, &source, gfp);
	if (ret) {
		if (source.run)
			ipu_run_free(mmu, source.run);
		return ret;
	}
	*mapped += pages * page_size;
	return 0;
}

static size_t ipu_unmap_pages(struct iommu_domain *domain, unsigned long iova, size_t page_size,
			      size_t pages, struct iommu_iotlb_gather *gather)
{
	struct ipu_domain *dom = to_ipu_domain(domain);
	size_t done;

	if (!ipu_range_valid(dom, iova, page_size, pages))
		return 0;
	done = ipu_range_unmap(dom, iova, pages, false);
	if (!done)
		return 0;

	iommu_iotlb_gather_add_range(gather, iova, done * page_size);
	/*
	 * With iommu-dma's flush queue the caller would free the pages before the MMU has forgotten
	 * them. The queue is off without IOMMU_CAP_DEFERRED_FLUSH, but root can turn it on by the
	 * group's "type" in sysfs all the same.
	 */
	if (iommu_iotlb_gather_queued(gather))
		ipu_domain_sync(dom, false);
	return done * page_size;
}

static void ipu_flush_iotlb_all(struct iommu_domain *domain)
{
	ipu_domain_sync(to_ipu_domain(domain), true);
}

static void ipu_iotlb_sync(struct iommu_domain *domain, struct iommu_iotlb_gather *gather)
{
	ipu_domain_sync(to_ipu_domain(domain), false);
}

/* An entry that was not in use led to the page of zeroes, and the TLB may remember that. */
static int ipu_iotlb_sync_map(struct iommu_domain *domain, unsigned long iova, size_t size)
{
	ipu_domain_sync(to_ipu_domain(domain), false);
	return 0;
}

/* ---- planes ---- */

/**
 * ipu_domain_map_table() - map all of a table's runs, one behind the other
 * @domain: Of an MMU of ours.
 * @iova: Where to: a range that is nobody else's, page-aligned.
 * @pages: How many pages of memory that is. Where the table has fewer, the rest of the addresses
 *	leads to its last page.
 * @sgt: The table. Its entries begin and end at pages' borders, but for the first one's start and
 *	the last one's end.
 * @dir: What the device will do.
 * @seen: Filled in: the memory as the PCI function sees it.
 *
 * If the MMU has a guard, that comes next, and the range is one page longer. All or nothing. The
 * device sees it when this returns.
 *
 * Context: Process context.
 * Return: 0; -ENOMEM; -EADDRINUSE if something is mapped there; see ipu_mmu_map_table_for_parent().
 */
int ipu_domain_map_table(struct iommu_domain *domain, unsigned long iova, size_t pages,
			 struct sg_table *sgt, enum dma_data_direction dir,
			 struct ipu_parent_table *seen)
{
	struct ipu_domain *dom = to_ipu_domain(domain);
	struct ipu_mmu *mmu = dom->mmu;
	struct ipu_source source = {
		.sg = sgt->sgl,
		.plain = ipu_mmu_pte_encode(mmu->parent.plain_zero),
		.pages = pages,
	};
	int ret;

	/* As by the core, see ipu_prot_to_direction(). */
	if (dir != DMA_TO_DEVICE)
		dir = DMA_BIDIRECTIONAL;
	ret = ipu_mmu_map_table_for_parent(&mmu->parent, seen, sgt, dir);
	if (ret)
		return ret;
	if (seen->sgt.sgl) {
		source.sg = seen->sgt.sgl;
		source.segments = seen->sgt.nents;
	}
	ret = ipu_range_map(dom, iova, pages + !!mmu->guard, &source, GFP_KERNEL);
	if (ret) {
		ipu_mmu_unmap_table_for_parent(&mmu->parent, seen);
		return ret;
	}
	ipu_domain_sync(dom, false);
	return 0;
}
EXPORT_SYMBOL_IPU_TEST(ipu_domain_map_table);

/**
 * ipu_domain_unmap_table() - undo ipu_domain_map_table()
 * @domain: The domain.
 * @iova: Where.
 * @pages: How many pages of memory.
 * @seen: What that filled in.
 *
 * When it returns, the MMU has forgotten them, and the PCI function does not reach them any more.
 *
 * Context: Process context.
 */
void ipu_domain_unmap_table(struct iommu_domain *domain, unsigned long iova, size_t pages,
			    struct ipu_parent_table *seen)
{
	struct ipu_domain *dom = to_ipu_domain(domain);

	pages += !!dom->mmu->guard;
	WARN_ON(ipu_range_unmap(dom, iova, pages, true) != pages);
	ipu_domain_sync(dom, false);
	ipu_mmu_unmap_table_for_parent(&dom->mmu->parent, seen);
}
EXPORT_SYMBOL_IPU_TEST(ipu_domain_unmap_table);

static phys_addr_t ipu_iova_to_phys(struct iommu_domain *domain, dma_addr_t iova)
{
	struct ipu_domain *dom = to_ipu_domain(domain);
	unsigned int index = ipu_mmu_l2_index(iova);
	struct ipu_table *table;
	unsigned long flags;
	dma_addr_t dma = 0;
	bool mapped;

	if (iova >> dom->mmu->input_bits)
		return 0;
	spin_lock_irqsave(&dom->lock, flags);
	table = dom->l2[ipu_mmu_l1_index(iova)];
	mapped = table && ipu_entry_used(dom, table, index);
	if (mapped)
		dma = ipu_mmu_pte_decode(table->entries[index]);
	spin_unlock_irqrestore(&dom->lock, flags);
	return mapped ? ipu_dma_to_phys(dom->mmu->parent.dev, dma + offset_in_page(iova)) : 0;
}

/* ---- domains ---- */

static int ipu_attach_dev(struct iommu_domain *domain, struct device *dev)
{
	struct ipu_domain *dom = to_ipu_domain(domain);

	if (dev_iommu_priv_get(dev) != dom->mmu)
		return -EINVAL;
	ipu_mmu_use_l1(dom->mmu, dom->l1->dma);
	return 0;
}

IPU_DEFINE_ATTACH_DEV(ipu_attach_dev)

/*
 * Whatever is still mapped. No lock: the core has let go of the domain, and has attached another
 * one.
 */
static void ipu_domain_free(struct iommu_domain *domain)
{
	struct ipu_domain *dom = to_ipu_domain(domain);
	struct ipu_mmu *mmu = dom->mmu;
	unsigned int i, k;

	for (i = 0; i < IPU_MMU_TABLE_ENTRIES; i++) {
		struct ipu_table *table = dom->l2[i];

		if (!table)
			continue;
		for (k = 0; table->runs && k < IPU_MMU_TABLE_ENTRIES; k++)
			if (ipu_entry_used(dom, table, k) && table->runs[k] &&
			    !--table->runs[k]->left)
				list_add_tail(&table->runs[k]->node, &dom->old_runs);
		atomic64_sub(table->used, &mmu->parent.stats->mapped_pages);
		atomic64_dec(&mmu->parent.stats->table_pages);
		list_add_tail(&table->node, &dom->old_tables);
	}
	ipu_runs_free(mmu, &dom->old_runs);
	ipu_tables_free(&mmu->parent, &dom->old_tables);
	ipu_table_free(&mmu->parent, dom->l1);
	kvfree(dom);
}

static const struct iommu_domain_ops ipu_domain_ops = {
	.attach_dev = IPU_ATTACH_DEV(ipu_attach_dev),
	.map_pages = ipu_map_pages,
	.unmap_pages = ipu_unmap_pages,
	.flush_iotlb_all = ipu_flush_iotlb_all,
	.iotlb_sync_map = ipu_iotlb_sync_map,
	.iotlb_sync = ipu_iotlb_sync,
	.iova_to_phys = ipu_iova_to_phys,
	.free = ipu_domain_free,
};

static struct iommu_domain *ipu_domain_alloc(struct device *dev)
{
	struct ipu_domain *dom;
	struct ipu_mmu *mmu;

	/* 6.12's iommu_domain_alloc(), by a bus, has none. */
	if (!dev)
		return ERR_PTR(-ENODEV);
	mmu = dev_iommu_priv_get(dev);
	dom = kvzalloc(sizeof(*dom), GFP_KERNEL);
	if (!dom)
		return ERR_PTR(-ENOMEM);
	dom->mmu = mmu;
	spin_lock_init(&dom->lock);
	INIT_LIST_HEAD(&dom->old_runs);
	INIT_LIST_HEAD(&dom->old_tables);
	dom->l1 = ipu_table_alloc(&mmu->parent, ipu_mmu_pte_encode(mmu->empty_l2->dma),
				  DMA_TO_DEVICE, false, GFP_KERNEL);
	if (IS_ERR(dom->l1)) {
		int ret = PTR_ERR(dom->l1);

		kvfree(dom);
		return ERR_PTR(ret);
	}
	ipu_table_flush(&mmu->parent, dom->l1, 0, IPU_MMU_TABLE_ENTRIES);
	dom->leading.table = dom->l1;
	dom->domain.pgsize_bitmap = IPU_MMU_PAGE_SIZE;
	dom->domain.geometry.aperture_start = 0;
	dom->domain.geometry.aperture_end = DMA_BIT_MASK(mmu->input_bits);
	dom->domain.geometry.force_aperture = true;
	return &dom->domain;
}

/* Nothing is mapped: each address leads to the page of zeroes. */
static int ipu_block_dev(struct iommu_domain *domain, struct device *dev)
{
	struct ipu_mmu *mmu = dev_iommu_priv_get(dev);

	ipu_mmu_use_l1(mmu, mmu->empty_l1->dma);
	return 0;
}

IPU_DEFINE_ATTACH_DEV(ipu_block_dev)

static const struct iommu_domain_ops ipu_blocked_domain_ops = {
	.attach_dev = IPU_ATTACH_DEV(ipu_block_dev),
};

static struct iommu_domain ipu_blocked_domain = {
	.type = IOMMU_DOMAIN_BLOCKED,
	.ops = &ipu_blocked_domain_ops,
};

/* ---- devices ---- */

static bool ipu_capable(struct device *dev, enum iommu_cap cap)
{
	struct ipu_mmu *mmu = dev_iommu_priv_get(dev);

	/* Of what is mapped, not of the tables, which are nobody else's matter. */
	if (cap == IOMMU_CAP_CACHE_COHERENCY)
		return !mmu->noncoherent;
	/*
	 * IOMMU_CAP_DEFERRED_FLUSH is among the rest: without it the core unmaps strictly, and no
	 * page is given back before the TLB forgot it.
	 */
	return false;
}

static struct iommu_device *ipu_probe_device(struct device *dev)
{
	struct ipu_mmu **mmu = dev_get_platdata(dev);

	if (!mmu || dev_iommu_fwspec_get(dev)->iommu_fwnode != (*mmu)->fwnode)
		return ERR_PTR(-ENODEV);
	dev_iommu_priv_set(dev, *mmu);
	return &(*mmu)->iommu;
}

static int ipu_def_domain_type(struct device *dev)
{
	return IOMMU_DOMAIN_DMA;
}

const struct iommu_ops ipu_iommu_ops = {
	.owner = THIS_MODULE,
	.capable = ipu_capable,
	.domain_alloc_paging = ipu_domain_alloc,
	.probe_device = ipu_probe_device,
	.device_group = generic_device_group,
	.def_domain_type = ipu_def_domain_type,
	.default_domain_ops = &ipu_domain_ops,
	.blocked_domain = &ipu_blocked_domain,
	.release_domain = &ipu_blocked_domain,
};
