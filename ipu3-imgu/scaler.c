// SPDX-License-Identifier: GPL-2.0-only
/*
 * The output system's scaler.
 *
 * Positions count in phases: an input pixel advances the output by a step, and 2048 make an output
 * pixel. There is one ratio for both directions; what comes out too large in one is cut off.
 *
 * The arithmetic is the staging driver's (drivers/staging/media/ipu3, Intel 2018), whose results
 * the hardware is known to take.
 */
#include "scaler.h"

/* A coefficient's place in a sample, of which 2^31 is 1. */
#define COEFFICIENT_SHIFT	24
/* How often the step may be raised until the picture is large enough. */
#define MAX_CORRECTION		6

/**
 * imgu_scaler_target_width() - the width to aim at
 * @in: What goes in.
 * @wanted: The picture that is wanted, not larger than @in.
 *
 * Context: any.
 * Return: @wanted's width, or more pixels if its height needs a larger ratio; not above @in's.
 */
u32 imgu_scaler_target_width(struct imgu_size in, struct imgu_size wanted)
{
	if (wanted.height * in.width > wanted.width * in.height)
		return DIV_ROUND_UP(wanted.height * in.width, in.height);
	return wanted.width;
}

/**
 * imgu_scaler_exponent() - how often a width can be halved
 * @in_width: Pixels that go in.
 * @target_width: Pixels that come out, not 0.
 *
 * Context: any.
 * Return: the largest n with @target_width * 2^n <= @in_width, 0 if there is none.
 */
u32 imgu_scaler_exponent(u32 in_width, u32 target_width)
{
	u32 exponent = 0;

	while (in_width >> (exponent + 1) >= target_width)
		exponent++;
	return exponent;
}

/* Pixels or lines that @in ones become: an even number. */
static u32 scaled(u32 in, u32 phase_step)
{
	return ((in - 1) * phase_step + IMGU_SCALER_STEP) / (2 * IMGU_SCALER_STEP) * 2;
}

static struct imgu_scaler_plane make_plane(u32 taps, u32 phase_step)
{
	/* Half the filter before the first pixel's centre, half behind the last one's. */
	const u32 before = taps / 2 * IMGU_SCALER_STEP - IMGU_SCALER_PHASE / 2;
	const u32 behind = taps / 2 * IMGU_SCALER_STEP + IMGU_SCALER_PHASE / 2;
	const u32 pad_left = (before - 1) / phase_step;

	return (struct imgu_scaler_plane){
		.phase_init = before - phase_step * pad_left,
		.pad_left = pad_left,
		.pad_right = (behind - 1) / phase_step,
		.crop = taps - 1,
	};
}

/**
 * imgu_scaler_set() - sets the scaler for a size
 * @in: Size of what goes in: a judged one.
 * @wanted: The picture that is wanted: not larger than @in in either direction, not smaller than a
 *	sixteenth of its width, even.
 * @scaler: Where the setting goes.
 *
 * What comes out is never smaller than @wanted: the second correction makes up for the step's
 * rounding in each direction, except that an odd width to aim at may be missed by one pixel, and
 * then it was larger than the one that is wanted.
 *
 * Context: any.
 */
void imgu_scaler_set(struct imgu_size in, struct imgu_size wanted, struct imgu_scaler *scaler)
{
	const u32 target_width = imgu_scaler_target_width(in, wanted);
	const u32 step = IMGU_SCALER_STEP * target_width / in.width;
	u32 correction = 0;

	memset(scaler, 0, sizeof(*scaler));
	scaler->target_width = target_width;
	scaler->phase_step = step;
	if (target_width == in.width) {
		scaler->scaled.width = scaled(in.width, step);
		scaler->scaled.height = scaled(in.height, step);
		return;
	}

	do {
		scaler->phase_step = step + correction;
		scaler->scaled.width = scaled(in.width, scaler->phase_step);
		scaler->scaled.height = scaled(in.height, scaler->phase_step);
	} while ((scaler->scaled.width < target_width || scaler->scaled.height < wanted.height) &&
		 correction++ < MAX_CORRECTION);

	scaler->downscales = true;
	scaler->exp_shift = IMGU_SCALER_MAX_EXPONENT - imgu_scaler_exponent(in.width, target_width);
	scaler->luma = make_plane(IMGU_SCALER_LUMA_TAPS, scaler->phase_step);
	scaler->chroma = make_plane(IMGU_SCALER_CHROMA_TAPS, scaler->phase_step);
}

static s32 luma_sample(u32 i)
{
	const u32 middle = IMGU_SCALER_LUMA_SAMPLES / 2;

	return imgu_scaler_luma_half[i <= middle ? i : 2 * middle - i];
}

static s32 chroma_sample(u32 i)
{
	const u32 half = IMGU_SCALER_CHROMA_SAMPLES / 2;

	return imgu_scaler_chroma_half[i < half ? i : 2 * half - 1 - i];
}

/* A ratio of 2^-n shrinks a sample by itself; what is left to the coefficient is 1/2 to 1. */
static s8 coefficient(s32 sample, u32 in_width, u32 mantissa)
{
	const s64 value = div_s64((s64)sample * mantissa, in_width);

	return (value + (1 << (COEFFICIENT_SHIFT - 1))) >> COEFFICIENT_SHIFT;
}

/**
 * imgu_scaler_coefficients() - the filters for a ratio
 * @in_width: Pixels that go in.
 * @target_width: Pixels to aim at, see &imgu_scaler.target_width.
 * @luma: Where luma's coefficients go.
 * @chroma: Where chroma's go.
 *
 * Context: any.
 */
void imgu_scaler_coefficients(u32 in_width, u32 target_width,
			      s8 luma[IMGU_SCALER_COEFFICIENTS],
			      s8 chroma[IMGU_SCALER_COEFFICIENTS])
{
	const u32 mantissa = target_width << imgu_scaler_exponent(in_width, target_width);
	u32 phase, tap;

	memset(luma, 0, IMGU_SCALER_COEFFICIENTS);
	memset(chroma, 0, IMGU_SCALER_COEFFICIENTS);
	if (in_width == target_width)
		return;
	for (phase = 0; phase < IMGU_SCALER_PHASES; phase++) {
		s8 *const luma_phase = luma + phase * IMGU_SCALER_LUMA_TAPS;
		s8 *const chroma_phase = chroma + phase * IMGU_SCALER_LUMA_TAPS;

		/* Backwards, as a convolution reads them. */
		for (tap = 0; tap < IMGU_SCALER_LUMA_TAPS; tap++) {
			const u32 i = tap * IMGU_SCALER_PHASES + phase;

			luma_phase[tap] =
				coefficient(luma_sample(IMGU_SCALER_LUMA_SAMPLES - 1 - i),
					    in_width, mantissa);
		}
		for (tap = 0; tap < IMGU_SCALER_CHROMA_TAPS; tap++) {
			const u32 i = tap * IMGU_SCALER_PHASES + phase;

			chroma_phase[tap] =
				coefficient(chroma_sample(IMGU_SCALER_CHROMA_SAMPLES - 1 - i),
					    in_width, mantissa);
		}
	}
}
