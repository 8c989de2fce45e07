/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shading correction: slices of the grid of gains, and when each of them is loaded.
 */
#ifndef IPU3_IMGU_SHADING_H
#define IPU3_IMGU_SHADING_H

#include "abi-acc.h"
#include "geometry.h"

enum imgu_reason imgu_shading_judge(const struct ipu3_uapi_shd_grid_config *grid,
				    const struct imgu_size *frame);
void imgu_shading_fill(const struct ipu3_uapi_shd_config_static *user,
		       const struct imgu_size *frame, struct imgu_acc_shd *shd);

#endif
