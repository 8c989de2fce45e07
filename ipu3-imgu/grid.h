/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Grids of cells that statistics are made of: what a block has room for, where a grid ends, and how
 * it is shared by two stripes. One shape for all four blocks, whose descriptions differ.
 */
#ifndef IPU3_IMGU_GRID_H
#define IPU3_IMGU_GRID_H

#include "abi-acc.h"
#include "geometry.h"

/**
 * enum imgu_grid_block - who makes statistics
 * @IMGU_GRID_AF: Focus.
 * @IMGU_GRID_AWB_FR: The response of white balance's filter.
 * @IMGU_GRID_AE: Exposure.
 * @IMGU_GRID_AWB: White balance.
 */
enum imgu_grid_block {
	IMGU_GRID_AF,
	IMGU_GRID_AWB_FR,
	IMGU_GRID_AE,
	IMGU_GRID_AWB,
};

/*
 * The most cells in a row and rows of each block. Its table in struct ipu3_uapi_stats_3a has that
 * many sets, and in each of them a row's cells; white balance's has a row's cells for each stripe,
 * and the interface's 80 are what one stripe may make of them.
 */
#define IMGU_GRID_AF_WIDTH	32
#define IMGU_GRID_AF_HEIGHT	24
#define IMGU_GRID_AE_WIDTH	32
#define IMGU_GRID_AE_HEIGHT	24
#define IMGU_GRID_AWB_WIDTH	80
#define IMGU_GRID_AWB_HEIGHT	60

/* Lines by which focus and white balance's filter lag behind the frame. */
#define IMGU_GRID_FILTER_DELAY	4

/**
 * struct imgu_grid - a grid, whichever block's
 * @width: Cells in a row.
 * @height: Rows.
 * @cell_width_log2: A cell is 2^n pixels wide.
 * @cell_height_log2: And 2^n lines high.
 * @x_start: Pixels left of it, as user space gave them.
 * @y_start: Lines above it, without the bit that enables a block.
 */
struct imgu_grid {
	u8 width;
	u8 height;
	u8 cell_width_log2;
	u8 cell_height_log2;
	u16 x_start;
	u16 y_start;
};

/**
 * struct imgu_grid_part - what one stripe makes of a grid
 * @enabled: Anything.
 * @width: Cells in a row.
 * @x_start: Pixels left of it in the stripe.
 * @x_end: Its last pixel in the stripe.
 */
struct imgu_grid_part {
	bool enabled;
	u8 width;
	u16 x_start;
	u16 x_end;
};

struct imgu_grid imgu_grid_from(enum imgu_grid_block block,
				const struct ipu3_uapi_grid_config *config);
struct imgu_grid imgu_grid_from_ae(const struct ipu3_uapi_ae_grid_config *config);
u16 imgu_grid_x_end(const struct imgu_grid *grid);
u16 imgu_grid_y_end(const struct imgu_grid *grid);
enum imgu_reason imgu_grid_judge(enum imgu_grid_block block, const struct imgu_grid *grid,
				 const struct imgu_size *frame, bool made);
void imgu_grid_fit(enum imgu_grid_block block, struct imgu_grid *grid,
		   const struct imgu_size *frame);
void imgu_grid_split(enum imgu_grid_block block, const struct imgu_grid *grid,
		     const struct imgu_acc_stripe *stripe, struct imgu_grid_part part[2]);

#endif
