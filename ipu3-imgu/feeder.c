// SPDX-License-Identifier: GPL-2.0-only
/*
 * The input feeder.
 *
 * The blocks behind it take the first pixel for a green one beside red ones. So the crop, which is
 * cut out of the frame's middle, begins at an even place plus what the frame's Bayer order needs:
 *
 *	GRBG  G R   RGGB  R[G]  BGGR  B  G    GBRG  G  B
 *	      B G         G B        [G] R          R [G]
 *
 * A crop of the full width or height has no room for that: its last pixel or line is not in the
 * frame. It stays where the hardware is known to work, and an input buffer is the frame and a tail,
 * as long as imgu_feeder_tail() says: nothing is read before or behind that. docs/decisions.md says
 * why it is neither moved nor made smaller.
 */
#include "feeder.h"

struct place {
	u32 x;
	u32 y;
};

static struct place first_pixel(const struct imgu_geometry *g)
{
	const bool right = g->bayer == IMGU_BAYER_RGGB || g->bayer == IMGU_BAYER_GBRG;
	const bool below = g->bayer == IMGU_BAYER_BGGR || g->bayer == IMGU_BAYER_GBRG;

	const u32 above = g->in.height > g->crop.height ? (g->in.height - g->crop.height) / 2 : 0;

	return (struct place){
		.x = ALIGN_DOWN((g->in.width - g->crop.width) / 2, 2) + right,
		.y = ALIGN_DOWN(above, 2) + below,
	};
}

static struct imgu_acc_feeder_place feeder_place(u32 stride, u32 x, u32 y)
{
	return (struct imgu_acc_feeder_place){
		.stride = stride,
		.start = x / IMGU_RAW_WORD_PIXELS * IMGU_RAW_WORD_BYTES + y * stride,
		.pixel = x % IMGU_RAW_WORD_PIXELS,
	};
}

/**
 * imgu_feeder() - what the firmware is told about the input feeder
 * @g: Judged sizes.
 * @stripe: Their stripes.
 * @feeder: Where it goes.
 *
 * Context: any.
 */
void imgu_feeder(const struct imgu_geometry *g, const struct imgu_acc_stripe *stripe,
		 struct imgu_acc_feeder *feeder)
{
	const struct place first = first_pixel(g);
	u32 i;

	memset(feeder, 0, sizeof(*feeder));
	feeder->frame = feeder_place(g->in_stride, first.x, first.y);
	for (i = 0; i < ARRAY_SIZE(feeder->stripe); i++)
		feeder->stripe[i].place = feeder_place(g->in_stride,
						       first.x + stripe->effective[i].offset,
						       first.y);
}

/**
 * imgu_feeder_tail() - bytes of an input buffer behind its frame
 * @g: Judged sizes.
 * @stripe: Their stripes.
 *
 * Not 0 for a crop of the frame's full height that has to begin one line, or in the last line one
 * pixel, late; for one that is higher than the frame; and where a frame after the Bayer scaler is
 * so narrow that the first stripe alone is wider. Whoever maps a buffer for the device sees to it
 * that behind the frame as much is mapped that is the buffer's own, or zeroes: the feeder reads it.
 *
 * Context: any.
 * Return: bytes from the frame's end, @g->in_stride times the input's height, to the end of the
 *	last word that is read, %IMGU_FEEDER_TAIL_MAX at most; 0 if that lies in the frame.
 */
u32 imgu_feeder_tail(const struct imgu_geometry *g, const struct imgu_acc_stripe *stripe)
{
	const struct place first = first_pixel(g);
	const u32 frame = g->in_stride * g->in.height;
	u32 width = g->crop.width, i, end;

	for (i = 0; i < stripe->count; i++) {
		const u32 right = stripe->effective[i].offset + stripe->effective[i].width;

		if (right > width)
			width = right;
	}
	end = (first.y + g->crop.height - 1) * g->in_stride +
	      DIV_ROUND_UP(first.x + width, IMGU_RAW_WORD_PIXELS) * IMGU_RAW_WORD_BYTES;
	return end > frame ? end - frame : 0;
}
