/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Geometric correction: the table of blocks, for the one correction that there is, none; and the
 * filter by which it interpolates.
 */
#ifndef IPU3_IMGU_WARP_H
#define IPU3_IMGU_WARP_H

#include "abi-acc.h"
#include "geometry.h"

/* The filter: 256 places between two pixels, four taps of them each; 1 is 1024. */
#define IMGU_WARP_CUBIC_PLACES	256
#define IMGU_WARP_CUBIC_TAPS	4

u32 imgu_warp_blocks(const struct imgu_geometry *g);
void imgu_warp_unity(const struct imgu_geometry *g, struct imgu_warp_block *blocks);
void imgu_warp_cubic(u32 place, s16 taps[IMGU_WARP_CUBIC_TAPS]);

#endif
