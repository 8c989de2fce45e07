/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The output system's own memories: what lies where, in vectors of each memory. The map is the
 * firmware's; figures: the kernel's staging driver, ipu3-abi.h.
 *
 *	memory 1, 32 pixels a vector: blocks of 128x32 pixels, luma, U and V behind each other
 *		two that come in, two that the formatters make, two that the scaler makes, history
 *	memory 2, 16 pixels: one block between the scaler's directions, on its side
 *	memory 3, 16 pixels: what the scaler remembers from block to block
 */
#ifndef IPU3_IMGU_OSYS_MEMORY_H
#define IPU3_IMGU_OSYS_MEMORY_H

#define OSYS_BLOCK_WIDTH	128
#define OSYS_BLOCK_HEIGHT	32

/* Memory 1. */
#define OSYS_MEM1_VECTOR	32
#define OSYS_MEM1_Y_LINE	(OSYS_BLOCK_WIDTH / OSYS_MEM1_VECTOR)
#define OSYS_MEM1_UV_LINE	(OSYS_MEM1_Y_LINE / 2)
#define OSYS_MEM1_U		(OSYS_BLOCK_HEIGHT * OSYS_MEM1_Y_LINE)
#define OSYS_MEM1_V		(OSYS_MEM1_U + OSYS_MEM1_U / 4)
#define OSYS_MEM1_BUFFER	(OSYS_MEM1_V + OSYS_MEM1_U / 4)
#define OSYS_MEM1_BUFFERS	2
#define OSYS_MEM1_IN		0
#define OSYS_MEM1_OUT		(OSYS_MEM1_IN + OSYS_MEM1_BUFFERS * OSYS_MEM1_BUFFER)
#define OSYS_MEM1_SCALED	(OSYS_MEM1_OUT + OSYS_MEM1_BUFFERS * OSYS_MEM1_BUFFER)
#define OSYS_MEM1_HISTORY	(OSYS_MEM1_SCALED + OSYS_MEM1_BUFFERS * OSYS_MEM1_BUFFER)
#define OSYS_MEM1_HISTORY_LINE	120
#define OSYS_MEM1_HISTORY_LINES	3

/* Memory 2: a block and a half, of lines that are as long as a block is high. */
#define OSYS_MEM2_VECTOR	16
#define OSYS_MEM2_Y_LINE	(OSYS_BLOCK_HEIGHT / OSYS_MEM2_VECTOR)
#define OSYS_MEM2_UV_LINE	(OSYS_MEM2_Y_LINE / 2)
#define OSYS_MEM2_LINES		(OSYS_BLOCK_WIDTH * 3 / 2)
#define OSYS_MEM2_Y		0
#define OSYS_MEM2_U		(OSYS_MEM2_Y + OSYS_MEM2_LINES * OSYS_MEM2_Y_LINE)
#define OSYS_MEM2_V		(OSYS_MEM2_U + OSYS_MEM2_LINES * OSYS_MEM2_Y_LINE / 4)

/*
 * Memory 3: lines of the taps and one more, as wide as the widest picture, for the vertical filter;
 * behind them a place for the horizontal one.
 */
#define OSYS_MEM3_VECTOR	16
#define OSYS_MAX_SCALED_WIDTH	3840
#define OSYS_MEM3_Y_LINES	5
#define OSYS_MEM3_UV_LINES	3
#define OSYS_MEM3_VER_Y		0
#define OSYS_MEM3_HOR_Y		\
	(OSYS_MEM3_VER_Y + OSYS_MEM3_Y_LINES * OSYS_MAX_SCALED_WIDTH / OSYS_MEM3_VECTOR)
#define OSYS_MEM3_HOR_Y_SIZE	40
#define OSYS_MEM3_VER_U		(OSYS_MEM3_HOR_Y + OSYS_MEM3_HOR_Y_SIZE)
#define OSYS_MEM3_HOR_U		\
	(OSYS_MEM3_VER_U + OSYS_MEM3_UV_LINES * OSYS_MAX_SCALED_WIDTH / 2 / OSYS_MEM3_VECTOR)
#define OSYS_MEM3_HOR_UV_SIZE	20
#define OSYS_MEM3_VER_V		(OSYS_MEM3_HOR_U + OSYS_MEM3_HOR_UV_SIZE)
#define OSYS_MEM3_HOR_V		\
	(OSYS_MEM3_VER_V + OSYS_MEM3_UV_LINES * OSYS_MAX_SCALED_WIDTH / 2 / OSYS_MEM3_VECTOR)

/* Whom blocks are passed to: places of FIFOs, in words. */
#define OSYS_FIFO_FORMATTER_TO_SCALER	0
#define OSYS_FIFO_SCALER_TO_FORMATTER	(0x400 / 4)
#define OSYS_FIFO_FORMATTER_TO_SP	(0xc08 / 4)
#define OSYS_FIFO_SCALER_TO_SP		(0xc0c / 4)

#endif
