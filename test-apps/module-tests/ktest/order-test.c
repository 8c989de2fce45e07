// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the device finds in memory, not in the caches: a shadow of the tables that only flushes
 * bring up to date. And what must be done before what.
 */
#include <linux/bitops.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <asm/processor.h>

#include "dma-address.h"
#include "flushes.h"
#include "parent.h"
#include "rig.h"
#include "suites.h"
#include "walker.h"

#define ORDER 3
#define RUN (4096UL << ORDER)
#define SHADOWS 16

/**
 * struct shadow - memory, as far as flushes tell
 * @rig: The MMU.
 * @pages: Pages of tables that were flushed, as the CPU sees them.
 * @copies: What of them is in memory.
 * @count: How many.
 * @lost: Flushes of more pages than there is room for.
 * @early: New tables that the first level led to before they were in memory.
 * @behind: Invalidations at which memory did not have what was written to a table.
 * @invalidates: All of them.
 */
struct shadow {
	struct ktest_rig *rig;
	const u8 *pages[SHADOWS];
	u8 *copies[SHADOWS];
	unsigned int count;
	unsigned int lost;
	unsigned int early;
	unsigned int behind;
	unsigned int invalidates;
};

static bool led_to(struct shadow *s, const void *page)
{
	dma_addr_t table;
	u32 at;

	for (at = 0; at < 4; at++)
		if (!ktest_walk_table(s->rig->l1, at * 0x400000, &table) &&
		    ipu_dma_to_phys(ktest_parent(), table) == virt_to_phys((void *)page))
			return true;
	return false;
}

static void shadow_flush(void *data, const void *vaddr, size_t size)
{
	const u8 *page = (const u8 *)ALIGN_DOWN((unsigned long)vaddr, 4096);
	size_t line = boot_cpu_data.x86_clflush_size;
	size_t first = ALIGN_DOWN(offset_in_page(vaddr), line),
	       end = ALIGN(offset_in_page(vaddr) + size, line);
	struct shadow *s = data;
	unsigned int i;

	for (i = 0; i < s->count && s->pages[i] != page; i++)
		;
	if (i == SHADOWS || end > 4096) {
		s->lost++;
		return;
	}
	if (i == s->count) {
		s->pages[i] = page;
		s->early += s->rig->l1 && led_to(s, page);
		s->count++;
	}
	memcpy(s->copies[i] + first, page + first, end - first);
}

static void shadow_compare(struct ktest_rig *rig)
{
	struct shadow *s = rig->hook_data;
	bool behind = false;
	unsigned int i;

	for (i = 0; i < s->count; i++)
		behind |= memcmp(s->copies[i], s->pages[i], 4096) != 0;
	s->behind += behind;
	s->invalidates++;
}

static void shadow_free(struct shadow *s)
{
	unsigned int i;

	for (i = 0; i < SHADOWS; i++)
		free_page((unsigned long)s->copies[i]);
}

static bool shadow_init(struct ktest *t, struct shadow *s, struct ktest_rig *rig)
{
	unsigned int i;

	*s = (struct shadow){ .rig = rig };
	for (i = 0; i < SHADOWS; i++) {
		s->copies[i] = (u8 *)get_zeroed_page(GFP_KERNEL);
		if (!KTEST_EXPECT(t, s->copies[i]))
			return false;
		/* What nobody flushed is in memory as nobody wrote it. */
		memset(s->copies[i], 0xdb, 4096);
	}
	return true;
}

static void order_tables_are_in_memory(struct ktest *t)
{
	struct page *pages = alloc_pages(GFP_KERNEL | GFP_DMA32, ORDER);
	struct ktest_rig rig = {};
	struct ktest_watcher watcher;
	struct shadow shadow;
	u32 *l1;

	watcher = (struct ktest_watcher){ .flush = shadow_flush, .data = &shadow };
	if (!KTEST_EXPECT(t, pages) || !shadow_init(t, &shadow, &rig) ||
	    !ktest_watch_flushes(t, &watcher))
		goto out;
	if (!ktest_rig_open(t, &rig, true))
		goto ignore;
	/* The page of zeroes, the empty tables, and the domain's first level. */
	KTEST_EQ(t, shadow.count, 4);
	rig.hook_data = &shadow;
	rig.hook = shadow_compare;
	/* Two new tables, then entries in them, then their end. */
	KTEST_EQ(t,
		 iommu_map(rig.domain, 0x3fe000, page_to_phys(pages), RUN, KTEST_PROT, GFP_KERNEL),
		 0);
	KTEST_EQ(t, shadow.count, 6);
	KTEST_EQ(t,
		 iommu_map(rig.domain, 0x3f0000, page_to_phys(pages), 4096, KTEST_PROT, GFP_KERNEL),
		 0);
	KTEST_EQ(t, shadow.behind, 0);
	/* Negative control: a store that nobody flushes is missed. */
	l1 = phys_to_virt(ipu_dma_to_phys(ktest_parent(), rig.l1));
	l1[1023] ^= 1;
	iommu_flush_iotlb_all(rig.domain);
	l1[1023] ^= 1;
	KTEST_EQ(t, shadow.behind, 1);
	shadow.behind = 0;
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x3f0000, 4096), 4096);
	KTEST_EQ(t, iommu_unmap(rig.domain, 0x3fe000, RUN), RUN);
	KTEST_EQ(t, shadow.early, 0);
	KTEST_EQ(t, shadow.lost, 0);
	KTEST_EQ(t, shadow.invalidates, 5);
	KTEST_EQ(t, shadow.behind, 0);
	rig.hook = NULL;
	ktest_rig_close(t, &rig);
ignore:
	ktest_ignore_flushes();
out:
	shadow_free(&shadow);
	if (pages)
		__free_pages(pages, ORDER);
}

static void order_whoever_asks_gets_an_invalidate(struct ktest *t)
{
	struct ktest_rig rig;
	int before;

	if (!ktest_rig_open(t, &rig, true))
		return;
	before = ktest_invalidates(&rig);
	iommu_flush_iotlb_all(rig.domain);
	KTEST_EQ(t, ktest_invalidates(&rig) - before, 1);
	ktest_rig_close(t, &rig);
}

/*
 * struct wait_for - one CPU invalidates, and another one must not go on meanwhile
 * @rig: The MMU.
 * @ask: What the second CPU does.
 * @inside: The first CPU: 0 before the invalidation, 1 in it, 2 after it.
 * @asked: The second one is about to do it.
 * @answered: It has done it.
 * @early: The second one has done it before the first one came out.
 * @done: The second one has ended.
 */
struct wait_for {
	struct ktest_rig *rig;
	void (*ask)(struct ktest_rig *rig);
	int inside;
	int asked;
	int answered;
	bool early;
	struct completion done;
};

static void slow_invalidate(struct ktest_rig *rig)
{
	struct wait_for *w = rig->hook_data;
	unsigned int i;

	WRITE_ONCE(w->inside, 1);
	/* The other one gets the time to ask, and to be answered too early. */
	for (i = 0; i < 1000000 && !READ_ONCE(w->asked); i++)
		udelay(1);
	for (i = 0; i < 100000 && !READ_ONCE(w->answered); i++)
		udelay(1);
	WRITE_ONCE(w->inside, 2);
}

static int ask_meanwhile(void *data)
{
	struct wait_for *w = data;

	while (!READ_ONCE(w->inside))
		cpu_relax();
	WRITE_ONCE(w->asked, 1);
	w->ask(w->rig);
	w->early = READ_ONCE(w->inside) != 2;
	WRITE_ONCE(w->answered, 1);
	/* Not in this module any more when the other side goes on. */
	kthread_complete_and_exit(&w->done, 0);
}

static void expect_wait(struct ktest *t, struct ktest_rig *rig, void (*ask)(struct ktest_rig *rig))
{
	struct page *page = alloc_page(GFP_KERNEL | GFP_DMA32);
	struct wait_for w = { .rig = rig, .ask = ask };
	struct task_struct *task;

	if (!KTEST_EXPECT(t, page))
		return;
	init_completion(&w.done);
	task = kthread_create(ask_meanwhile, &w, "ktest-ask");
	if (KTEST_EQ(t, PTR_ERR_OR_ZERO(task), 0)) {
		/* Beside each other, or it would be asked when all is over. */
		migrate_disable();
		kthread_bind(task, cpumask_any_but(cpu_online_mask, raw_smp_processor_id()));
		rig->hook_data = &w;
		rig->hook = slow_invalidate;
		wake_up_process(task);
		KTEST_EQ(t,
			 iommu_map(rig->domain, 0x1000, page_to_phys(page), 4096, KTEST_PROT,
				   GFP_ATOMIC),
			 0);
		rig->hook = NULL;
		migrate_enable();
		wait_for_completion(&w.done);
		KTEST_EXPECT(t, w.asked);
		KTEST_EXPECT(t, !w.early);
		KTEST_EQ(t, iommu_unmap(rig->domain, 0x1000, 4096), 4096);
	}
	__free_page(page);
}

static void ask_for_sync(struct ktest_rig *rig)
{
	struct iommu_iotlb_gather gather;

	iommu_iotlb_gather_init(&gather);
	/* Newer kernels do not ask for a range that is empty. */
	iommu_iotlb_gather_add_range(&gather, 0x2000, 4096);
	iommu_iotlb_sync(rig->domain, &gather);
}

static void ask_for_power_off(struct ktest_rig *rig)
{
	ktest_rig_power(rig, false);
}

static void order_waits_for_an_invalidate(struct ktest *t)
{
	struct ktest_rig rig;

	if (num_online_cpus() < 2) {
		t->skip = "needs two CPUs";
		return;
	}
	if (!ktest_rig_open(t, &rig, true))
		return;
	/* Who is told that there is nothing to do takes it that all is done. */
	expect_wait(t, &rig, ask_for_sync);
	/* Who is told that nobody accesses registers takes the power. */
	expect_wait(t, &rig, ask_for_power_off);
	ktest_rig_close(t, &rig);
}

static const struct ktest_case cases[] = {
	{ "tables_are_in_memory", order_tables_are_in_memory },
	{ "whoever_asks_gets_an_invalidate", order_whoever_asks_gets_an_invalidate },
	{ "waits_for_an_invalidate", order_waits_for_an_invalidate },
	{}
};

const struct ktest_suite ktest_order_suite = { "order", cases };
