/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of the DMA test function; ../README.md has the map.
 */
#ifndef IPU_DMATEST_REGS_H
#define IPU_DMATEST_REGS_H

#include <linux/bits.h>

#define DMT_BAR				0
#define DMT_DMA_BITS			39	/* page frame numbers have 27 bits */

#define DMT_CHANNELS			3
#define DMT_SLOTS			4

#define DMT_ID				0x0000
#define DMT_ID_VALUE			0x1d0a0001
#define DMT_CONTROL			0x0004
#define DMT_CONTROL_BYPASS		BIT(0)
#define DMT_CONTROL_DEAF		BIT(1)
#define DMT_INT_STATUS			0x0010
#define DMT_INT_ENABLE			0x0014
#define DMT_INT_SLOTS(channel)		(GENMASK(DMT_SLOTS - 1, 0) << ((channel) * DMT_SLOTS))
#define DMT_INT_ALL			GENMASK(DMT_CHANNELS * DMT_SLOTS - 1, 0)

#define DMT_TLB_HITS			0x0200
#define DMT_TLB_MISSES			0x0204
#define DMT_TABLE_READS			0x0208
#define DMT_INVALIDATES			0x020c
#define DMT_MMU_FAULTS			0x0210

#define DMT_CHANNEL(channel)		(0x0100 + (channel) * 0x10)
#define DMT_CHANNEL_DO			0x0
#define DMT_CHANNEL_DO_ABORT		BIT(0)
#define DMT_CHANNEL_DO_STOP_KEEP	BIT(1)
#define DMT_CHANNEL_STATUS		0x4
#define DMT_CHANNEL_KEEP_PASSES		0x8

#define DMT_SLOT(channel, slot)		(0x1000 + (channel) * 0x200 + (slot) * 0x80)
#define DMT_SLOT_COMMAND		0x00
#define DMT_COMMAND_FILL		1
#define DMT_COMMAND_VERIFY		2
#define DMT_COMMAND_COPY		3
#define DMT_COMMAND_KEEP		BIT(8)
#define DMT_COMMAND_FRAME_FROM_DATA	BIT(9)
#define DMT_COMMAND_FLIP_BIT		BIT(12)
#define DMT_COMMAND_LOSE_IRQ		BIT(16)
#define DMT_COMMAND_SPURIOUS_IRQ	BIT(17)
#define DMT_COMMAND_STUCK		BIT(18)
#define DMT_COMMAND_FAIL		BIT(19)
#define DMT_SLOT_ADDRESS_LOW		0x04
#define DMT_SLOT_ADDRESS_HIGH		0x08
#define DMT_SLOT_LINE_BYTES		0x14
#define DMT_SLOT_LINES			0x18
#define DMT_SLOT_STRIDE			0x1c
#define DMT_SLOT_FRAME			0x20
#define DMT_SLOT_DELAY			0x24
#define DMT_SLOT_BEYOND			0x28
#define DMT_SLOT_DOORBELL		0x2c
#define DMT_SLOT_RESULT			0x30
#define DMT_RESULT_STATE		GENMASK(3, 0)
#define DMT_STATE_DONE			3
#define DMT_RESULT_CODE			GENMASK(11, 4)
#define DMT_SLOT_BYTES			0x34
#define DMT_SLOT_BAD_BYTES		0x38
#define DMT_SLOT_FIRST_BAD		0x3c
#define DMT_SLOT_FRAME_FOUND		0x40
#define DMT_SLOT_BEYOND_USED		0x48

/* The MMU's, at the ImgU's offsets. */
#define DMT_MMU_TLB_INVALIDATE		0x4300
#define DMT_MMU_TLB_INVALIDATE_ALL	BIT(0)
#define DMT_MMU_L1_BASE			0x4304
#define DMT_MMU_PAGE_SHIFT		12

#endif /* IPU_DMATEST_REGS_H */
