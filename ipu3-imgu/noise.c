// SPDX-License-Identifier: GPL-2.0-only
/*
 * Noise reduction and demosaicing keep lines of a frame in memories that are filled in whole blocks
 * of 128 pixels.
 */
#include "pure.h"
#include "noise.h"

#define IMGU_ANR_RESET_MAX 4095

static u32 imgu_noise_width(const struct imgu_size *frame)
{
	return ALIGN(frame->width, 128);
}

/**
 * imgu_noise_bnr() - Bayer noise reduction's parameters
 * @user: Its settings.
 * @frame: The Bayer scaler's output, pixels and lines.
 * @bnr: Result.
 *
 * Context: any.
 */
void imgu_noise_bnr(const struct ipu3_uapi_bnr_static_config *user, const struct imgu_size *frame,
		    struct ipu3_uapi_bnr_static_config *bnr)
{
	*bnr = *user;
	bnr->column_size = imgu_noise_width(frame);
}

/**
 * imgu_noise_dm() - demosaicing's parameters
 * @user: Its settings.
 * @frame: The Bayer scaler's output, pixels and lines.
 * @dm: Result.
 *
 * Context: any.
 */
void imgu_noise_dm(const struct ipu3_uapi_dm_config *user, const struct imgu_size *frame,
		   struct ipu3_uapi_dm_config *dm)
{
	*dm = *user;
	dm->frame_width = imgu_noise_width(frame);
}

/*
 * The counter that starts at @reset at a frame's first pixel must not pass its field's end before
 * the last one. One that ends below 0, with the whole frame left of the centre, is moved as if it
 * had passed that end: such numbers are what these programs have always been given, the default for
 * frames of less than 1632 x 1224 among them, so that is kept.
 */
static s32 imgu_noise_reset(s32 reset, u32 size)
{
	s32 end = reset + (s32)size;

	if (end < 0 || end > IMGU_ANR_RESET_MAX)
		reset = IMGU_ANR_RESET_MAX - (s32)size;
	return reset < -IMGU_ANR_RESET_MAX ? -IMGU_ANR_RESET_MAX : reset;
}

/**
 * imgu_noise_anr() - advanced noise reduction's parameters
 * @user: Its settings.
 * @frame: The Bayer scaler's output, pixels and lines; at most 4224 of each.
 * @anr: Result.
 *
 * The programs need the block to run: it is on whatever the settings say, and they say how.
 *
 * Context: any.
 */
void imgu_noise_anr(const struct ipu3_uapi_anr_config *user, const struct imgu_size *frame,
		    struct imgu_acc_anr *anr)
{
	const u32 width = imgu_noise_width(frame);

	memset(anr, 0, sizeof(*anr));
	anr->search.enable = 1;
	anr->search.width = width;
	anr->search.height = frame->height;
	anr->transform = user->transform;
	anr->transform.enable = 1;
	anr->transform.xreset = imgu_noise_reset(user->transform.xreset, width);
	anr->transform.yreset = imgu_noise_reset(user->transform.yreset, frame->height);
	anr->stitch.enable = user->stitch.anr_stitch_en;
	anr->stitch.width = width;
	anr->stitch.height = frame->height;
	memcpy(anr->stitch.pyramid, user->stitch.pyramid, sizeof(anr->stitch.pyramid));
	anr->tile2strm.enable = 1;
	anr->tile2strm.width = width;
	anr->tile2strm.height = frame->height;
}
