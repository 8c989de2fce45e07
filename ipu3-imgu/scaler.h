/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The output system's scaler, which makes the viewfinder's picture: how a size is reached with what
 * its registers can say.
 */
#ifndef IPU3_IMGU_SCALER_H
#define IPU3_IMGU_SCALER_H

#include "geometry.h"

/* Phases between two pixels, and what a phase counter counts of one phase. */
#define IMGU_SCALER_PHASES		32
#define IMGU_SCALER_PHASE		64
/* A step of one pixel, and so the scaling ratio 1. */
#define IMGU_SCALER_STEP		(IMGU_SCALER_PHASES * IMGU_SCALER_PHASE)

#define IMGU_SCALER_LUMA_TAPS		4
#define IMGU_SCALER_CHROMA_TAPS		2
#define IMGU_SCALER_LUMA_SAMPLES	(IMGU_SCALER_LUMA_TAPS * IMGU_SCALER_PHASES)
#define IMGU_SCALER_CHROMA_SAMPLES	(IMGU_SCALER_CHROMA_TAPS * IMGU_SCALER_PHASES)
/* Coefficients of one kind: four a phase, of which chroma uses the first two. */
#define IMGU_SCALER_COEFFICIENTS	(IMGU_SCALER_PHASES * IMGU_SCALER_LUMA_TAPS)

/* Picture widths whose ratio is not below 1/2^n have an exponent of n at most; 3 is the most. */
#define IMGU_SCALER_MAX_EXPONENT	3

/**
 * struct imgu_scaler_plane - what differs between luma and chroma, the same in both directions
 * @phase_init: Phase of the first output pixel.
 * @pad_left: Pixels in front of the first, which repeat it.
 * @pad_right: Pixels behind the last.
 * @crop: Output pixels to drop at the start: the filter's run-in.
 */
struct imgu_scaler_plane {
	u16 phase_init;
	u8 pad_left;
	u8 pad_right;
	u8 crop;
};

/**
 * struct imgu_scaler - a setting of the scaler
 * @downscales: It is at work; else pixels pass.
 * @phase_step: Output pixels an input pixel, times %IMGU_SCALER_STEP.
 * @exp_shift: By how much the coefficients are to be shifted.
 * @target_width: Width that was aimed at so that neither direction comes out too small.
 * @scaled: What comes out, of which the picture is cut.
 * @luma: Luma.
 * @chroma: Chroma.
 */
struct imgu_scaler {
	bool downscales;
	u16 phase_step;
	u8 exp_shift;
	u32 target_width;
	struct imgu_size scaled;
	struct imgu_scaler_plane luma;
	struct imgu_scaler_plane chroma;
};

extern const s32 imgu_scaler_luma_half[IMGU_SCALER_LUMA_SAMPLES / 2 + 1];
extern const s32 imgu_scaler_chroma_half[IMGU_SCALER_CHROMA_SAMPLES / 2];

u32 imgu_scaler_target_width(struct imgu_size in, struct imgu_size wanted);
u32 imgu_scaler_exponent(u32 in_width, u32 target_width);
void imgu_scaler_set(struct imgu_size in, struct imgu_size wanted, struct imgu_scaler *scaler);
void imgu_scaler_coefficients(u32 in_width, u32 target_width,
			      s8 luma[IMGU_SCALER_COEFFICIENTS],
			      s8 chroma[IMGU_SCALER_COEFFICIENTS]);

#endif
