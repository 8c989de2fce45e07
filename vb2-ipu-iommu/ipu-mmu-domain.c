// SPDX-License-Identifier: GPL-2.0-only
/*
 * The address space of a translated device, and the IOMMU core's view of the MMU.
 *
 * What an entry holds is a DMA address of the PCI function, not a physical one: another IOMMU may
 * stand before it. So each run of pages that is mapped here is first mapped there, and unmapped
 * there last, after the IPU MMU has forgotten it: that address, too, could be given to somebody
 * else.
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
 * struct ipu_run - pages that are neighbours for both sides, or one that is mapped several times
 * @dma: The PCI function's address of the first one.
 * @phys: The first one's address.
 * @pages: How many.
 * @left: How many entries still lead to them.
 * @dir: As mapped for the PCI function.
 * @node: In the list of runs that wait for the invalidate.
 */
struct ipu_run {
	dma_addr_t dma;
	phys_addr_t phys;
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
 * @added: Entries of the first level that wait for the flush.
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
	struct ipu_flush_span added;
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

/* No page of memory is mapped at the address of the page of zeroes: it is ours alone. */
static bool ipu_entry_used(const struct ipu_domain *dom, const struct ipu_table *table,
			   unsigned int index)
{
	return table->entries[index] != ipu_mmu_pte_encode(dom->mmu->zeroes->dma);
}

/* ---- map ---- */

/* How many second-level tables a range lacks. Within the domain's lock. */
static unsigned int ipu_range_missing(const struct ipu_domain *dom, unsigned long iova,
				      size_t pages)
{
	unsigned int missing = 0, part;

	for (; pages; pages -= part, iova += part * IPU_MMU_PAGE_SIZE) {
		part = ipu_pages_in_table(iova, pages);
		missing += !dom->l2[ipu_mmu_l1_index(iova)];
	}
	return missing;
}

/* Within the domain's lock. */
static bool ipu_range_vacant(const struct ipu_domain *dom, unsigned long iova, size_t pages)
{
	unsigned int part, i;

	for (; pages; pages -= part, iova += part * IPU_MMU_PAGE_SIZE) {
		const struct ipu_table *table = dom->l2[ipu_mmu_l1_index(iova)];
		unsigned int first = ipu_mmu_l2_index(iova);

		part = ipu_pages_in_table(iova, pages);
		for (i = first; table && i < first + part; i++)
			if (ipu_entry_used(dom, table, i))
				return false;
	}
	return true;
}

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
		ipu_flush_span_add(&mmu->parent, &dom->added, dom->fresh_index, 1);
		dom->fresh = false;
	}
	ipu_flush_span_end(&mmu->parent, &dom->filled);
}

/* Let the device see all that waits. Within the domain's lock. */
static void ipu_writes_end(struct ipu_domain *dom)
{
	ipu_filled_end(dom);
	ipu_flush_span_end(&dom->mmu->parent, &dom->added);
}

/**
 * struct ipu_source - what a range is filled from, and how far that has come
 * @dma: The PCI function's address of the next page.
 * @left: Pages from there on.
 * @run: Whose they are, for the table; %NULL if there is nothing to undo.
 * @sg: What comes after them in a table of runs; %NULL for one run.
 * @runs: What is mapped for the PCI function; empty where its addresses are plain.
 * @last: The one of them that came last.
 */
struct ipu_source {
	dma_addr_t dma;
	size_t left;
	struct ipu_run *run;
	struct scatterlist *sg;
	struct list_head runs;
	struct ipu_run *last;
};

/* Whether it is the guard, which has an address already, and no run. */
static bool ipu_is_guard(const struct ipu_mmu *mmu, phys_addr_t phys)
{
	return mmu->guard && virt_to_phys(mmu->guard->entries) == phys;
}

/* A page that is mapped again right behind itself, as a sink's is. */
static bool ipu_run_is_page(const struct ipu_run *run, phys_addr_t phys)
{
	return run->pages == 1 && run->phys == phys;
}

static phys_addr_t ipu_sg_first_page(struct scatterlist *sg)
{
	return ALIGN_DOWN(sg_phys(sg), IPU_MMU_PAGE_SIZE);
}

/* Go on to the table's next entry. Within the domain's lock. */
static void ipu_source_next(const struct ipu_domain *dom, struct ipu_source *source)
{
	phys_addr_t phys = ipu_sg_first_page(source->sg);

	source->left = ipu_sg_pages(source->sg);
	source->sg = sg_next(source->sg);
	source->run = NULL;
	if (ipu_is_guard(dom->mmu, phys)) {
		source->dma = dom->mmu->guard->dma;
	} else if (dom->mmu->parent.plain) {
		source->dma = ipu_dma_plain(dom->mmu->parent.dev, phys);
	} else {
		if (!source->last || source->left != 1 || !ipu_run_is_page(source->last, phys))
			source->last = source->last ? list_next_entry(source->last, node) :
						      list_first_entry(&source->runs,
								       struct ipu_run, node);
		source->run = source->last;
		source->dma = source->run->dma;
	}
}

/*
 * Write the entries of a vacant range, adding tables from @spare where the range lacks them. The
 * device sees them by ipu_domain_sync() at last: where the core maps a plane it calls this function
 * for each run, and that one once, so each line is flushed once however short the runs are. Within
 * the domain's lock.
 */
static void ipu_range_fill(struct ipu_domain *dom, unsigned long iova, size_t pages,
			   struct ipu_source *source, struct list_head *spare)
{
	struct ipu_mmu *mmu = dom->mmu;
	unsigned int part, i;

	for (; pages; pages -= part, iova += part * IPU_MMU_PAGE_SIZE) {
		unsigned int index = ipu_mmu_l1_index(iova), first = ipu_mmu_l2_index(iova);
		struct ipu_table *table = dom->l2[index];
		bool fresh = !table;

		part = ipu_pages_in_table(iova, pages);
		if (fresh) {
			table = list_first_entry(spare, struct ipu_table, node);
			list_del_init(&table->node);
			dom->l2[index] = table;
			atomic64_inc(&mmu->parent.stats->table_pages);
		}
		for (i = first; i < first + part; i++) {
			if (!source->left)
				ipu_source_next(dom, source);
			WRITE_ONCE(table->entries[i], ipu_mmu_pte_encode(source->dma));
			if (table->runs)
				table->runs[i] = source->run;
			source->dma += IPU_MMU_PAGE_SIZE;
			source->left--;
		}
		table->used += part;
		if (fresh || table != dom->filled.table) {
			ipu_filled_end(dom);
			dom->filled.table = table;
			dom->fresh = fresh;
			dom->fresh_index = index;
		}
		ipu_flush_span_add(&mmu->parent, &dom->filled, first, part);
	}
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

/* Who cannot wait gets one that somebody made for this moment, if there is one. */
static struct ipu_table *ipu_domain_table_get(struct ipu_mmu *mmu, gfp_t gfp)
{
	struct ipu_table *table;
	unsigned long flags;

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

/* All or nothing. */
static int ipu_range_map(struct ipu_domain *dom, unsigned long iova, size_t pages,
			 struct ipu_source *source, gfp_t gfp)
{
	struct ipu_mmu *mmu = dom->mmu;
	unsigned int spares = 0;
	unsigned long flags;
	LIST_HEAD(spare);
	int ret = 0;

	spin_lock_irqsave(&dom->lock, flags);
	for (;;) {
		unsigned int missing = ipu_range_missing(dom, iova, pages);

		if (missing <= spares)
			break;
		/*
		 * Not within the lock. Meanwhile somebody else may add tables, or take some away.
		 */
		spin_unlock_irqrestore(&dom->lock, flags);
		for (; spares < missing; spares++) {
			struct ipu_table *table;

			table = ipu_domain_table_get(mmu, gfp);
			if (IS_ERR(table)) {
				ipu_tables_free(&mmu->parent, &spare);
				return PTR_ERR(table);
			}
			list_add(&table->node, &spare);
		}
		spin_lock_irqsave(&dom->lock, flags);
	}
	if (ipu_range_vacant(dom, iova, pages))
		ipu_range_fill(dom, iova, pages, source, &spare);
	else
		ret = -EADDRINUSE;
	spin_unlock_irqrestore(&dom->lock, flags);

	ipu_tables_free(&mmu->parent, &spare);
	return ret;
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
	run->phys = phys;
	run->pages = pages;
	run->left = pages;
	run->dir = dir;
	return run;
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

/* A run is mapped as a whole, or not at all: *mapped never counts a part of it. */
static int ipu_map_pages(struct iommu_domain *domain, unsigned long iova, phys_addr_t phys,
			 size_t page_size, size_t pages, int prot, gfp_t gfp, size_t *mapped)
{
	enum dma_data_direction dir = ipu_prot_to_direction(prot);
	struct ipu_domain *dom = to_ipu_domain(domain);
	struct ipu_source source = { .left = pages };
	struct ipu_mmu *mmu = dom->mmu;
	int ret;

	if (!pages || !ipu_range_valid(dom, iova, page_size, pages) || !IS_ALIGNED(phys, page_size))
		return -EINVAL;
	if (!IPU_HAS_DMA_IOVA && phys == IPU_PLANE_TAG)
		return ipu_plane_map_pages(mmu, domain, iova, pages, mapped);

	if (mmu->parent.direct) {
		ret = ipu_mmu_map_for_parent(&mmu->parent, phys, pages * page_size, dir,
					     &source.dma);
		if (ret)
			return ret;
	} else {
		source.run = ipu_run_make(mmu, phys, pages, dir, gfp);
		if (IS_ERR(source.run))
			return PTR_ERR(source.run);
		source.dma = source.run->dma;
	}
	ret = ipu_range_map(dom, iova, pages, &source, gfp);
	if (ret) {
		if (source.run)
			ipu_run_free(mmu, source.run);
		return ret;
	}
	atomic64_add(pages, &mmu->parent.stats->mapped_pages);
	*mapped += pages * page_size;
	return 0;
}

/* ---- the TLB ---- */

/*
 * Let the device see what was written, and the MMU forget what was changed. What waited for that is
 * the caller's to release. Within the domain's lock.
 */
static void ipu_domain_forget(struct ipu_domain *dom, bool always, struct list_head *runs,
			      struct list_head *tables)
{
	ipu_writes_end(dom);
	if (dom->changed || always)
		ipu_mmu_invalidate(dom->mmu, dom->l1->dma);
	dom->changed = false;
	list_splice_init(&dom->old_runs, runs);
	list_splice_init(&dom->old_tables, tables);
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
	ipu_domain_forget(dom, always, &runs, &tables);
	spin_unlock_irqrestore(&dom->lock, flags);

	ipu_runs_free(dom->mmu, &runs);
	ipu_tables_free(&dom->mmu->parent, &tables);
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

/* ---- unmap ---- */

/*
 * Within the domain's lock. Returns how many pages from @iova on were mapped, and are no longer; at
 * most @pages, which are all in one table.
 */
static unsigned int ipu_table_clear(struct ipu_domain *dom, unsigned long iova, unsigned int pages,
				    struct ipu_flush_span *removed)
{
	unsigned int index = ipu_mmu_l1_index(iova), first = ipu_mmu_l2_index(iova), count, i;
	struct ipu_table *table = dom->l2[index];
	struct ipu_mmu *mmu = dom->mmu;

	if (!table)
		return 0;
	for (count = 0; count < pages && ipu_entry_used(dom, table, first + count); count++) {
		struct ipu_run *run = table->runs ? table->runs[first + count] : NULL;

		if (run && !--run->left)
			list_add_tail(&run->node, &dom->old_runs);
	}
	table->used -= count;
	if (table->used) {
		for (i = first; i < first + count; i++)
			WRITE_ONCE(table->entries[i], ipu_mmu_pte_encode(mmu->zeroes->dma));
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
	ipu_flush_span_add(&mmu->parent, removed, index, 1);
	atomic64_dec(&mmu->parent.stats->table_pages);
	return count;
}

/* Up to the first page that is not mapped. Within the domain's lock. Returns how many were. */
static size_t ipu_range_unmap(struct ipu_domain *dom, unsigned long iova, size_t pages)
{
	struct ipu_flush_span removed = { .table = dom->l1 };
	size_t done = 0;

	/* A table that goes must not be one that still waits. */
	ipu_writes_end(dom);
	while (done < pages) {
		unsigned long at = iova + done * IPU_MMU_PAGE_SIZE;
		unsigned int part = ipu_pages_in_table(at, pages - done);
		unsigned int cleared = ipu_table_clear(dom, at, part, &removed);

		done += cleared;
		if (cleared < part)
			break;
	}
	ipu_flush_span_end(&dom->mmu->parent, &removed);
	dom->changed |= done;
	atomic64_sub(done, &dom->mmu->parent.stats->mapped_pages);
	return done;
}

static size_t ipu_unmap_pages(struct iommu_domain *domain, unsigned long iova, size_t page_size,
			      size_t pages, struct iommu_iotlb_gather *gather)
{
	struct ipu_domain *dom = to_ipu_domain(domain);
	unsigned long flags;
	size_t done;

	if (!ipu_range_valid(dom, iova, page_size, pages))
		return 0;

	spin_lock_irqsave(&dom->lock, flags);
	done = ipu_range_unmap(dom, iova, pages);
	spin_unlock_irqrestore(&dom->lock, flags);
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

/* ---- planes ---- */

/*
 * Addresses of the PCI function for all of a table's entries but the guard's; plain ones need
 * nothing but that the highest of them can be used.
 */
static int ipu_source_open(struct ipu_domain *dom, struct ipu_source *source, struct sg_table *sgt,
			   enum dma_data_direction dir)
{
	struct scatterlist *sg, *highest = NULL;
	struct ipu_mmu *mmu = dom->mmu;
	struct ipu_run *run = NULL;
	phys_addr_t end = 0;
	dma_addr_t dma;
	unsigned int i;

	for_each_sgtable_sg(sgt, sg, i) {
		phys_addr_t phys = ipu_sg_first_page(sg);
		size_t pages = ipu_sg_pages(sg);

		if (mmu->parent.plain) {
			/* User memory may have the same page in several runs. */
			if (phys + pages * IPU_MMU_PAGE_SIZE > end) {
				end = phys + pages * IPU_MMU_PAGE_SIZE;
				highest = sg;
			}
			continue;
		}
		if (ipu_is_guard(mmu, phys))
			continue;
		if (run && pages == 1 && ipu_run_is_page(run, phys)) {
			run->left++;
			continue;
		}
		run = ipu_run_make(mmu, phys, pages, dir, GFP_KERNEL);
		if (IS_ERR(run)) {
			ipu_runs_free(mmu, &source->runs);
			return PTR_ERR(run);
		}
		list_add_tail(&run->node, &source->runs);
	}
	if (!highest)
		return 0;
	return ipu_mmu_map_for_parent(&mmu->parent, ipu_sg_first_page(highest),
				      ipu_sg_pages(highest) * IPU_MMU_PAGE_SIZE, dir, &dma);
}

/* The tables have them now; where those keep none, they are of no use any more. */
static void ipu_source_close(const struct ipu_domain *dom, struct ipu_source *source)
{
	struct ipu_run *run, *next;

	list_for_each_entry_safe(run, next, &source->runs, node) {
		list_del_init(&run->node);
		if (dom->mmu->parent.direct)
			kfree(run);
	}
}

/**
 * ipu_domain_map_table() - map all of a table's runs, one behind the other
 * @domain: Of an MMU of ours.
 * @iova: Where to: a range that is nobody else's, page-aligned.
 * @sgt: The table. Its entries begin and end at pages' borders, but for the first one's start and
 *	the end of the last one, or of the one before the guard.
 * @pages: How many pages that is.
 * @dir: What the device will do.
 *
 * All or nothing. The device sees it when this returns.
 *
 * Context: Process context.
 * Return: 0; -ENOMEM; -EADDRINUSE if something is mapped there; see ipu_mmu_map_for_parent().
 */
int ipu_domain_map_table(struct iommu_domain *domain, unsigned long iova, struct sg_table *sgt,
			 size_t pages, enum dma_data_direction dir)
{
	struct ipu_domain *dom = to_ipu_domain(domain);
	struct ipu_mmu *mmu = dom->mmu;
	struct ipu_source source = { .sg = sgt->sgl, .runs = LIST_HEAD_INIT(source.runs) };
	int ret;

	/* As by the core, see ipu_prot_to_direction(). */
	if (dir != DMA_TO_DEVICE)
		dir = DMA_BIDIRECTIONAL;
	ret = ipu_source_open(dom, &source, sgt, dir);
	if (ret)
		return ret;
	ret = ipu_range_map(dom, iova, pages, &source, GFP_KERNEL);
	if (ret) {
		ipu_runs_free(mmu, &source.runs);
		return ret;
	}
	ipu_source_close(dom, &source);
	atomic64_add(pages, &mmu->parent.stats->mapped_pages);
	ipu_domain_sync(dom, false);
	return 0;
}
EXPORT_SYMBOL_IPU_TEST(ipu_domain_map_table);

/**
 * ipu_domain_unmap() - undo ipu_domain_map_table()
 * @domain: The domain.
 * @iova: Where.
 * @pages: How many pages.
 *
 * When it returns, the MMU has forgotten them, and the PCI function does not reach them any more.
 *
 * Context: Process context.
 */
void ipu_domain_unmap(struct iommu_domain *domain, unsigned long iova, size_t pages)
{
	struct ipu_domain *dom = to_ipu_domain(domain);
	unsigned long flags;
	LIST_HEAD(tables);
	LIST_HEAD(runs);

	/* Within one lock, so that nobody else takes the runs along. */
	spin_lock_irqsave(&dom->lock, flags);
	WARN_ON(ipu_range_unmap(dom, iova, pages) != pages);
	ipu_domain_forget(dom, false, &runs, &tables);
	spin_unlock_irqrestore(&dom->lock, flags);

	ipu_runs_free(dom->mmu, &runs);
	ipu_tables_free(&dom->mmu->parent, &tables);
}
EXPORT_SYMBOL_IPU_TEST(ipu_domain_unmap);

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
	dom->added.table = dom->l1;
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
