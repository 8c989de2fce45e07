// SPDX-License-Identifier: GPL-2.0-only
/*
 * A frame in stripes.
 *
 * After the Bayer scaler a frame counts as whole units of 128 pixels, the last of which may be cut.
 * Two stripes share them evenly, the first one takes the odd one, and each goes one unit beyond the
 * seam, so that filters find neighbours there:
 *
 *	units of the frame   0   1   2   3   4   5   6
 *	first stripe        [ - - - - - - - - ] -
 *	second stripe                     - [ - - - - - ]      [ ]: what it adds to the picture
 *
 * What goes into the scaler is that, enlarged.
 */
#include "bds.h"
#include "stripes.h"

/* Vectors at the left of the second stripe that its output does not use. */
#define HALF_OVERLAP	2

static struct imgu_acc_slice slice(u32 offset, u32 width, u32 height)
{
	return (struct imgu_acc_slice){ .offset = offset, .width = width, .height = height };
}

static void one_stripe(const struct imgu_geometry *g, struct imgu_acc_stripe *stripe)
{
	const u32 padded = ALIGN(g->bds.width, IMGU_STRIPE_UNIT);

	stripe->effective[0] = slice(0, g->crop.width, g->crop.height);
	stripe->scaled[0] = slice(0, g->bds.width, g->bds.height);
	stripe->bds[0] = slice(0, padded, g->bds.height);
	stripe->bds_apart[0] = slice(0, padded, g->bds.height);
	stripe->out[0] = slice(0, g->out.width, g->out.height);
}

static void two_stripes(const struct imgu_geometry *g, struct imgu_acc_stripe *stripe)
{
	const u32 unit = IMGU_STRIPE_UNIT, height = g->bds.height;
	const u32 units = DIV_ROUND_UP(g->bds.width, unit);
	const u32 seam = DIV_ROUND_UP(units, 2) * unit, behind = units / 2 * unit;
	const u32 overlap = seam - unit;
	/* The width's factor, while the scaler's is the height's: they may differ by a rounding. */
	const u32 factor = imgu_bds_factor(g->crop.width, g->bds.width);
	u32 i;

	stripe->bds[0] = slice(0, seam + unit, height);
	stripe->bds[1] = slice(overlap, behind + unit, height);
	stripe->bds_apart[0] = slice(0, seam, height);
	stripe->bds_apart[1] = slice(seam, behind, height);

	stripe->scaled[0] = stripe->bds[0];
	stripe->scaled[1] = slice(overlap, g->bds.width - overlap, height);
	for (i = 0; i < 2; i++)
		stripe->effective[i] = slice(factor * stripe->scaled[i].offset / IMGU_BDS_UNIT,
					     factor * stripe->scaled[i].width / IMGU_BDS_UNIT,
					     g->crop.height);

	stripe->out[0] = slice(0, seam, g->out.height);
	stripe->out[1] = slice(seam, g->bds.width - seam, g->out.height);
	stripe->half_overlap = HALF_OVERLAP;
}

/**
 * imgu_stripes() - divides a frame
 * @g: All sizes: they are judged here.
 * @p: The program, which says how many stripes.
 * @stripe: Where the division goes, but for @stripe->block, which imgu_osys() adds.
 *
 * Context: any.
 * Return: %IMGU_OK, or why @g is refused, see imgu_geometry_judge(); @stripe is unchanged then.
 */
enum imgu_reason imgu_stripes(const struct imgu_geometry *g, const struct imgu_program *p,
			      struct imgu_acc_stripe *stripe)
{
	const enum imgu_reason reason = imgu_geometry_judge(g, p);

	if (reason)
		return reason;

	memset(stripe, 0, sizeof(*stripe));
	stripe->count = p->stripes;
	stripe->input.width = g->in.width;
	stripe->input.height = g->in.height;
	stripe->input.bayer_order = g->bayer;
	if (p->stripes == 1)
		one_stripe(g, stripe);
	else
		two_stripes(g, stripe);

	stripe->gdc_width = g->gdc.width;
	stripe->gdc_height = g->gdc.height;
	stripe->effective_width = g->crop.width;
	stripe->bds_width = g->bds.width;
	stripe->bds_aligned_width = ALIGN(g->bds.width, IMGU_STRIPE_UNIT);
	stripe->out_width = g->out.width;
	stripe->out_height = g->out.height;
	stripe->ref_width = g->ref.width;
	stripe->ref_height = g->ref.height;
	stripe->ref_x = IMGU_REF_X;
	stripe->ref_y = IMGU_REF_Y;
	stripe->vf_width = g->vf.width;
	stripe->vf_height = g->vf.height;
	return IMGU_OK;
}
