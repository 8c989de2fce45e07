// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two CPUs map and unmap within the same second-level tables, which come and go all the time.
 */
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/prandom.h>

#include "rig.h"
#include "suites.h"
#include "walker.h"

#define ORDER 3
#define WORKERS 2
#define SLOTS 6
#define STEPS 4000
#define DUELS 3000
/* A slot of a run and a gap; workers take turns, and the slots lie over the edge of two tables. */
#define SLOT (16 * 4096)

/**
 * struct worker - who maps and unmaps
 * @t: The test.
 * @rig: The MMU, shared.
 * @index: Which one.
 * @pages: Its pages.
 * @powered: The hardware has power all the time, so unmapping must have invalidated.
 * @other: The other one, for a duel.
 * @step: The step of a duel that it has come to.
 * @done: It has finished, with nothing left mapped.
 */
struct worker {
	struct ktest *t;
	struct ktest_rig *rig;
	unsigned int index;
	struct page *pages;
	bool powered;
	struct worker *other;
	atomic_t step;
	struct completion done;
};

static u32 slot_iova(const struct worker *w, unsigned int slot)
{
	return 0x10000000 - SLOTS * WORKERS / 2 * SLOT + (slot * WORKERS + w->index) * SLOT;
}

static void worker_map(struct worker *w, u32 iova, unsigned int count)
{
	phys_addr_t phys = page_to_phys(w->pages);
	int before = ktest_invalidates(w->rig);
	unsigned int i;

	KTEST_EQ(w->t, iommu_map(w->rig->domain, iova, phys, count * 4096, KTEST_PROT, GFP_KERNEL),
		 0);
	for (i = 0; i < count; i++)
		KTEST_EQ(w->t, ktest_walk_phys(w->rig->l1, iova + i * 4096), phys + i * 4096);
	if (w->powered)
		KTEST_EXPECT(w->t, ktest_invalidates(w->rig) != before);
}

static void worker_unmap(struct worker *w, u32 iova, unsigned int count)
{
	phys_addr_t phys = page_to_phys(w->pages);
	unsigned int i;
	int before;

	/* Undisturbed by what the other did meanwhile. */
	for (i = 0; i < count; i++)
		KTEST_EQ(w->t, ktest_walk_phys(w->rig->l1, iova + i * 4096), phys + i * 4096);
	before = ktest_invalidates(w->rig);
	KTEST_EQ(w->t, iommu_unmap(w->rig->domain, iova, count * 4096), count * 4096);
	if (w->powered)
		KTEST_EXPECT(w->t, ktest_invalidates(w->rig) != before);
	KTEST_EQ(w->t, iommu_iova_to_phys(w->rig->domain, iova), 0);
}

static int work(void *data)
{
	unsigned int length[SLOTS] = {}, step, slot;
	struct worker *w = data;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 4 + w->index);
	for (step = 0; step < STEPS && !READ_ONCE(w->t->failed); step++) {
		slot = prandom_u32_state(&rnd) % SLOTS;
		if (length[slot]) {
			worker_unmap(w, slot_iova(w, slot), length[slot]);
			length[slot] = 0;
		} else {
			length[slot] = 1 + prandom_u32_state(&rnd) % (1 << ORDER);
			worker_map(w, slot_iova(w, slot), length[slot]);
		}
		cond_resched();
	}
	for (slot = 0; slot < SLOTS; slot++)
		if (length[slot])
			worker_unmap(w, slot_iova(w, slot), length[slot]);
	/* Not in this module any more when the other side goes on. */
	kthread_complete_and_exit(&w->done, 0);
}

/* Both go on at the same moment. Returns false if the other has given up. */
static bool meet(struct worker *w, int step)
{
	atomic_set(&w->step, step);
	while (atomic_read(&w->other->step) < step) {
		if (READ_ONCE(w->t->failed))
			return false;
		cpu_relax();
		cond_resched();
	}
	return true;
}

/*
 * One maps while the other unmaps the last page of the same table, and so on in turns: the table is
 * about to go, and must not take the new page along.
 */
static int duel(void *data)
{
	const u32 iova_of[WORKERS] = { 0x30000000, 0x30010000 };
	struct worker *w = data;
	phys_addr_t phys = page_to_phys(w->pages);
	u32 iova = iova_of[w->index];
	struct rnd_state rnd;
	bool mapped = false;
	unsigned int pause;
	int step;

	prandom_seed_state(&rnd, 6 + w->index);
	for (step = 0; step < DUELS; step++) {
		if (!meet(w, 2 * step + 1))
			break;
		for (pause = prandom_u32_state(&rnd) % 64; pause; pause--)
			cpu_relax();
		if (mapped)
			KTEST_EQ(w->t, iommu_unmap(w->rig->domain, iova, 4096), 4096);
		else if (step % WORKERS == w->index)
			KTEST_EQ(w->t,
				 iommu_map(w->rig->domain, iova, phys, 4096, KTEST_PROT,
					   GFP_KERNEL),
				 0);
		mapped = !mapped && step % WORKERS == w->index;
		if (!meet(w, 2 * step + 2))
			break;
		KTEST_EQ(w->t, ktest_walk_phys(w->rig->l1, iova),
			 mapped ? phys : ktest_walk_phys(w->rig->l1, 0));
		KTEST_EQ(w->t, iommu_iova_to_phys(w->rig->domain, iova), mapped ? phys : 0);
		/* Before the other maps or unmaps again, nobody else changes these. */
		KTEST_EQ(w->t, ktest_mapped(w->rig), 1);
		KTEST_EQ(w->t, ktest_tables(w->rig), 1);
	}
	/* The other one has looked, too, unless it has given up. */
	meet(w, 2 * DUELS + 1);
	if (mapped)
		KTEST_EQ(w->t, iommu_unmap(w->rig->domain, iova, 4096), 4096);
	/* Not in this module any more when the other side goes on. */
	kthread_complete_and_exit(&w->done, 0);
}

static void race(struct ktest *t, int (*what)(void *worker), bool powered)
{
	struct worker workers[WORKERS] = {};
	struct task_struct *tasks[WORKERS];
	unsigned int i, ready = 0;
	struct ktest_rig rig;
	int cpu = -1;

	if (num_online_cpus() < WORKERS) {
		t->skip = "needs two CPUs";
		return;
	}
	if (!ktest_rig_open(t, &rig, true))
		return;
	for (i = 0; i < WORKERS; i++) {
		struct worker *w = &workers[i];

		*w = (struct worker){ .t = t, .rig = &rig, .index = i, .powered = powered };
		w->other = &workers[(i + 1) % WORKERS];
		init_completion(&w->done);
		w->pages = alloc_pages(GFP_KERNEL | GFP_DMA32, ORDER);
		if (!KTEST_EXPECT(t, w->pages))
			break;
		cpu = cpumask_next(cpu, cpu_online_mask);
		tasks[i] = kthread_create_on_cpu(what, w, cpu, "ipu-ktest/%u");
		if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(tasks[i]), 0))
			break;
		ready++;
	}
	/* All or none: a duel needs both. One that never ran ends without having run. */
	for (i = 0; i < ready; i++) {
		if (ready == WORKERS)
			wake_up_process(tasks[i]);
		else
			kthread_stop(tasks[i]);
	}
	for (i = 0; ready == WORKERS && i < WORKERS; i++) {
		if (powered)
			wait_for_completion(&workers[i].done);
		/*
		 * The hardware comes and goes meanwhile, in the middle of whatever the workers do.
		 */
		while (!powered && !try_wait_for_completion(&workers[i].done)) {
			ktest_rig_power(&rig, false);
			cond_resched();
			ktest_rig_power(&rig, true);
			cond_resched();
		}
	}
	for (i = 0; i < WORKERS; i++)
		if (workers[i].pages)
			__free_pages(workers[i].pages, ORDER);
	ktest_rig_close(t, &rig);
}

static void race_map_unmap(struct ktest *t)
{
	race(t, work, true);
}

static void race_last_page(struct ktest *t)
{
	race(t, duel, true);
}

static void race_power(struct ktest *t)
{
	race(t, work, false);
}

static const struct ktest_case cases[] = {
	{ "map_unmap", race_map_unmap },
	{ "last_page", race_last_page },
	{ "power", race_power },
	{}
};

const struct ktest_suite ktest_race_suite = { "race", cases };
