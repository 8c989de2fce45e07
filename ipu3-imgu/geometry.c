// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sizes of one pipe: what user space may ask for at one place, and whether all of them go together.
 *
 *	in -> crop -> Bayer scaler -> geometric correction +-> out (cut)
 *	                                                   +-> viewfinder (scaled and cut)
 *
 * Limits and alignments are the staging driver's (drivers/staging/media/ipu3, imgu_css_fmt_try(),
 * Intel 2018), so that programs read back the sizes that they are used to. It then starts with
 * almost any sizes; here those that would wrap in a register, starve a scaler or reach outside of
 * memory are refused.
 */
#include "bds.h"
#include "geometry.h"
#include "osys.h"
#include "scaler.h"

/* What geometric correction needs around its output, at least: the reach of its filter. */
#define MIN_ENVELOPE		4

/* Blocks of a program that no stripe's width, rounded up to a whole one, leaves 16 bits with. */
#define MAX_BLOCK_VECTORS	512

/* What the media controller's pads take. Two look like typing errors; programs read them back. */
#define PAD_SINK_MAX_WIDTH	5120
#define PAD_SINK_MAX_HEIGHT	38404
#define PAD_SOURCE_MIN		2
#define PAD_SOURCE_MAX_WIDTH	4480
#define PAD_SOURCE_MAX_HEIGHT	34004

/**
 * struct rule - what a size must be at one place
 * @width: Its width is a multiple of this.
 * @height: Its height is a multiple of this.
 * @frame: It is the size of a frame in memory.
 */
struct rule {
	u8 width;
	u8 height;
	bool frame;
};

static const struct rule rules[IMGU_PLACES] = {
	[IMGU_PLACE_IN] = { 1, 1, true },
	[IMGU_PLACE_CROP] = { 2, 1, false },
	[IMGU_PLACE_BDS] = { 4, 1, false },
	[IMGU_PLACE_GDC] = { 8, 4, false },
	[IMGU_PLACE_OUT] = { 8, 4, true },
	[IMGU_PLACE_VF] = { 2, 1, true },
};

static u32 limit(u32 value, u32 least, u32 most)
{
	if (value < least)
		return least;
	return value > most ? most : value;
}

/* To the nearest multiple, the upper one of two. */
static u32 nearest(u32 value, u32 multiple)
{
	if (value > U32_MAX - multiple)
		return value / multiple * multiple;
	return (value + multiple / 2) / multiple * multiple;
}

static struct imgu_size adjust_frame(struct imgu_size size)
{
	return (struct imgu_size){
		.width = ALIGN(limit(size.width, IMGU_MIN_SIZE, IMGU_MAX_WIDTH), 2),
		.height = ALIGN(limit(size.height, IMGU_MIN_SIZE, IMGU_MAX_HEIGHT), 2),
	};
}

/**
 * imgu_geometry_adjust() - a size that is possible at one place
 * @place: Where.
 * @wanted: What is asked for.
 *
 * Context: any.
 * Return: the size that is set instead of @wanted.
 */
struct imgu_size imgu_geometry_adjust(enum imgu_place place, struct imgu_size wanted)
{
	const struct rule *rule = &rules[place];

	if (rule->frame)
		wanted = adjust_frame(wanted);
	wanted.width = nearest(limit(wanted.width, IMGU_MIN_SIZE, U32_MAX), rule->width);
	wanted.height = nearest(limit(wanted.height, IMGU_MIN_SIZE, U32_MAX), rule->height);
	return wanted;
}

/**
 * imgu_geometry_adjust_pad() - a size that a pad of the subdevice takes
 * @source: The pad is a source, else a sink.
 * @wanted: What is asked for.
 *
 * Context: any.
 * Return: the size that is set instead of @wanted.
 */
struct imgu_size imgu_geometry_adjust_pad(bool source, struct imgu_size wanted)
{
	if (source)
		return (struct imgu_size){
			.width = limit(wanted.width, PAD_SOURCE_MIN, PAD_SOURCE_MAX_WIDTH),
			.height = limit(wanted.height, PAD_SOURCE_MIN, PAD_SOURCE_MAX_HEIGHT),
		};
	return (struct imgu_size){
		.width = limit(wanted.width, 0, PAD_SINK_MAX_WIDTH),
		.height = limit(wanted.height, 0, PAD_SINK_MAX_HEIGHT),
	};
}

/**
 * imgu_geometry_raw_stride() - bytes of a line of a RAW frame
 * @width: Pixels.
 *
 * Context: any.
 * Return: whole words of 50 pixels.
 */
u32 imgu_geometry_raw_stride(u32 width)
{
	return DIV_ROUND_UP(width, IMGU_RAW_WORD_PIXELS) * IMGU_RAW_WORD_BYTES;
}

/**
 * imgu_geometry_picture_stride() - bytes of a line of a picture's luma
 * @width: Pixels.
 *
 * Context: any.
 * Return: whole vectors.
 */
u32 imgu_geometry_picture_stride(u32 width)
{
	return ALIGN(width, IMGU_VECTOR);
}

static bool is_empty(struct imgu_size size)
{
	return !size.width || !size.height;
}

static u32 envelope(u32 bds, u32 gdc)
{
	const u32 around = bds > gdc ? (bds - gdc) / 2 : 0;

	return max(around, MIN_ENVELOPE);
}

static struct imgu_size envelope_of(const struct imgu_geometry *g)
{
	return (struct imgu_size){
		.width = envelope(g->bds.width, g->gdc.width),
		.height = envelope(g->bds.height, g->gdc.height),
	};
}

static struct imgu_size reference_of(const struct imgu_geometry *g)
{
	return (struct imgu_size){
		.width = ALIGN(g->bds.width, 2 * IMGU_VECTOR) + 2 * IMGU_REF_X,
		.height = ALIGN(g->bds.height, IMGU_REF_Y) + 2 * IMGU_REF_Y,
	};
}

static bool same(struct imgu_size a, struct imgu_size b)
{
	return a.width == b.width && a.height == b.height;
}

static bool fits(struct imgu_size inner, struct imgu_size outer)
{
	return inner.width <= outer.width && inner.height <= outer.height;
}

/**
 * imgu_geometry_complete() - makes each size a possible one, and computes what follows from them
 * @g: What is asked for: @g->in, crop, bds, gdc, out, vf, bayer, vf_enabled. An empty rectangle is
 *	replaced: the crop by the input, the other two by the main picture. Filled in are strides,
 *	envelope and reference frame, and without a viewfinder its size.
 *
 * Says nothing about whether the sizes go together: imgu_geometry_judge() does.
 *
 * Context: any.
 */
void imgu_geometry_complete(struct imgu_geometry *g)
{
	const struct imgu_size in = adjust_frame(g->in), out = adjust_frame(g->out);

	g->crop = imgu_geometry_adjust(IMGU_PLACE_CROP, is_empty(g->crop) ? in : g->crop);
	g->bds = imgu_geometry_adjust(IMGU_PLACE_BDS, is_empty(g->bds) ? out : g->bds);
	g->gdc = imgu_geometry_adjust(IMGU_PLACE_GDC, is_empty(g->gdc) ? out : g->gdc);
	g->in = imgu_geometry_adjust(IMGU_PLACE_IN, g->in);
	g->out = imgu_geometry_adjust(IMGU_PLACE_OUT, g->out);
	/* The firmware makes one all the same. Unscaled, it adds no rule of its own. */
	g->vf = imgu_geometry_adjust(IMGU_PLACE_VF, g->vf_enabled ? g->vf : g->gdc);

	g->in_stride = imgu_geometry_raw_stride(g->in.width);
	g->out_stride = imgu_geometry_picture_stride(g->out.width);
	g->vf_stride = imgu_geometry_picture_stride(g->vf.width);
	g->envelope = envelope_of(g);
	g->ref = reference_of(g);
}

static bool is_small(struct imgu_size size)
{
	return size.width < IMGU_MIN_SIZE || size.height < IMGU_MIN_SIZE;
}

static bool is_multiple(struct imgu_size size, enum imgu_place place)
{
	return !(size.width % rules[place].width) && !(size.height % rules[place].height);
}

static bool is_frame(struct imgu_size size, enum imgu_place place)
{
	return same(size, adjust_frame(size)) && is_multiple(size, place);
}

static enum imgu_reason judge_program(const struct imgu_program *p)
{
	if (p->stripes != 1 && p->stripes != 2)
		return IMGU_REASON_PROGRAM_STRIPES;
	if (!p->block_width || p->block_width > MAX_BLOCK_VECTORS)
		return IMGU_REASON_PROGRAM_BLOCK;
	return IMGU_OK;
}

static enum imgu_reason judge_in(const struct imgu_geometry *g)
{
	if (!is_frame(g->in, IMGU_PLACE_IN))
		return IMGU_REASON_IN_SIZE;
	if (g->in_stride < imgu_geometry_raw_stride(g->in.width) ||
	    g->in_stride > IMGU_MAX_IN_STRIDE || g->in_stride % IMGU_RAW_WORD_BYTES)
		return IMGU_REASON_IN_STRIDE;
	if ((u32)g->bayer > IMGU_BAYER_GBRG)
		return IMGU_REASON_IN_BAYER;
	if (!is_multiple(g->crop, IMGU_PLACE_CROP))
		return IMGU_REASON_CROP_ALIGNMENT;
	if (is_small(g->crop))
		return IMGU_REASON_CROP_SMALL;
	if (g->crop.width > g->in.width || g->crop.height > g->in.height + IMGU_CROP_BEYOND)
		return IMGU_REASON_CROP_LARGE;
	return IMGU_OK;
}

/*
 * The factor is chosen by the heights, in steps of a 32nd, rounded down, so that never fewer lines
 * come than are waited for. The width must be the same factor's. It may be 2 pixels larger than the
 * factor makes it: the width that user space computed with even numbers was rounded to a multiple
 * of 4 then (libcamera, pipeline/ipu3/imgu.cpp).
 */
static enum imgu_reason judge_bds_factor(const struct imgu_geometry *g)
{
	u32 factor, most, least;

	if (g->bds.height > g->crop.height || g->bds.width - 2 > g->crop.width)
		return IMGU_REASON_BDS_ENLARGES;
	factor = imgu_bds_factor(g->crop.height, g->bds.height);
	least = imgu_bds_factor(g->crop.width, g->bds.width);
	most = imgu_bds_factor(g->crop.width, g->bds.width - 2);
	/* A height below the least one was rounded up to it, and the factor became smaller. */
	if (g->bds.height == IMGU_MIN_SIZE && factor < least)
		factor = least;
	if (factor > IMGU_BDS_MAX_FACTOR)
		return IMGU_REASON_BDS_FACTOR;
	if (factor < least || factor > most)
		return IMGU_REASON_BDS_ASPECT;
	return IMGU_OK;
}

static enum imgu_reason judge_bds(const struct imgu_geometry *g, const struct imgu_program *p)
{
	if (!is_multiple(g->bds, IMGU_PLACE_BDS))
		return IMGU_REASON_BDS_ALIGNMENT;
	if (is_small(g->bds))
		return IMGU_REASON_BDS_SMALL;
	if (p->stripes == 2 && g->bds.width <= 2 * IMGU_VECTOR)
		return IMGU_REASON_BDS_NARROW;
	return judge_bds_factor(g);
}

static enum imgu_reason judge_gdc(const struct imgu_geometry *g)
{
	if (!is_multiple(g->gdc, IMGU_PLACE_GDC))
		return IMGU_REASON_GDC_ALIGNMENT;
	if (is_small(g->gdc))
		return IMGU_REASON_GDC_SMALL;
	if (!fits(g->gdc, g->bds))
		return IMGU_REASON_GDC_LARGE;
	if (!same(g->envelope, envelope_of(g)))
		return IMGU_REASON_ENVELOPE;
	if (!same(g->ref, reference_of(g)))
		return IMGU_REASON_REFERENCE;
	return IMGU_OK;
}

static bool is_picture_stride(u32 stride, u32 width)
{
	return stride >= width && stride <= 2 * IMGU_MAX_WIDTH && !(stride % IMGU_VECTOR);
}

static enum imgu_reason judge_out(const struct imgu_geometry *g)
{
	if (!is_frame(g->out, IMGU_PLACE_OUT))
		return IMGU_REASON_OUT_SIZE;
	if (!is_picture_stride(g->out_stride, g->out.width))
		return IMGU_REASON_OUT_STRIDE;
	if (!fits(g->out, g->gdc))
		return IMGU_REASON_OUT_LARGE;
	return IMGU_OK;
}

static enum imgu_reason judge_vf(const struct imgu_geometry *g)
{
	if (!is_frame(g->vf, IMGU_PLACE_VF))
		return IMGU_REASON_VF_SIZE;
	if (!is_picture_stride(g->vf_stride, g->vf.width))
		return IMGU_REASON_VF_STRIDE;
	if (!fits(g->vf, g->gdc))
		return IMGU_REASON_VF_LARGE;
	if (imgu_scaler_exponent(g->gdc.width, imgu_scaler_target_width(g->gdc, g->vf)) >
	    IMGU_SCALER_MAX_EXPONENT)
		return IMGU_REASON_VF_FACTOR;
	return IMGU_OK;
}

/**
 * imgu_geometry_judge() - whether all sizes go together, with a program
 * @g: The sizes.
 * @p: The program.
 *
 * What passes can be computed with: no sum or product of its sizes wraps, every field has room, and
 * what the hardware reads and writes lies in its buffers, an input's with its tail: see
 * imgu_feeder_tail().
 *
 * Context: any.
 * Return: %IMGU_OK, or the first rule that is broken, in the order of the pipe.
 */
enum imgu_reason imgu_geometry_judge(const struct imgu_geometry *g, const struct imgu_program *p)
{
	enum imgu_reason reason = judge_program(p);

	if (!reason)
		reason = judge_in(g);
	if (!reason)
		reason = judge_bds(g, p);
	if (!reason)
		reason = judge_gdc(g);
	if (!reason)
		reason = judge_out(g);
	if (!reason)
		reason = judge_vf(g);
	if (!reason)
		reason = imgu_osys_judge(g, p);
	return reason;
}
