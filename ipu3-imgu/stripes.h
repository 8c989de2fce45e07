/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a frame is divided into vertical stripes, which a program works off one after the other.
 */
#ifndef IPU3_IMGU_STRIPES_H
#define IPU3_IMGU_STRIPES_H

#include "abi-acc.h"
#include "geometry.h"

/* What stripes are made of, and the reach over a seam that each of them has: pixels. */
#define IMGU_STRIPE_UNIT	(2 * IMGU_VECTOR)

enum imgu_reason imgu_stripes(const struct imgu_geometry *g, const struct imgu_program *p,
			      struct imgu_acc_stripe *stripe);

#endif
