/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sizes and rectangles of one pipe: what user space chose, brought together in one value from which
 * everything that the firmware is told about places and sizes is computed. No kernel service is
 * used, so that the same code is compiled, compared and fuzzed in user space.
 */
#ifndef IPU3_IMGU_GEOMETRY_H
#define IPU3_IMGU_GEOMETRY_H

#include "pure.h"
#include "reason.h"

/* Limits of a frame in memory. Rectangles between the frames have the lower one only. */
#define IMGU_MIN_SIZE		32
#define IMGU_MAX_WIDTH		4224
#define IMGU_MAX_HEIGHT		3136

/*
 * Lines that a crop may be higher than the frame: libcamera rounds an even height up to a multiple
 * of 4 (pipeline/ipu3/imgu.cpp). They lie in the buffer's tail, see imgu_feeder_tail().
 */
#define IMGU_CROP_BEYOND	2

/* A word of a RAW frame in memory, and the pixels of 10 bits that are packed into it. */
#define IMGU_RAW_WORD_BYTES	64
#define IMGU_RAW_WORD_PIXELS	50
/* Bytes of a line of a RAW frame, at most: as many again as the widest one has. */
#define IMGU_MAX_IN_STRIDE \
	(2 * DIV_ROUND_UP(IMGU_MAX_WIDTH, IMGU_RAW_WORD_PIXELS) * IMGU_RAW_WORD_BYTES)
/* Pixels of a vector of the ISP. A line of a picture in memory is a multiple of as many bytes. */
#define IMGU_VECTOR		64
/* Columns and lines around the pixels of the reference frame, on each side. */
#define IMGU_REF_X		128
#define IMGU_REF_Y		32

/**
 * enum imgu_bayer - order of a RAW frame's pixels, numbered as the firmware does
 * @IMGU_BAYER_GRBG: Green and red in the first line.
 * @IMGU_BAYER_RGGB: Red and green.
 * @IMGU_BAYER_BGGR: Blue and green.
 * @IMGU_BAYER_GBRG: Green and blue.
 */
enum imgu_bayer {
	IMGU_BAYER_GRBG,
	IMGU_BAYER_RGGB,
	IMGU_BAYER_BGGR,
	IMGU_BAYER_GBRG,
};

/**
 * struct imgu_size - a width and a height
 * @width: Pixels.
 * @height: Lines.
 */
struct imgu_size {
	u32 width;
	u32 height;
};

/**
 * struct imgu_program - what a pipe's geometry and settings need to know of the chosen program
 * @stripes: Vertical stripes that it works a frame off in, 1 or 2.
 * @block_width: Vectors of the ISP (64 pixels each) that a block of its output is wide, 1 to 65536.
 * @block_height: Lines that such a block is high, 1 to 65536.
 * @has_af: It makes focus statistics.
 * @has_awb: It makes white balance statistics.
 * @has_awb_fr: It makes the white balance filter's response.
 * @has_ae: It makes exposure statistics.
 */
struct imgu_program {
	u8 stripes;
	u32 block_width;
	u32 block_height;
	bool has_af;
	bool has_awb;
	bool has_awb_fr;
	bool has_ae;
};

/**
 * struct imgu_geometry - all sizes of one pipe
 * @in: The RAW frame, in memory.
 * @in_stride: Its bytes a line.
 * @bayer: Order of its pixels.
 * @crop: What of it is used (IF, "effective"), cut out of the middle; up to %IMGU_CROP_BEYOND
 *	lines more than there are.
 * @bds: After the Bayer scaler.
 * @envelope: What geometric correction may take from around its output.
 * @gdc: After geometric correction.
 * @out: The main picture, cut out of @gdc.
 * @out_stride: Its bytes a line of luma.
 * @vf: The viewfinder's picture, scaled down from @gdc.
 * @vf_stride: Its bytes a line of luma.
 * @ref: The reference frame that geometric correction reads, its pixels a line with the padding.
 * @vf_enabled: The viewfinder's node is linked. Without it @vf is a valid size all the same.
 */
struct imgu_geometry {
	struct imgu_size in;
	u32 in_stride;
	enum imgu_bayer bayer;
	struct imgu_size crop;
	struct imgu_size bds;
	struct imgu_size envelope;
	struct imgu_size gdc;
	struct imgu_size out;
	u32 out_stride;
	struct imgu_size vf;
	u32 vf_stride;
	struct imgu_size ref;
	bool vf_enabled;
};

/**
 * enum imgu_place - where in a pipe a size is
 * @IMGU_PLACE_IN: The RAW frame in memory.
 * @IMGU_PLACE_CROP: What of it is used.
 * @IMGU_PLACE_BDS: After the Bayer scaler.
 * @IMGU_PLACE_GDC: After geometric correction.
 * @IMGU_PLACE_OUT: The main picture in memory.
 * @IMGU_PLACE_VF: The viewfinder's picture in memory.
 * @IMGU_PLACES: How many.
 */
enum imgu_place {
	IMGU_PLACE_IN,
	IMGU_PLACE_CROP,
	IMGU_PLACE_BDS,
	IMGU_PLACE_GDC,
	IMGU_PLACE_OUT,
	IMGU_PLACE_VF,
	IMGU_PLACES
};

struct imgu_size imgu_geometry_adjust(enum imgu_place place, struct imgu_size wanted);
struct imgu_size imgu_geometry_adjust_pad(bool source, struct imgu_size wanted);
u32 imgu_geometry_raw_stride(u32 width);
u32 imgu_geometry_picture_stride(u32 width);
void imgu_geometry_complete(struct imgu_geometry *g);
enum imgu_reason imgu_geometry_judge(const struct imgu_geometry *g, const struct imgu_program *p);

#endif
