// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device's registers.
 */
#include <linux/bitfield.h>
#include <linux/interrupt.h>
#include <linux/moduleparam.h>
#include <media/vb2-ipu-iommu.h>

#include "ipu-dmatest.h"

static bool dmt_deaf;
module_param_named(deaf, dmt_deaf, bool, 0644);
MODULE_PARM_DESC(deaf, "Negative control: from the next power-on the MMU ignores invalidates");

/* ---- the MMU ---- */

static void dmt_mmu_set_l1(void *hw, dma_addr_t l1)
{
	dmt_write(hw, DMT_MMU_L1_BASE, l1 >> DMT_MMU_PAGE_SHIFT);
}

static void dmt_mmu_invalidate(void *hw)
{
	dmt_write(hw, DMT_MMU_TLB_INVALIDATE, DMT_MMU_TLB_INVALIDATE_ALL);
	/*
	 * The write has reached the device, and so has taken effect, when a read after it is
	 * answered.
	 */
	dmt_read(hw, DMT_MMU_TLB_INVALIDATE);
}

const struct ipu_mmu_hw_ops dmt_mmu_ops = {
	.set_l1 = dmt_mmu_set_l1,
	.invalidate = dmt_mmu_invalidate,
};

/* ---- power ---- */

/**
 * dmt_hw_start() - make the device ready after it got power
 * @dmt: The device, with its power-on state.
 *
 * Context: Process context.
 */
void dmt_hw_start(struct dmt_device *dmt)
{
	dmt_write(dmt, DMT_CONTROL,
		  (dmt->bypass ? DMT_CONTROL_BYPASS : 0) | (dmt_deaf ? DMT_CONTROL_DEAF : 0));
	vb2_ipu_device_resume(dmt->vid);
	dmt_write(dmt, DMT_INT_STATUS, DMT_INT_ALL);
	dmt_write(dmt, DMT_INT_ENABLE, DMT_INT_ALL);
}

/**
 * dmt_hw_stop() - end all that the device does, before it loses power
 * @dmt: The device.
 *
 * Context: Process context. When it returns, no interrupt handler is running.
 */
void dmt_hw_stop(struct dmt_device *dmt)
{
	unsigned int i;

	for (i = 0; i < DMT_CHANNELS; i++)
		dmt_write(dmt, DMT_CHANNEL(i) + DMT_CHANNEL_DO,
			  DMT_CHANNEL_DO_ABORT | DMT_CHANNEL_DO_STOP_KEEP);
	dmt_write(dmt, DMT_INT_ENABLE, 0);
	dmt_write(dmt, DMT_INT_STATUS, DMT_INT_ALL);
	dmt_read(dmt, DMT_INT_STATUS);
	synchronize_irq(dmt->irq);
	vb2_ipu_device_suspend(dmt->vid);
}

/* ---- commands ---- */

static u32 dmt_slot(const struct dmt_node *node, unsigned int slot)
{
	return DMT_SLOT(node->channel, slot);
}

/**
 * dmt_hw_submit() - give a command to the device
 * @node: The node whose channel it goes to.
 * @slot: A slot that the device does not have.
 * @command: The command.
 *
 * Context: Process context, within &dmt_node.hw_lock.
 */
void dmt_hw_submit(struct dmt_node *node, unsigned int slot, const struct dmt_command *command)
{
	struct dmt_device *dmt = node->dmt;
	u32 base = dmt_slot(node, slot);

	lockdep_assert_held(&node->hw_lock);
	dmt_write(dmt, base + DMT_SLOT_COMMAND, command->command);
	dmt_write(dmt, base + DMT_SLOT_ADDRESS_LOW, lower_32_bits(command->address));
	dmt_write(dmt, base + DMT_SLOT_ADDRESS_HIGH, upper_32_bits(command->address));
	dmt_write(dmt, base + DMT_SLOT_LINE_BYTES, command->line_bytes);
	dmt_write(dmt, base + DMT_SLOT_LINES, command->lines);
	dmt_write(dmt, base + DMT_SLOT_STRIDE, command->stride);
	dmt_write(dmt, base + DMT_SLOT_FRAME, command->frame);
	dmt_write(dmt, base + DMT_SLOT_DELAY, command->delay_us);
	dmt_write(dmt, base + DMT_SLOT_BEYOND, command->beyond);
	dmt_write(dmt, base + DMT_SLOT_DOORBELL, 1);
}

/**
 * dmt_hw_result() - what became of a command
 * @node: The node.
 * @slot: The slot that it was given in.
 * @result: Where to put it.
 *
 * Context: Process context, within &dmt_node.hw_lock.
 * Return: Whether it is done.
 */
bool dmt_hw_result(struct dmt_node *node, unsigned int slot, struct dmt_result *result)
{
	struct dmt_device *dmt = node->dmt;
	u32 base = dmt_slot(node, slot);
	u32 word;

	lockdep_assert_held(&node->hw_lock);
	word = dmt_read(dmt, base + DMT_SLOT_RESULT);
	if (FIELD_GET(DMT_RESULT_STATE, word) != DMT_STATE_DONE)
		return false;
	result->code = FIELD_GET(DMT_RESULT_CODE, word);
	result->bytes = dmt_read(dmt, base + DMT_SLOT_BYTES);
	result->frame = dmt_read(dmt, base + DMT_SLOT_FRAME_FOUND);
	result->bad_bytes = 0;
	result->first_bad = 0;
	result->leaked_bytes = 0;
	if (node->output) {
		result->bad_bytes = dmt_read(dmt, base + DMT_SLOT_BAD_BYTES);
		result->first_bad = dmt_read(dmt, base + DMT_SLOT_FIRST_BAD);
		result->leaked_bytes = dmt_read(dmt, base + DMT_SLOT_BEYOND_USED);
	}
	return true;
}

/**
 * dmt_hw_abort() - take all commands away from a channel
 * @node: The channel's node.
 *
 * Context: Process context, within &dmt_node.hw_lock. When it returns, the channel has ended its
 * DMA, but for a command that is kept going.
 */
void dmt_hw_abort(struct dmt_node *node)
{
	struct dmt_device *dmt = node->dmt;

	lockdep_assert_held(&node->hw_lock);
	dmt_write(dmt, DMT_CHANNEL(node->channel) + DMT_CHANNEL_DO, DMT_CHANNEL_DO_ABORT);
	dmt_write(dmt, DMT_INT_STATUS, DMT_INT_SLOTS(node->channel));
	dmt_read(dmt, DMT_INT_STATUS);
}

/**
 * dmt_hw_stop_keep() - end the command that is kept going
 * @node: The channel's node.
 *
 * Context: Process context, within &dmt_node.hw_lock.
 */
void dmt_hw_stop_keep(struct dmt_node *node)
{
	struct dmt_device *dmt = node->dmt;

	lockdep_assert_held(&node->hw_lock);
	dmt_write(dmt, DMT_CHANNEL(node->channel) + DMT_CHANNEL_DO, DMT_CHANNEL_DO_STOP_KEEP);
	dmt_read(dmt, DMT_CHANNEL(node->channel) + DMT_CHANNEL_STATUS);
}
