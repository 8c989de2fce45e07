// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operation lists of focus, white balance and white balance's filter.
 *
 * A block has two sets of memory. So it may be two rows of cells ahead of their transfers: the list
 * begins with the lines of two rows, and then the transfer of a row is followed by the lines of the
 * row after the next. The lines below the grid count as one more row, without a transfer. The last
 * transfer ends the list:
 *
 *	lines 0, lines 1, transfer 0, lines 2, transfer 1, ..., transfer n - 1
 *
 * An ack comes for each lines operation that ends a chunk.
 */
#include "pure.h"
#include "lines.h"

/* Rows, and sets of memory. */
static const u32 ahead = 2;

/* Lines to process until row @row of @grid is made, counted from where the row before was made. */
static u32 imgu_lines_of_row(const struct imgu_grid *grid, u32 row, u32 delay)
{
	u32 lines = 1u << grid->cell_height_log2;

	/* The block lags behind the frame: half of its delay is spent at each end of the grid. */
	if (row == 0)
		lines += (grid->y_start & IPU3_UAPI_GRID_START_MASK) + delay / 2;
	if (row + 1 == grid->height)
		lines += delay - delay / 2;
	return lines;
}

/**
 * imgu_lines_fill() - list what a block does in a frame
 * @grid: Its grid, judged: with a row at least, and as many as the list has room for.
 * @frame_height: The frame's lines.
 * @delay: Lines by which the block lags behind.
 * @list: Result.
 *
 * A grid that reaches below the frame, in a program that does not make these statistics, is listed
 * without lines after it.
 *
 * Context: any.
 */
void imgu_lines_fill(const struct imgu_grid *grid, u32 frame_height, u32 delay,
		     const struct imgu_line_list *list)
{
	const u32 rows = grid->height;
	const u32 end = (grid->y_start & IPU3_UAPI_GRID_START_MASK) +
			(rows << grid->cell_height_log2) + delay;
	const u32 below = end < frame_height ? frame_height - end : 0;
	const u32 steps = below ? rows + 1 : rows;
	struct imgu_acc_operation *operation = list->operations;
	u32 processed = 0, fetched = 0;

	while (fetched < rows) {
		if (processed < steps && processed < fetched + ahead) {
			struct imgu_acc_lines *lines = &list->lines[processed];

			lines->lines = processed < rows ?
				       imgu_lines_of_row(grid, processed, delay) : below;
			if (list->transfers)
				lines->set = processed % ahead;
			operation->what = IMGU_ACC_WHAT_PROCESS_LINES;
			operation->when = processed == 0 && steps > 1 ? IMGU_ACC_WHEN_IDLE :
									IMGU_ACC_WHEN_END_OF_ACK;
			processed++;
		} else {
			if (list->transfers)
				list->transfers[fetched] = fetched % ahead;
			operation->what = IMGU_ACC_WHAT_TRANSFER;
			fetched++;
			if (fetched == rows)
				operation->when = IMGU_ACC_WHEN_END_OF_OPS;
			else if (processed == steps)
				operation->when = IMGU_ACC_WHEN_END_OF_ACK;
			else
				operation->when = IMGU_ACC_WHEN_IDLE;
		}
		operation++;
	}
}
