/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of the CIO2, in the order of their offsets. What is known of them comes from the
 * kernel's first driver of this device (ipu3-cio2.h, Linux 6.12 and 7.3); there is no public
 * datasheet.
 */
#ifndef IPU3_CIO2_REGISTERS_H
#define IPU3_CIO2_REGISTERS_H

#include <linux/bitfield.h>
#include <linux/bits.h>

#define CIO2_PCI_ID		0x9d32
#define CIO2_BAR		0
#define CIO2_DMA_BITS		39
#define CIO2_PORTS		4
#define CIO2_MAX_LANES		4
#define CIO2_VIRTUAL_CHANNELS	4
#define CIO2_DMA_CHANNELS	20

/* ---- a port's receiver, MIPI back end and interrupt controller ---- */

#define CIO2_PORT(port)			(0x400 * (port))

#define CIO2_RX_ENABLE			0x000
#define CIO2_RX_LANES			0x004
#define CIO2_RX_STATUS_DLANE_HS		0x01c
#define CIO2_RX_STATUS_DLANE_HS_ALL	GENMASK(7, 0)
#define CIO2_RX_STATUS_DLANE_LP		0x020
#define CIO2_RX_STATUS_DLANE_LP_ALL	GENMASK(23, 0)
/* Delays of the clock lane and of the data lanes; 16 are a nanosecond. */
#define CIO2_RX_CLOCK_TERMEN		0x024
#define CIO2_RX_CLOCK_SETTLE		0x028
#define CIO2_RX_DATA_TERMEN(lane)	(0x02c + 8 * (lane))
#define CIO2_RX_DATA_SETTLE(lane)	(0x030 + 8 * (lane))

#define CIO2_BE_ENABLE			0x100
#define CIO2_BE_COMP_FORMAT(vc)		(0x108 + 4 * (vc))
#define CIO2_BE_FORCE_RAW8		0x120
#define CIO2_BE_GLOBAL_LUT_DISREGARD	0x168
#define CIO2_BE_SHORT_LUT(vc)		(0x174 + 4 * (vc))
#define CIO2_BE_LONG_LUT(entry)		(0x184 + 4 * (entry))
#define CIO2_BE_LONG_LUT_ENTRIES	16
#define CIO2_BE_LUT_DISREGARD		BIT(0)
#define CIO2_BE_LUT_STREAM		GENMASK(4, 1)
#define CIO2_BE_LUT_VIRTUAL_CHANNEL	GENMASK(6, 5)
#define CIO2_BE_LUT_DATA_TYPE		GENMASK(12, 7)

#define CIO2_IRQCTRL_EDGE		0x300
#define CIO2_IRQCTRL_MASK		0x304
#define CIO2_IRQCTRL_STATUS		0x308
#define CIO2_IRQCTRL_CLEAR		0x30c
#define CIO2_IRQCTRL_ENABLE		0x310
#define CIO2_IRQCTRL_LEVEL_NOT_PULSE	0x314
#define CIO2_IRQCTRL_ALL		GENMASK(17, 0)

/* ---- clocks and power ---- */

#define CIO2_FB_HPLL_FREQ		0x1008
#define CIO2_FB_HPLL_FREQ_VALUE		0x2
#define CIO2_ISCLK_RATIO		0x100c
#define CIO2_ISCLK_RATIO_VALUE		0xc

#define CIO2_CGC			0x1400
#define CIO2_CGC_PRIM_TGE		BIT(1)
#define CIO2_CGC_SIDE_TGE		BIT(2)
#define CIO2_CGC_XOSC_TGE		BIT(3)
#define CIO2_CGC_D3I3_TGE		BIT(5)
#define CIO2_CGC_CSI2_INTERFRAME_TGE	BIT(6)
#define CIO2_CGC_CSI2_PORT_DCGE		BIT(8)
#define CIO2_CGC_SIDE_DCGE		BIT(10)
#define CIO2_CGC_PRIM_DCGE		BIT(11)
#define CIO2_CGC_ROSC_DCGE		BIT(12)
#define CIO2_CGC_XOSC_DCGE		BIT(13)
#define CIO2_CGC_HOLDOFF		GENMASK(23, 20)
#define CIO2_CGC_CSI_HOLDOFF		GENMASK(27, 24)

#define CIO2_D0I3C			0x1408
#define CIO2_D0I3C_I3			BIT(2)
#define CIO2_D0I3C_RESTORE_REQUIRED	BIT(3)

#define CIO2_SWRESET			0x140c
#define CIO2_SWRESET_RESET		BIT(0)

/* ---- interrupts ---- */

/*
 *  31   25 24    23   22   21      12 11 10       0
 * +-------+-----+----+----+----------+--+----------+
 * |   -   |IOIRQ|IOOE|IOIE|   IOS    |- |   IOC    |
 * +-------+-----+----+----+----------+--+----------+
 *
 * IOC: a frame has ended; a bit for each of the channels 0 to 3, and one for each pair after them.
 * IOS: a frame has begun, or has reached a line; a bit for each pair of channels.
 * IOIE, IOIRQ: a receiver has something to say; IOOE: a DMA channel has.
 */
static inline unsigned int cio2_ioc_bit(unsigned int channel)
{
	return channel < 4 ? channel : channel / 2 + 2;
}

#define CIO2_INT_STS			0x1414
#define CIO2_INT_IOC(channel)		BIT(cio2_ioc_bit(channel))
#define CIO2_INT_IOS(channel)		BIT(12 + (channel) / 2)
#define CIO2_INT_IOIE			BIT(22)
#define CIO2_INT_IOOE			BIT(23)
#define CIO2_INT_IOIRQ			BIT(24)
#define CIO2_INT_STS_EXT_OE		0x1418
#define CIO2_INT_EXT_OE_DMAOE		GENMASK(19, 0)
#define CIO2_INT_EXT_OE_OES		GENMASK(27, 24)
#define CIO2_INT_EN			0x1420
#define CIO2_INT_EN_EXT_OE		0x1424
#define CIO2_INT_EN_EXT_OE_VALUE	0x8f0fffff

/* ---- the way to memory ---- */

#define CIO2_PBM_ARB_CTRL		0x1460
#define CIO2_PBM_ARB_CTRL_LANES_DIV	GENMASK(4, 0)
#define CIO2_PBM_ARB_CTRL_LE_EN		BIT(7)
#define CIO2_PBM_ARB_CTRL_PLL_SHUTDOWN	GENMASK(15, 8)
#define CIO2_PBM_ARB_CTRL_PLL_WAKE_UP	GENMASK(31, 16)
#define CIO2_PBM_WMCTRL1		0x1464
#define CIO2_PBM_WMCTRL1_MIN		GENMASK(7, 0)
#define CIO2_PBM_WMCTRL1_MID1		GENMASK(15, 8)
#define CIO2_PBM_WMCTRL1_MID2		GENMASK(23, 16)
#define CIO2_PBM_WMCTRL2		0x1468
#define CIO2_PBM_WMCTRL2_HIGH		GENMASK(7, 0)
#define CIO2_PBM_WMCTRL2_LOW		GENMASK(15, 8)
#define CIO2_PBM_WMCTRL2_OBFF		GENMASK(23, 16)
#define CIO2_PBM_WMCTRL2_TRANSDYN	GENMASK(27, 24)
#define CIO2_PBM_WMCTRL2_OBFF_MEM_EN	BIT(29)
#define CIO2_PBM_FOPN_ABORT		0x1474
#define CIO2_PBM_FOPN_ABORT_PORT(port)	BIT(8 * (port))

#define CIO2_LTRCTRL			0x1480
#define CIO2_LTRCTRL_DYNAMIC		BIT(16)
#define CIO2_LTRVAL23			0x1484
#define CIO2_LTRVAL01			0x1488
/* A latency that can be borne: value times 2 to the power of five times scale, in nanoseconds. */
#define CIO2_LTRVAL_EVEN		GENMASK(9, 0)
#define CIO2_LTRVAL_EVEN_SCALE		GENMASK(12, 10)
#define CIO2_LTRVAL_ODD			GENMASK(25, 16)
#define CIO2_LTRVAL_ODD_SCALE		GENMASK(28, 26)

#define CIO2_CDMABA(channel)		(0x1500 + 0x10 * (channel))
#define CIO2_CDMARI(channel)		(0x1504 + 0x10 * (channel))
#define CIO2_CDMARI_READ_POINTER	GENMASK(7, 0)
#define CIO2_CDMAC0(channel)		(0x1508 + 0x10 * (channel))
#define CIO2_CDMAC0_FBPT_LAST		GENMASK(7, 0)
#define CIO2_CDMAC0_FBPT_WIDTH		GENMASK(15, 8)
#define CIO2_CDMAC0_INTR_ON_FS		BIT(26)
#define CIO2_CDMAC0_INTR_ON_FE		BIT(27)
#define CIO2_CDMAC0_UPDATE_FIFO_FULL	BIT(28)
#define CIO2_CDMAC0_ENABLE		BIT(30)
#define CIO2_CDMAC0_HALTED		BIT(31)
#define CIO2_CDMAC1(channel)		(0x150c + 0x10 * (channel))
#define CIO2_CDMAC1_LINE_UPDATE		GENMASK(31, 16)

/* ---- a port's pixel mapper ---- */

#define CIO2_PXM_FORMAT(port)		(0x1700 + 0x30 * (port))
#define CIO2_PXM_FORMAT_PACK_32B	BIT(0)
#define CIO2_PXM_FORMAT_BPP		GENMASK(3, 2)
#define CIO2_PXM_FORMAT_BPP_10		1
#define CIO2_PXM_FRF_CFG(port)		(0x1720 + 0x30 * (port))
#define CIO2_PXM_FRF_CFG_ABORT		BIT(2)
#define CIO2_PXM_FRF_CFG_CRC_THRESHOLD	GENMASK(7, 3)
#define CIO2_PXM_FRF_CFG_MSK_ECC_DPHY_NR BIT(8)
#define CIO2_PXM_FRF_CFG_MSK_ECC_RE	BIT(9)
#define CIO2_PXM_FRF_CFG_MSK_ECC_DPHY_NE BIT(10)
/* The channels of the streams 0 to 5, five bits each. */
#define CIO2_PXM_SID2BID(port)		(0x1724 + 0x30 * (port))
#define CIO2_PXM_SID2BID_STREAM0	GENMASK(4, 0)

/* A byte for each port: seven errors, and its interrupt controller. */
#define CIO2_INT_STS_EXT_IE		0x17e4
#define CIO2_INT_EXT_IE_ERRORS(port, word) (((word) >> (8 * (port))) & GENMASK(6, 0))
#define CIO2_INT_EXT_IE_IRQ(port)	BIT(8 * (port) + 7)
#define CIO2_INT_EN_EXT_IE		0x17e8
#define CIO2_INT_EN_EXT_IE_ALL		GENMASK(31, 0)

#endif /* IPU3_CIO2_REGISTERS_H */
