/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of the image processor and where its processors' memories are among them: offsets in
 * BAR 0, in bytes. The MMU's own, but for what halts it, are the memory backend's business.
 *
 * Source: the kernel's staging driver, ipu3-abi.h; what is expected of them, ipu3-css.c.
 */
#ifndef IPU3_IMGU_REGISTERS_H
#define IPU3_IMGU_REGISTERS_H

/* What of the BAR is used: up to the last word of geometric correction's table. */
#define IMGU_REGISTERS_SIZE		0x1c940

/* ---- The wrapper: power, and the interrupt that leaves ---- */

#define IMGU_PM_CTRL			0x0000
#define IMGU_PM_CTRL_START		0x0001
#define IMGU_PM_CTRL_RACE_TO_HALT	0x0004
#define IMGU_PM_CTRL_POWER_DOWN		0x0010
#define IMGU_PM_CTRL_RESET_AT_EOF	0x0020
#define IMGU_PM_CTRL_FORCE_HALT		0x0040
#define IMGU_PM_CTRL_FORCE_UNHALT	0x0080
#define IMGU_PM_CTRL_FORCE_RESET	0x0200

#define IMGU_SYSTEM_REQ			0x0018
#define IMGU_SYSTEM_REQ_FREQUENCY	0x003f	/* of IMGU_SYSTEM_REQ_MHZ each */
#define IMGU_SYSTEM_REQ_MHZ		25

/* Written with 1, a bit of the status is cleared. */
#define IMGU_INT_STATUS			0x0030
#define IMGU_INT_ENABLE			0x0034
#define IMGU_INT_CSS			0x80000000

#define IMGU_STATE			0x0130
#define IMGU_STATE_HALTED		0x00000001
#define IMGU_STATE_IDLE			0x00000002
#define IMGU_STATE_POWER_DOWN		0x00000008
#define IMGU_STATE_POWER_DOWN_FSM	0x01e00000

/* ---- The processors ---- */

#define IMGU_ISP_CTRL			0x4000
#define IMGU_ISP_START			0x4004	/* where its program starts */
#define IMGU_ISP_ICACHE			0x4010	/* address of its program's body */

#define IMGU_SP_CTRL(sp)		(0x4100 + 0x100 * (sp))
#define IMGU_SP_START(sp)		(0x4104 + 0x100 * (sp))
#define IMGU_SP_ICACHE(sp)		(0x411c + 0x100 * (sp))

/* Of all three. */
#define IMGU_CTRL_START			0x0002
#define IMGU_CTRL_RUN			0x0008
#define IMGU_CTRL_IDLE			0x0020
#define IMGU_CTRL_IRQ_CLEAR		0x0100
#define IMGU_CTRL_IRQ_READY		0x0400
#define IMGU_CTRL_ICACHE_INVALIDATE	0x1000

/* Their data memories, and the SPs' instruction memories, which the bootloader fills. */
#define IMGU_SP_DMEM(sp)		(0x8000 + 0x4000 * (sp))
#define IMGU_ISP_DMEM			0x10000
#define IMGU_SP_PMEM(sp)		(0x20000 + 0x4000 * (sp))

/* ---- The MMU, and the gate between it and memory ---- */

#define IMGU_TLB_INVALIDATE		0x4300
#define IMGU_L1_PAGE			0x4304	/* number of a page */
#define IMGU_CIO_GATE			0x4404
#define IMGU_CIO_GATE_BURST		0x0080

/* ---- General purpose ---- */

#define IMGU_GP_BUSY			0x4500
#define IMGU_GP_HALT			0x45dc
#define IMGU_GP_HALTED			0x45e0
#define IMGU_GP_HALTED_STATUS		0x0001

/* Streams between the units: a bit each is set while data wait. */
#define IMGU_MONITOR_SP0		0x4520
#define IMGU_MONITOR_SP0_TO_ISP		0x0040	/* as the ISP's port has it */
#define IMGU_MONITOR_DMA_TO_SP0		0x0004
#define IMGU_MONITOR_ISP		0x4528
#define IMGU_MONITOR_ISP_TO_SP0		0x0400	/* as SP0's port has it */
#define IMGU_MONITOR_DMA_TO_ISP		0x0004
#define IMGU_MONITOR_UNITS		0x452c
#define IMGU_MONITOR_SP0_TO_DMA		0x0001
#define IMGU_MONITOR_ISP_TO_DMA		0x0100
#define IMGU_MONITOR_TO_GDC		0x1000
#define IMGU_MONITOR_FROM_GDC		0x4000

/* ---- Interrupt controllers: the main one, SP0's and SP1's ---- */

#define IMGU_IRQS			3
#define IMGU_IRQ_MAIN			0
#define IMGU_IRQ_SP0			1
#define IMGU_IRQ_SP1			2

#define IMGU_IRQ_EDGE(n)		(0x4700 + 0x100 * (n))
#define IMGU_IRQ_MASK(n)		(0x4704 + 0x100 * (n))
#define IMGU_IRQ_STATUS(n)		(0x4708 + 0x100 * (n))
#define IMGU_IRQ_CLEAR(n)		(0x470c + 0x100 * (n))
#define IMGU_IRQ_ENABLE(n)		(0x4710 + 0x100 * (n))
#define IMGU_IRQ_EDGE_NOT_PULSE(n)	(0x4714 + 0x100 * (n))

#define IMGU_IRQ_BIT_SP0		0x00000001
#define IMGU_IRQ_BIT_SP1		0x00000002
#define IMGU_IRQ_BIT_PIN(n)		(0x00800000 << (n))	/* software's, 0 to 4 */

/* ---- Geometric correction's interpolation ---- */

/* 256 entries of two words: four coefficients of 12 bits, of 16 each. */
#define IMGU_GDC_LUT			0x1c140
#define IMGU_GDC_LUT_COEFFICIENT	0x0fff

#endif
