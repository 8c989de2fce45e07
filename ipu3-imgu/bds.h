/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Bayer scaler: one of 97 factors, 1 to 4 in steps of a 32nd, the same in both directions.
 */
#ifndef IPU3_IMGU_BDS_H
#define IPU3_IMGU_BDS_H

#include "abi-acc.h"
#include "geometry.h"

/* Factors are counted in 32nds, and begin with 1. */
#define IMGU_BDS_UNIT		32
#define IMGU_BDS_FACTORS	97
#define IMGU_BDS_MAX_FACTOR	(IMGU_BDS_UNIT + IMGU_BDS_FACTORS - 1)

/*
 * For each factor where its curve starts in imgu_bds_curves[], and behind the last one where that
 * ends.
 */
extern const u16 imgu_bds_curve_start[IMGU_BDS_FACTORS + 1];
extern const s8 imgu_bds_curves[];

u32 imgu_bds_factor(u32 in, u32 out);
u32 imgu_bds_filter(u32 factor, struct imgu_acc_bds_filter *filter);
void imgu_bds(const struct imgu_geometry *g, const struct imgu_acc_stripe *stripe,
	      struct imgu_acc_bds *bds);

#endif
