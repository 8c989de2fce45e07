/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The input feeder: where in the RAW frame reading starts.
 */
#ifndef IPU3_IMGU_FEEDER_H
#define IPU3_IMGU_FEEDER_H

#include "abi-acc.h"
#include "geometry.h"

/* What imgu_feeder_tail() returns, at most. */
#define IMGU_FEEDER_TAIL_MAX	((IMGU_CROP_BEYOND + 1) * IMGU_MAX_IN_STRIDE)

void imgu_feeder(const struct imgu_geometry *g, const struct imgu_acc_stripe *stripe,
		 struct imgu_acc_feeder *feeder);
u32 imgu_feeder_tail(const struct imgu_geometry *g, const struct imgu_acc_stripe *stripe);

#endif
