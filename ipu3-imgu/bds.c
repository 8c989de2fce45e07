// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Bayer scaler.
 *
 * A Bayer frame's even and odd columns are of different colours, and so are those of the output: an
 * output pixel is made of input pixels of its own parity, every other one. Output pixel k would lie
 * at k * factor; the last pixel of its parity up to there "makes" it, and what is missing is its
 * phase. Period, patterns and phases follow from that; only the filters' shape is data.
 *
 * Units: a position counts 32nds of the input's pixels, a phase 64ths of the space between two
 * pixels of one colour.
 */
#include "bds.h"

#define TAPS_BEFORE	2
#define TAPS_BEHIND	3
/* Space between two pixels of one colour. */
#define PHASE_UNIT	(2 * IMGU_BDS_UNIT)
/* What a filter's weights add up to is 2^7; the one of factor 1 is a single weight of 2^6. */
#define SUM_SHIFT	7
#define BYPASS_SHIFT	6

/* Limits of the output: as the staging driver sets them. */
#define MIN_CLIP	0
#define MAX_CLIP	2

/**
 * struct curve - the filters' shape
 * @values: At distances of @step, 2 * @step ... phases from the output pixel.
 * @count: How many are not 0.
 * @step: See @values.
 */
struct curve {
	const s8 *values;
	u32 count;
	u32 step;
};

/**
 * imgu_bds_factor() - the factor between two sizes
 * @in: Pixels that go in, at most 2^26.
 * @out: Pixels that come out, not 0.
 *
 * Context: any.
 * Return: the factor in 32nds, rounded down: more pixels would come out rather than fewer.
 */
u32 imgu_bds_factor(u32 in, u32 out)
{
	return in * IMGU_BDS_UNIT / out;
}

/* Largest power of 2, up to 32, that divides a factor. */
static u32 common(u32 factor)
{
	u32 divisor = IMGU_BDS_UNIT;

	while (factor % divisor)
		divisor /= 2;
	return divisor;
}

static s8 weight(const struct curve *curve, u32 distance)
{
	const u32 index = distance / curve->step - 1;

	return index < curve->count ? curve->values[index] : 0;
}

static struct imgu_acc_bds_taps make_taps(const struct curve *curve, u32 phase)
{
	struct imgu_acc_bds_taps taps = {
		.m2 = weight(curve, 2 * PHASE_UNIT + phase),
		.m1 = weight(curve, PHASE_UNIT + phase),
		.nf = SUM_SHIFT,
		.p1 = weight(curve, PHASE_UNIT - phase),
		.p2 = weight(curve, 2 * PHASE_UNIT - phase),
		.p3 = weight(curve, 3 * PHASE_UNIT - phase),
	};

	/* Flat areas must stay as they are: the pixel's own weight makes up for all rounding. */
	taps.c0 = (1 << SUM_SHIFT) - taps.m2 - taps.m1 - taps.p1 - taps.p2 - taps.p3;
	return taps;
}

static void make_bypass(struct imgu_acc_bds_filter *filter)
{
	filter->pattern[0] = 3;
	filter->even[0].c0 = 1 << BYPASS_SHIFT;
	filter->even[0].nf = BYPASS_SHIFT;
	filter->odd[0] = filter->even[0];
}

/**
 * imgu_bds_filter() - the filters of a factor
 * @factor: The factor in 32nds, %IMGU_BDS_UNIT to %IMGU_BDS_MAX_FACTOR.
 * @filter: Where they go.
 *
 * Context: any.
 * Return: pixels of a period of @filter->pattern.
 */
u32 imgu_bds_filter(u32 factor, struct imgu_acc_bds_filter *filter)
{
	const u32 step = common(factor), phases = IMGU_BDS_UNIT / step;
	const u16 *const start = &imgu_bds_curve_start[factor - IMGU_BDS_UNIT];
	const struct curve curve = {
		.values = imgu_bds_curves + start[0],
		.count = start[1] - start[0],
		.step = step,
	};
	u32 k;

	memset(filter, 0, sizeof(*filter));
	if (factor == IMGU_BDS_UNIT) {
		make_bypass(filter);
		return 2;
	}

	for (k = 0; k < 2 * phases; k++) {
		const u32 odd = k % 2, at = k * factor;
		const u32 made_by = 2 * ((at - odd * IMGU_BDS_UNIT) / PHASE_UNIT) + odd;
		u32 phase = at - made_by * IMGU_BDS_UNIT;

		/*
		 * At 3 each output pixel lies on one of the input's. The filter of odd ones is that
		 * of half a pixel all the same.
		 */
		if (factor == 3 * IMGU_BDS_UNIT && odd)
			phase = PHASE_UNIT / 2;
		filter->pattern[made_by / 32] |= 1U << made_by % 32;
		*(odd ? &filter->odd[k / 2] : &filter->even[k / 2]) = make_taps(&curve, phase);
	}
	return 2 * factor / step;
}

/**
 * imgu_bds() - what the firmware is told about the Bayer scaler
 * @g: Judged sizes.
 * @stripe: Their stripes.
 * @bds: Where it goes.
 *
 * The heights choose the factor, for both directions.
 *
 * Context: any.
 */
void imgu_bds(const struct imgu_geometry *g, const struct imgu_acc_stripe *stripe,
	      struct imgu_acc_bds *bds)
{
	const u32 factor = imgu_bds_factor(g->crop.height, g->bds.height);
	const bool enable = factor != IMGU_BDS_UNIT;
	u32 length, i;

	memset(bds, 0, sizeof(*bds));
	length = imgu_bds_filter(factor, &bds->hor.filter);
	bds->hor.control0 = (struct imgu_acc_bds_hor0){
		.pattern_length = length,
		.enable = enable,
		.min_clip = MIN_CLIP,
		.max_clip = MAX_CLIP,
		.out_width = g->bds.width,
	};
	bds->hor.control2.in_height = g->crop.height;
	bds->ver.filter = bds->hor.filter;
	bds->ver.control0 = (struct imgu_acc_bds_ver0){
		.pattern_length = length,
		.enable = enable,
		.min_clip = MIN_CLIP,
		.max_clip = MAX_CLIP,
	};
	bds->ver.control1 = (struct imgu_acc_bds_ver1){
		.out_width = g->bds.width,
		.out_height = g->bds.height,
	};
	for (i = 0; i < stripe->count; i++) {
		bds->stripe[i].control0 = bds->hor.control0;
		bds->stripe[i].control0.out_width = stripe->scaled[i].width;
		bds->stripe[i].control1 = (struct imgu_acc_bds_ver1){
			.out_width = stripe->scaled[i].width,
			.out_height = g->bds.height,
		};
	}
	bds->enabled = enable;
}
