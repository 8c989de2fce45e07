// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statistics grids.
 *
 * A frame is worked off in two stripes that overlap. A cell that lies in both is made by one of
 * them: the left stripe takes whole cells up to a bound at its right edge, the right one the rest.
 * Where the bound is differs, since the blocks' filters spoil a few pixels at a stripe's edge.
 *
 * What is written to the frame's grid and to a stripe's differs in one thing besides: places in the
 * right stripe count from its own first pixel.
 */
#include "pure.h"
#include "grid.h"

/**
 * struct imgu_grid_rules - what is particular to one block
 * @max_width: Cells that one row of its table has room for.
 * @max_height: Rows of its table.
 * @min_log2: The smallest cell's width and height.
 * @max_log2: The largest cell's.
 * @delay: Lines after the grid's last one that must be left in the frame.
 * @margin: Pixels at the right stripe's start that no grid which begins there may use.
 * @edge: How far from the left stripe's end the last pixel that a cell may use is. White balance
 *	and exposure have no filter: their cells may use the last one, 1.
 * @cells: The reason for a refusal: no cells, or too many.
 * @cell_size: They are too small or too large.
 * @place: They are not all in the frame.
 */
struct imgu_grid_rules {
	u8 max_width;
	u8 max_height;
	u8 min_log2;
	u8 max_log2;
	u8 delay;
	u8 margin;
	u8 edge;
	enum imgu_reason cells;
	enum imgu_reason cell_size;
	enum imgu_reason place;
};

static const struct imgu_grid_rules rules[] = {
	[IMGU_GRID_AF] = {
		.max_width = IMGU_GRID_AF_WIDTH,
		.max_height = IMGU_GRID_AF_HEIGHT,
		.min_log2 = 3,
		.max_log2 = 7,
		.delay = IMGU_GRID_FILTER_DELAY,
		.margin = IPU3_UAPI_MAX_BUBBLE_SIZE,
		.edge = IPU3_UAPI_MAX_BUBBLE_SIZE,
		.cells = IMGU_REASON_AF_CELLS,
		.cell_size = IMGU_REASON_AF_CELL_SIZE,
		.place = IMGU_REASON_AF_PLACE,
	},
	[IMGU_GRID_AWB_FR] = {
		.max_width = IMGU_GRID_AF_WIDTH,
		.max_height = IMGU_GRID_AF_HEIGHT,
		.min_log2 = 3,
		.max_log2 = 7,
		.delay = IMGU_GRID_FILTER_DELAY,
		.margin = IPU3_UAPI_MAX_BUBBLE_SIZE,
		.edge = IPU3_UAPI_MAX_BUBBLE_SIZE,
		.cells = IMGU_REASON_AWB_FR_CELLS,
		.cell_size = IMGU_REASON_AWB_FR_CELL_SIZE,
		.place = IMGU_REASON_AWB_FR_PLACE,
	},
	[IMGU_GRID_AE] = {
		.max_width = IMGU_GRID_AE_WIDTH,
		.max_height = IMGU_GRID_AE_HEIGHT,
		.min_log2 = 3,
		.max_log2 = 7,
		.edge = 1,
		.cells = IMGU_REASON_AE_CELLS,
		.cell_size = IMGU_REASON_AE_CELL_SIZE,
		.place = IMGU_REASON_AE_PLACE,
	},
	[IMGU_GRID_AWB] = {
		.max_width = IMGU_GRID_AWB_WIDTH,
		.max_height = IMGU_GRID_AWB_HEIGHT,
		.min_log2 = 3,
		.max_log2 = 6,
		.margin = IPU3_UAPI_MAX_BUBBLE_SIZE,
		.edge = 1,
		.cells = IMGU_REASON_AWB_CELLS,
		.cell_size = IMGU_REASON_AWB_CELL_SIZE,
		.place = IMGU_REASON_AWB_PLACE,
	},
};

/*
 * A table has a set for each row. White balance pads a row to 4 cells; what is between two stripes
 * has room besides (IPU3_UAPI_AWB_SPARE_FOR_BUBBLES).
 */
static_assert(IMGU_GRID_AF_HEIGHT == IPU3_UAPI_AF_MAX_SETS, "a row a set");
static_assert(IMGU_GRID_AF_WIDTH * IPU3_UAPI_AF_MD_ITEM_SIZE == IPU3_UAPI_AF_Y_TABLE_SET_SIZE,
	      "a row's cells fit into a set");
static_assert(IMGU_GRID_AF_HEIGHT == IPU3_UAPI_AWB_FR_MAX_SETS, "a row a set");
static_assert(IMGU_GRID_AF_WIDTH * IPU3_UAPI_AWB_FR_MD_ITEM_SIZE ==
	      IPU3_UAPI_AWB_FR_BAYER_TBL_SIZE, "a row's cells fit into a set");
static_assert(IMGU_GRID_AE_WIDTH * IMGU_GRID_AE_HEIGHT / 8 == IPU3_UAPI_AE_WEIGHTS,
	      "each cell has a weight, eight of them in a word");
static_assert(IMGU_GRID_AWB_HEIGHT == IPU3_UAPI_AWB_MAX_SETS, "a row a set");
static_assert(IMGU_GRID_AWB_WIDTH * IPU3_UAPI_MAX_STRIPES == IPU3_UAPI_AWB_SET_SIZE,
	      "a row's cells fit into a set, twice");
static_assert(IPU3_UAPI_AWB_SET_SIZE % 4 == 0, "so does the padding");

/**
 * imgu_grid_from() - a grid out of user space's structure
 * @block: Whose: any but IMGU_GRID_AE.
 * @config: The structure.
 *
 * Context: any.
 * Return: the grid.
 */
struct imgu_grid imgu_grid_from(enum imgu_grid_block block,
				const struct ipu3_uapi_grid_config *config)
{
	/* White balance is enabled elsewhere: whatever is in y_start is meant to be a line. */
	const u16 mask = block == IMGU_GRID_AWB ? 0xffff : IPU3_UAPI_GRID_START_MASK;

	return (struct imgu_grid){
		.width = config->width,
		.height = config->height,
		.cell_width_log2 = config->block_width_log2,
		.cell_height_log2 = config->block_height_log2,
		.x_start = config->x_start,
		.y_start = config->y_start & mask,
	};
}

/**
 * imgu_grid_from_ae() - the exposure grid out of user space's structure
 * @config: The structure.
 *
 * Context: any.
 * Return: the grid.
 */
struct imgu_grid imgu_grid_from_ae(const struct ipu3_uapi_ae_grid_config *config)
{
	return (struct imgu_grid){
		.width = config->width,
		.height = config->height,
		.cell_width_log2 = config->block_width_log2,
		.cell_height_log2 = config->block_height_log2,
		.x_start = config->x_start,
		.y_start = config->y_start,
	};
}

static u16 imgu_grid_end(u32 start, u32 cells, u32 cell_log2)
{
	return (start & IPU3_UAPI_GRID_START_MASK) + (cells << cell_log2) - 1;
}

/**
 * imgu_grid_x_end() - the last pixel in a line of a grid
 * @grid: The grid.
 *
 * Context: any.
 * Return: pixels from the frame's left edge. Wraps in 16 bits for grids that no block has room for.
 */
u16 imgu_grid_x_end(const struct imgu_grid *grid)
{
	return imgu_grid_end(grid->x_start, grid->width, grid->cell_width_log2);
}

/**
 * imgu_grid_y_end() - the last line of a grid
 * @grid: The grid.
 *
 * Context: any.
 * Return: lines from the frame's upper edge. Wraps as imgu_grid_x_end() does.
 */
u16 imgu_grid_y_end(const struct imgu_grid *grid)
{
	return imgu_grid_end(grid->y_start, grid->height, grid->cell_height_log2);
}

/**
 * imgu_grid_judge() - may a block be given a grid
 * @block: Which block's.
 * @grid: The grid.
 * @frame: What it lies in: the Bayer scaler's output, pixels and lines.
 * @made: The program makes these statistics. If not, what does not fit into the frame does no harm.
 *
 * Refuses what would make the block write behind its table or wait for lines or pixels that never
 * come. The frame's lines are padded to whole blocks of 128 pixels, and so far may a grid reach.
 *
 * Context: any.
 * Return: IMGU_OK, or the rule that is broken.
 */
enum imgu_reason imgu_grid_judge(enum imgu_grid_block block, const struct imgu_grid *grid,
				 const struct imgu_size *frame, bool made)
{
	const struct imgu_grid_rules *r = &rules[block];
	u32 right, bottom;

	if (!grid->width || grid->width > r->max_width ||
	    !grid->height || grid->height > r->max_height)
		return r->cells;
	if (grid->cell_width_log2 < r->min_log2 || grid->cell_width_log2 > r->max_log2 ||
	    grid->cell_height_log2 < r->min_log2 || grid->cell_height_log2 > r->max_log2)
		return r->cell_size;
	if (!made)
		return IMGU_OK;

	if (grid->x_start > IPU3_UAPI_GRID_START_MASK || grid->y_start > IPU3_UAPI_GRID_START_MASK)
		return r->place;
	right = grid->x_start + ((u32)grid->width << grid->cell_width_log2);
	bottom = grid->y_start + ((u32)grid->height << grid->cell_height_log2) + r->delay;
	if (right > ALIGN(frame->width, 128) || bottom > frame->height)
		return r->place;
	return IMGU_OK;
}

/**
 * imgu_grid_fit() - take away rows and columns that do not fit into a frame
 * @block: Which block's grid.
 * @grid: The grid, whose start lies in the frame; one cell stays at least.
 * @frame: What it lies in, pixels and lines, at least 32 of each.
 *
 * The grids that a stream begins with are nobody's wish: they must not keep it from beginning.
 *
 * Context: any.
 */
void imgu_grid_fit(enum imgu_grid_block block, struct imgu_grid *grid,
		   const struct imgu_size *frame)
{
	u32 columns = (ALIGN(frame->width, 128) - grid->x_start) >> grid->cell_width_log2;
	u32 rows = (frame->height - grid->y_start - rules[block].delay) >> grid->cell_height_log2;

	if (grid->width > columns)
		grid->width = columns;
	if (grid->height > rows)
		grid->height = rows;
}

/**
 * imgu_grid_split() - share a grid between the stripes
 * @block: Which block's.
 * @grid: The grid, judged.
 * @stripe: The stripes of the frame.
 * @part: Result: what the left and the right stripe make. A stripe that makes nothing is told the
 *	grid all the same, with the block disabled; the second of one stripe makes nothing.
 *
 * Context: any.
 */
void imgu_grid_split(enum imgu_grid_block block, const struct imgu_grid *grid,
		     const struct imgu_acc_stripe *stripe, struct imgu_grid_part part[2])
{
	const struct imgu_grid_rules *r = &rules[block];
	const struct imgu_grid_part whole = {
		.enabled = true,
		.width = grid->width,
		.x_start = grid->x_start,
		.x_end = imgu_grid_x_end(grid),
	};
	u32 left_end, right_offset, x_start, columns;

	part[0] = whole;
	part[1] = whole;
	part[1].enabled = false;
	if (stripe->count < 2)
		return;

	left_end = stripe->bds[0].width - r->edge;
	right_offset = stripe->scaled[1].offset;
	if (grid->x_start >= right_offset + r->margin) {
		part[0].enabled = false;
		columns = 0;
		x_start = grid->x_start;
	} else if (whole.x_end > left_end) {
		columns = (left_end + 1 - grid->x_start) >> grid->cell_width_log2;
		part[0].width = columns;
		part[0].x_end = imgu_grid_end(grid->x_start, columns, grid->cell_width_log2);
		x_start = part[0].x_end + 1;
	} else {
		return;
	}
	part[1].enabled = true;
	part[1].width = grid->width - columns;
	part[1].x_start = (x_start - right_offset) & IPU3_UAPI_GRID_START_MASK;
	part[1].x_end = imgu_grid_end(part[1].x_start, part[1].width, grid->cell_width_log2);
}
