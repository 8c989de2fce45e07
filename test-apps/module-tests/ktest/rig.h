/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An MMU with hardware that only takes notes.
 */
#ifndef KTEST_RIG_H
#define KTEST_RIG_H

#include <linux/atomic.h>
#include <linux/iommu.h>
#include <linux/types.h>

#include "ipu-mmu.h"
#include "ktap.h"
#include "stats.h"

struct ipu_mmu_hw_ops;

/**
 * struct ktest_rig - the MMU, and the hardware's notes
 * @stats: The MMU's counters.
 * @mmu: The MMU.
 * @dev: The device behind it.
 * @domain: What translates for @dev.
 * @powered: Whether registers can be accessed.
 * @l1: What was set last.
 * @remembers: It was set after the last invalidation, so translations by an earlier one may still
 * be cached.
 * @set_l1s: Calls so far.
 * @invalidates: Calls so far.
 * @while_off: Calls without power, each of them an error.
 * @halted: The device makes no accesses.
 * @goes_on: It cannot be halted.
 * @halts: Calls so far.
 * @awake: Calls of set_l1 while not @halted, and of unhalt while it @remembers, by
 *	%ktest_halting_ops: each of them an error.
 * @hook: Called for each invalidation, if not %NULL, with interrupts off.
 * @hook_data: For @hook.
 */
struct ktest_rig {
	struct ipu_stats stats;
	struct ipu_mmu *mmu;
	struct device *dev;
	struct iommu_domain *domain;
	bool powered;
	dma_addr_t l1;
	bool remembers;
	atomic_t set_l1s;
	atomic_t invalidates;
	atomic_t while_off;
	bool halted;
	bool goes_on;
	unsigned int halts;
	unsigned int awake;
	void (*hook)(struct ktest_rig *rig);
	void *hook_data;
};

extern const struct ipu_mmu_hw_ops ktest_hw_ops;
extern const struct ipu_mmu_hw_ops ktest_halting_ops;

bool ktest_rig_open_with(struct ktest *t, struct ktest_rig *rig, bool noncoherent,
			 const struct ipu_mmu_hw_ops *ops);
bool ktest_rig_open(struct ktest *t, struct ktest_rig *rig, bool noncoherent);
void ktest_rig_close(struct ktest *t, struct ktest_rig *rig);
void ktest_rig_power(struct ktest_rig *rig, bool on);

/* Shorthands for the numbers that tests look at. */
static inline int ktest_invalidates(struct ktest_rig *rig)
{
	return atomic_read(&rig->invalidates);
}

static inline s64 ktest_mapped(struct ktest_rig *rig)
{
	return atomic64_read(&rig->stats.mapped_pages);
}

static inline s64 ktest_tables(struct ktest_rig *rig)
{
	return atomic64_read(&rig->stats.table_pages);
}

#define KTEST_PROT (IOMMU_READ | IOMMU_WRITE)

#endif /* KTEST_RIG_H */
