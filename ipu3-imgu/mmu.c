// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is the ImgU's own about its MMU: its registers, and the gate between it and memory, which is
 * closed around a change of the first-level table. The memory backend does the rest.
 */
#include <linux/pci.h>
#include <media/vb2-ipu-iommu.h>

#include "ipu3-imgu.h"

#define IMGU_PAGE_SHIFT	12

/**
 * imgu_mmu_gate() - close or open the gate between the MMU and memory
 * @imgu: The device, with power.
 * @closed: Close it.
 *
 * Context: Process context; waits for up to 100 ms.
 * Return: 0; or what imgu_power_wait() said, and the log says so, too.
 */
int imgu_mmu_gate(struct imgu_device *imgu, bool closed)
{
	int ret;

	imgu_write(imgu, IMGU_GP_HALT, closed);
	ret = imgu_power_wait(imgu, IMGU_GP_HALTED, IMGU_GP_HALTED_STATUS, closed);
	if (ret)
		dev_err(imgu_dev(imgu), "the gate to memory does not %s: %pe\n",
			closed ? "close" : "open", ERR_PTR(ret));
	return ret;
}

static int imgu_mmu_halt(void *hw)
{
	return imgu_mmu_gate(hw, true);
}

static void imgu_mmu_unhalt(void *hw)
{
	imgu_mmu_gate(hw, false);
}

static void imgu_mmu_set_l1(void *hw, dma_addr_t l1)
{
	imgu_write(hw, IMGU_L1_PAGE, l1 >> IMGU_PAGE_SHIFT);
}

/* The read ends once the write has arrived. */
static void imgu_mmu_invalidate(void *hw)
{
	imgu_write(hw, IMGU_TLB_INVALIDATE, 1);
	imgu_read(hw, IMGU_TLB_INVALIDATE);
}

const struct ipu_mmu_hw_ops imgu_mmu_ops = {
	.halt = imgu_mmu_halt,
	.unhalt = imgu_mmu_unhalt,
	.set_l1 = imgu_mmu_set_l1,
	.invalidate = imgu_mmu_invalidate,
};
