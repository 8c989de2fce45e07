/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The output system: after geometric correction, from a stripe's blocks to the two pictures.
 */
#ifndef IPU3_IMGU_OSYS_H
#define IPU3_IMGU_OSYS_H

#include "abi-acc.h"
#include "geometry.h"

enum imgu_reason imgu_osys_judge(const struct imgu_geometry *g, const struct imgu_program *p);
void imgu_osys(const struct imgu_geometry *g, const struct imgu_program *p,
	       struct imgu_acc_osys *osys, struct imgu_acc_stripe *stripe);

#endif
