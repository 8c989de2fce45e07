// SPDX-License-Identifier: GPL-2.0-only
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <media/vb2-ipu-iommu.h>

#include "parent.h"
#include "rig.h"

static void ktest_set_l1(void *hw, dma_addr_t l1)
{
	struct ktest_rig *rig = hw;

	if (!READ_ONCE(rig->powered))
		atomic_inc(&rig->while_off);
	rig->l1 = l1;
	WRITE_ONCE(rig->remembers, true);
	atomic_inc(&rig->set_l1s);
}

static void ktest_invalidate(void *hw)
{
	struct ktest_rig *rig = hw;

	if (!READ_ONCE(rig->powered))
		atomic_inc(&rig->while_off);
	WRITE_ONCE(rig->remembers, false);
	atomic_inc(&rig->invalidates);
	if (rig->hook)
		rig->hook(rig);
}

const struct ipu_mmu_hw_ops ktest_hw_ops = {
	.set_l1 = ktest_set_l1,
	.invalidate = ktest_invalidate,
};

/* Of hardware that must be halted around a change of its first level. */

static int halting_halt(void *hw)
{
	struct ktest_rig *rig = hw;

	might_sleep();
	rig->halts++;
	rig->halted = !rig->goes_on;
	return rig->goes_on ? -ETIMEDOUT : 0;
}

static void halting_unhalt(void *hw)
{
	struct ktest_rig *rig = hw;

	might_sleep();
	rig->awake += rig->remembers;
	rig->halted = false;
}

static void halting_set_l1(void *hw, dma_addr_t l1)
{
	struct ktest_rig *rig = hw;

	rig->awake += !rig->halted;
	ktest_set_l1(hw, l1);
}

const struct ipu_mmu_hw_ops ktest_halting_ops = {
	.halt = halting_halt,
	.unhalt = halting_unhalt,
	.set_l1 = halting_set_l1,
	.invalidate = ktest_invalidate,
};

/**
 * ktest_rig_power() - switch the hardware on or off
 * @rig: The MMU.
 * @on: Whether it gets power.
 *
 * Context: Process context.
 */
void ktest_rig_power(struct ktest_rig *rig, bool on)
{
	if (on) {
		WRITE_ONCE(rig->powered, true);
		ipu_mmu_power_on(rig->mmu);
	} else {
		ipu_mmu_power_off(rig->mmu);
		WRITE_ONCE(rig->powered, false);
	}
}

/**
 * ktest_rig_open() - make an MMU and switch it on
 * @t: The test, which fails if that does.
 * @rig: The MMU.
 * @noncoherent: Whether it looks past the CPU's caches.
 *
 * Context: Process context.
 * Return: Whether there is one.
 */
bool ktest_rig_open(struct ktest *t, struct ktest_rig *rig, bool noncoherent)
{
	return ktest_rig_open_with(t, rig, noncoherent, &ktest_hw_ops);
}

/**
 * ktest_rig_open_with() - make an MMU with hardware of another kind, and switch it on
 * @t: The test, which fails if that does.
 * @rig: The MMU.
 * @noncoherent: Whether it looks past the CPU's caches.
 * @ops: The hardware: %ktest_hw_ops or %ktest_halting_ops.
 *
 * Context: Process context.
 * Return: Whether there is one.
 */
bool ktest_rig_open_with(struct ktest *t, struct ktest_rig *rig, bool noncoherent,
			 const struct ipu_mmu_hw_ops *ops)
{
	const struct vb2_ipu_device_config config = {
		.name = "ktest",
		.mmu_ops = ops,
		.hw = rig,
		.noncoherent_tables = noncoherent,
		.noncoherent_buffers = noncoherent,
	};

	memset(rig, 0, sizeof(*rig));
	rig->mmu = ipu_mmu_create(ktest_parent(), &config, &rig->stats);
	if (!KTEST_EQ(t, PTR_ERR_OR_ZERO(rig->mmu), 0))
		return false;
	rig->dev = ipu_mmu_translated_device(rig->mmu);
	rig->domain = iommu_get_domain_for_dev(rig->dev);
	/* As the backend does. */
	dma_set_max_seg_size(rig->dev, UINT_MAX);
	KTEST_EQ(t, atomic_read(&rig->set_l1s) + ktest_invalidates(rig), 0);
	ktest_rig_power(rig, true);
	KTEST_EQ(t, atomic_read(&rig->set_l1s), 1);
	KTEST_EQ(t, ktest_invalidates(rig), 1);
	KTEST_EXPECT(t, !rig->remembers);
	return true;
}

/**
 * ktest_rig_close() - end an MMU, which must not have anything left
 * @t: The test, which fails if it has.
 * @rig: The MMU.
 *
 * Context: Process context.
 */
void ktest_rig_close(struct ktest *t, struct ktest_rig *rig)
{
	KTEST_EQ(t, ktest_mapped(rig), 0);
	KTEST_EQ(t, ktest_tables(rig), 0);
	rig->hook = NULL;
	ktest_rig_power(rig, false);
	ipu_mmu_destroy(rig->mmu);
	KTEST_EQ(t, ktest_mapped(rig), 0);
	KTEST_EQ(t, ktest_tables(rig), 0);
	KTEST_EQ(t, atomic_read(&rig->while_off), 0);
	KTEST_EXPECT(t, !rig->remembers);
	KTEST_EQ(t, atomic64_read(&rig->stats.tlb_invalidates), ktest_invalidates(rig));
}
