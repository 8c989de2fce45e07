// SPDX-License-Identifier: GPL-2.0-only
/*
 * One MMU's tie to the hardware: nothing is accessed without power, and what the hardware lost with
 * it is restored.
 */
#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <media/vb2-ipu-iommu.h>

#include "compat.h"
#include "ipu-mmu-hw.h"
#include "ipu-mmu-power.h"

/**
 * ipu_mmu_invalidate() - make the hardware forget all translations
 * @mmu: The MMU. Nothing is done while it has no power: it then knows none.
 * @l1: The first-level table that has changed. Nothing is done if another one is in use: it then
 *	was forgotten.
 *
 * Context: Any.
 */
void ipu_mmu_invalidate(struct ipu_mmu *mmu, dma_addr_t l1)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&mmu->lock, flags);
	if (mmu->powered && mmu->l1 == l1) {
		mmu->ops->invalidate(mmu->hw);
		atomic64_inc(&mmu->parent.stats->tlb_invalidates);
	}
	raw_spin_unlock_irqrestore(&mmu->lock, flags);
}

/* Within the lock that serialises changes. */
static int ipu_mmu_halt(struct ipu_mmu *mmu)
{
	return mmu->ops->halt ? mmu->ops->halt(mmu->hw) : 0;
}

static void ipu_mmu_unhalt(struct ipu_mmu *mmu)
{
	if (mmu->ops->unhalt)
		mmu->ops->unhalt(mmu->hw);
}

/* Within the MMU's lock. */
static void ipu_mmu_load(struct ipu_mmu *mmu)
{
	mmu->ops->set_l1(mmu->hw, mmu->l1);
	mmu->ops->invalidate(mmu->hw);
	atomic64_inc(&mmu->parent.stats->tlb_invalidates);
}

/**
 * ipu_mmu_use_l1() - translate by another first-level table
 * @mmu: The MMU.
 * @l1: The table's address for the PCI function.
 *
 * A device that cannot be halted gets the table all the same: the one before it may be about to be
 * freed.
 *
 * Context: Process context.
 */
void ipu_mmu_use_l1(struct ipu_mmu *mmu, dma_addr_t l1)
{
	unsigned long flags;
	bool powered;

	mutex_lock(&mmu->change);
	/* Only changes change it. */
	powered = mmu->powered;
	if (powered && ipu_mmu_halt(mmu))
		atomic64_inc(&mmu->parent.stats->faults);
	raw_spin_lock_irqsave(&mmu->lock, flags);
	mmu->l1 = l1;
	if (powered)
		ipu_mmu_load(mmu);
	raw_spin_unlock_irqrestore(&mmu->lock, flags);
	if (powered)
		ipu_mmu_unhalt(mmu);
	mutex_unlock(&mmu->change);
}

/**
 * ipu_mmu_power_on() - the hardware has power, with nothing of its state left
 * @mmu: The MMU.
 *
 * Context: Process context.
 * Return: 0; what &ipu_mmu_hw_ops.halt returned: then nothing was set, and the hardware is left
 * alone as if it had no power.
 */
int ipu_mmu_power_on(struct ipu_mmu *mmu)
{
	unsigned long flags;
	int ret;

	mutex_lock(&mmu->change);
	ret = ipu_mmu_halt(mmu);
	if (!ret) {
		raw_spin_lock_irqsave(&mmu->lock, flags);
		mmu->powered = true;
		ipu_mmu_load(mmu);
		raw_spin_unlock_irqrestore(&mmu->lock, flags);
	} else {
		atomic64_inc(&mmu->parent.stats->faults);
	}
	ipu_mmu_unhalt(mmu);
	mutex_unlock(&mmu->change);
	return ret;
}
EXPORT_SYMBOL_IPU_TEST(ipu_mmu_power_on);

/**
 * ipu_mmu_power_off() - the hardware is about to lose power
 * @mmu: The MMU.
 *
 * Context: Process context. When it returns, no call of the hardware's operations is under way.
 * Return: Whether it had power.
 */
bool ipu_mmu_power_off(struct ipu_mmu *mmu)
{
	unsigned long flags;
	bool powered;

	mutex_lock(&mmu->change);
	raw_spin_lock_irqsave(&mmu->lock, flags);
	powered = mmu->powered;
	mmu->powered = false;
	raw_spin_unlock_irqrestore(&mmu->lock, flags);
	mutex_unlock(&mmu->change);
	return powered;
}
EXPORT_SYMBOL_IPU_TEST(ipu_mmu_power_off);
