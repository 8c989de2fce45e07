// SPDX-License-Identifier: GPL-2.0-only
/*
 * One MMU's tie to the hardware: nothing is accessed without power, and what the hardware lost with
 * it is restored.
 */
#include <linux/atomic.h>
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
 * Context: Any.
 */
void ipu_mmu_use_l1(struct ipu_mmu *mmu, dma_addr_t l1)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&mmu->lock, flags);
	mmu->l1 = l1;
	if (mmu->powered)
		ipu_mmu_load(mmu);
	raw_spin_unlock_irqrestore(&mmu->lock, flags);
}

/**
 * ipu_mmu_power_on() - the hardware has power, with nothing of its state left
 * @mmu: The MMU.
 *
 * Context: Any.
 */
void ipu_mmu_power_on(struct ipu_mmu *mmu)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&mmu->lock, flags);
	mmu->powered = true;
	ipu_mmu_load(mmu);
	raw_spin_unlock_irqrestore(&mmu->lock, flags);
}
EXPORT_SYMBOL_IPU_TEST(ipu_mmu_power_on);

/**
 * ipu_mmu_power_off() - the hardware is about to lose power
 * @mmu: The MMU.
 *
 * Context: Any. When it returns, no call of the hardware's operations is under way.
 */
void ipu_mmu_power_off(struct ipu_mmu *mmu)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&mmu->lock, flags);
	mmu->powered = false;
	raw_spin_unlock_irqrestore(&mmu->lock, flags);
}
EXPORT_SYMBOL_IPU_TEST(ipu_mmu_power_off);
