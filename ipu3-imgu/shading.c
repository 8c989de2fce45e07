// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations of shading correction.
 *
 * The grid of gains lies over the sensor, and the frame may begin further down in it. A slice is as
 * many rows of cells as fit into a set of the block's memory, of which there are three. Lines are
 * corrected with the gains of the cells above and below them, so a slice can only be worked off
 * with the next slice's first row at hand: three slices are loaded, the first two worked off, and
 * from then on the next slice is loaded before one is worked off.
 */
#include "pure.h"
#include "shading.h"

#define IMGU_SHD_SETS 3

/**
 * struct imgu_shading_plan - a frame in slices
 * @rows: Rows of cells a slice.
 * @lines: Lines a slice.
 * @first: Lines of the frame in its first slice.
 * @last: Lines in the last one if there are less than @lines, else 0.
 * @steps: How many slices the frame touches, at least 1.
 * @loads: How many are loaded: one more if the last line needs the row below.
 */
struct imgu_shading_plan {
	u32 rows;
	u32 lines;
	u32 first;
	u32 last;
	u32 steps;
	u32 loads;
};

static struct imgu_shading_plan imgu_shading_plan(const struct ipu3_uapi_shd_grid_config *grid,
						  u32 height)
{
	const u32 cell = 1u << grid->block_height_log2;
	const u32 rows = IPU3_UAPI_SHD_MAX_CELLS_PER_SET / grid->width;
	struct imgu_shading_plan plan = { .rows = rows, .lines = rows * cell };
	u32 rest;

	plan.first = plan.lines - (u32)-grid->y_start % plan.lines;
	if (height <= plan.first) {
		plan.first = height;
		plan.steps = 1;
		plan.loads = plan.lines - height <= cell ? 2 : 1;
		return plan;
	}
	rest = height - plan.first;
	plan.last = rest % plan.lines;
	plan.steps = 1 + DIV_ROUND_UP(rest, plan.lines);
	plan.loads = plan.steps;
	if (!plan.last || plan.lines - plan.last <= cell)
		plan.loads++;
	return plan;
}

/**
 * imgu_shading_judge() - may shading correction be given a grid
 * @grid: The grid.
 * @frame: The Bayer scaler's output, pixels and lines.
 *
 * Refuses a grid of which no row fits into a set, one that begins below or beside the frame's
 * corner, and one with slices so low that more of them would be loaded than there are gains of.
 *
 * Context: any.
 * Return: IMGU_OK, or the rule that is broken.
 */
enum imgu_reason imgu_shading_judge(const struct ipu3_uapi_shd_grid_config *grid,
				    const struct imgu_size *frame)
{
	if (!grid->width || grid->width > IPU3_UAPI_SHD_MAX_CELLS_PER_SET)
		return IMGU_REASON_SHD_WIDTH;
	if (grid->x_start > 0 || grid->x_start < -4096 ||
	    grid->y_start > 0 || grid->y_start < -4096)
		return IMGU_REASON_SHD_START;
	if (imgu_shading_plan(grid, frame->height).loads > IPU3_UAPI_SHD_MAX_CFG_SETS)
		return IMGU_REASON_SHD_SLICES;
	return IMGU_OK;
}

static_assert(IMGU_SHD_LINES >= IPU3_UAPI_SHD_MAX_CFG_SETS, "room for what is accepted");
static_assert(IMGU_SHD_TRANSFERS >= IPU3_UAPI_SHD_MAX_CFG_SETS, "room for what is accepted");

/**
 * imgu_shading_fill() - all of shading correction but the gains
 * @user: The settings, judged.
 * @frame: The Bayer scaler's output, pixels and lines.
 * @shd: Result; its table of gains is left alone. Nothing is read from it.
 *
 * Context: any.
 */
void imgu_shading_fill(const struct ipu3_uapi_shd_config_static *user,
		       const struct imgu_size *frame, struct imgu_acc_shd *shd)
{
	const struct ipu3_uapi_shd_grid_config *grid = &user->grid;
	const struct imgu_shading_plan plan = imgu_shading_plan(grid, frame->height);
	struct ipu3_uapi_shd_config_static config = *user;
	struct imgu_acc_operation *operation = shd->operations;
	u32 loaded = 0, done = 0;

	config.grid.grid_height_per_slice = plan.rows;
	config.general.init_set_vrt_offst_ul =
		((u32)-grid->y_start >> grid->block_height_log2) % plan.rows;
	memset(shd, 0, offsetof(struct imgu_acc_shd, lut));
	shd->config = config;

	while (done < plan.steps) {
		const u32 wanted = done < 2 ? IMGU_SHD_SETS : done + 2;

		if (loaded < plan.loads && loaded < wanted) {
			shd->transfers[loaded].set = loaded % IMGU_SHD_SETS;
			operation->what = IMGU_ACC_WHAT_TRANSFER;
			operation->when = IMGU_ACC_WHEN_IDLE;
			loaded++;
		} else {
			struct imgu_acc_lines *lines = &shd->lines[done];

			lines->set = done % IMGU_SHD_SETS;
			if (done == 0)
				lines->lines = plan.first;
			else if (done == plan.steps - 1 && plan.last)
				lines->lines = plan.last;
			else
				lines->lines = plan.lines;
			operation->what = IMGU_ACC_WHAT_PROCESS_LINES;
			if (done == plan.steps - 1)
				operation->when = IMGU_ACC_WHEN_END_OF_OPS;
			else if (done == 0)
				operation->when = IMGU_ACC_WHEN_IDLE;
			else
				operation->when = IMGU_ACC_WHEN_END_OF_ACK;
			done++;
		}
		operation++;
	}
}
