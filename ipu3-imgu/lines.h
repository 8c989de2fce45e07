/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a statistics block is told to do while a frame goes by: after how many lines it has a row of
 * cells, and when that row is fetched.
 */
#ifndef IPU3_IMGU_LINES_H
#define IPU3_IMGU_LINES_H

#include "abi-acc.h"
#include "grid.h"

/**
 * struct imgu_line_list - where a list of operations goes
 * @operations: Room for an operation for each entry of the other two, zeroed.
 * @lines: Room for a row more than the grid has, zeroed.
 * @transfers: Room for each row of the grid, zeroed; NULL for a block that keeps one row.
 */
struct imgu_line_list {
	struct imgu_acc_operation *operations;
	struct imgu_acc_lines *lines;
	u8 *transfers;
};

void imgu_lines_fill(const struct imgu_grid *grid, u32 frame_height, u32 delay,
		     const struct imgu_line_list *list);

#endif
