/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the firmware reads for each frame: the accelerators' parameters (struct imgu_acc_param) and
 * the table of geometric correction (struct imgu_warp_block).
 *
 * Layout: the kernel's staging driver, ipu3-abi.h. Little-endian, bit-fields from the lowest bit
 * on, as the compilers for x86 do. Many parts start at multiples of 32, the size of a word of the
 * image processor's memory.
 */
#ifndef IPU3_IMGU_ABI_ACC_H
#define IPU3_IMGU_ABI_ACC_H

#include <linux/intel-ipu3.h>

#include "pure.h"

/* ---- Operations: what a block does while a frame goes by ---- */

/* When: at the start, after the acknowledge of what ran, at the end of the list. */
#define IMGU_ACC_WHEN_IDLE		0
#define IMGU_ACC_WHEN_END_OF_ACK	1
#define IMGU_ACC_WHEN_END_OF_OPS	2
#define IMGU_ACC_WHEN_NO_OPS		3

#define IMGU_ACC_WHAT_PROCESS_LINES	0
#define IMGU_ACC_WHAT_TRANSFER		1

/**
 * struct imgu_acc_operation - one entry of a list of operations
 * @when: IMGU_ACC_WHEN_....
 * @what: IMGU_ACC_WHAT_...; the n-th of a kind takes the n-th entry of that kind's own list.
 */
struct imgu_acc_operation {
	u8 when;
	u8 what;
};

/**
 * struct imgu_acc_lines - lines to process
 * @lines: How many.
 * @set: Which set of the block's configuration.
 * @reserved: 0.
 */
struct imgu_acc_lines {
	u16 lines;
	u8 set;
	u8 reserved;
};

/* ---- Stripes ---- */

/**
 * struct imgu_acc_slice - one stripe of a picture, pixels
 * @offset: Its first column.
 * @width: Its columns.
 * @height: Its lines.
 */
struct imgu_acc_slice {
	u16 offset;
	u16 width;
	u16 height;
};

/**
 * struct imgu_acc_stripe - how a frame is divided, at each step of its processing; pixels
 * @count: Stripes, 1 or 2.
 * @padding: 0.
 * @input: The RAW frame in memory.
 * @input.width: Its columns.
 * @input.height: Its lines.
 * @input.bayer_order: enum imgu_bayer.
 * @input.bit_depth: Bits a pixel.
 * @effective: After cropping, what the Bayer scaler reads.
 * @scaled: What it makes of them.
 * @bds: The same with the padding that blocks up to the reference frame need.
 * @bds_apart: The same without overlap.
 * @gdc_width: The frame after geometric correction.
 * @gdc_height: Likewise.
 * @out: What each stripe contributes to the main picture, without overlap.
 * @block: What each stripe makes of it, in whole blocks.
 * @effective_width: The frame after cropping.
 * @bds_width: The frame after the Bayer scaler.
 * @out_width: The main picture.
 * @out_height: Likewise.
 * @ref_width: The reference frame, with its padding.
 * @ref_height: Likewise.
 * @ref_x: The first column in it that holds a pixel.
 * @ref_y: The first such line.
 * @vf_width: The viewfinder's picture.
 * @vf_height: Likewise.
 * @bds_aligned_width: @bds_width, rounded up to whole vectors of the ISP.
 * @half_overlap: Vectors that are cut off at the left of stripes but the first.
 * @ir_decimation: 0: no infrared.
 * @padding1: 0.
 */
struct imgu_acc_stripe {
	u16 count;
	u8 padding[2];
	struct {
		u16 width;
		u16 height;
		u32 bayer_order;
		u32 bit_depth;
	} input;
	struct imgu_acc_slice effective[IPU3_UAPI_MAX_STRIPES];
	struct imgu_acc_slice scaled[IPU3_UAPI_MAX_STRIPES];
	struct imgu_acc_slice bds[IPU3_UAPI_MAX_STRIPES];
	struct imgu_acc_slice bds_apart[IPU3_UAPI_MAX_STRIPES];
	u16 gdc_width;
	u16 gdc_height;
	struct imgu_acc_slice out[IPU3_UAPI_MAX_STRIPES];
	struct imgu_acc_slice block[IPU3_UAPI_MAX_STRIPES];
	u16 effective_width;
	u16 bds_width;
	u16 out_width;
	u16 out_height;
	u16 ref_width;
	u16 ref_height;
	u16 ref_x;
	u16 ref_y;
	u16 vf_width;
	u16 vf_height;
	u16 bds_aligned_width;
	u16 half_overlap;
	u16 ir_decimation;
	u8 padding1[2];
};

static_assert(sizeof(struct imgu_acc_stripe) == 120, "acc_param: stripes");
static_assert(offsetof(struct imgu_acc_stripe, effective) == 16, "acc_param: stripes");
static_assert(offsetof(struct imgu_acc_stripe, gdc_width) == 64, "acc_param: stripes");
static_assert(offsetof(struct imgu_acc_stripe, effective_width) == 92, "acc_param: stripes");

/* ---- Input feeder: where the first pixel is ---- */

/**
 * struct imgu_acc_feeder_place - where reading starts
 * @stride: Bytes a line.
 * @start: Bytes from the buffer's start to the first line's first word.
 * @pixel: The first pixel's place in that word.
 */
struct imgu_acc_feeder_place {
	u32 stride;
	u32 start;
	u32 pixel;
};

/**
 * struct imgu_acc_feeder - where reading starts, of the frame and of each stripe
 * @frame: The frame.
 * @stripe: Each stripe.
 * @stripe.place: Likewise.
 */
struct imgu_acc_feeder {
	struct imgu_acc_feeder_place frame;
	struct {
		struct imgu_acc_feeder_place place __aligned(32);
	} stripe[IPU3_UAPI_MAX_STRIPES];
};

static_assert(sizeof(struct imgu_acc_feeder) == 96, "acc_param: input feeder");

/* ---- Shading correction ---- */

#define IMGU_SHD_LINES		31
#define IMGU_SHD_TRANSFERS	31
#define IMGU_SHD_OPERATIONS	(IMGU_SHD_LINES + IMGU_SHD_TRANSFERS)

/**
 * struct imgu_acc_shd_transfer - a set of gains to load
 * @set: Which of the block's sets, it has three.
 * @padding: 0.
 * @r_gr: Place of the gains of red and its green, bytes in the table.
 * @gb_b: Place of those of blue and its green.
 * @padding1: 0.
 */
struct imgu_acc_shd_transfer {
	u8 set;
	u8 padding[3];
	u32 r_gr;
	u32 gb_b;
	u32 padding1;
};

/**
 * struct imgu_acc_shd - shading correction
 * @config: From user space, but for two computed fields.
 * @operations: Lines and transfers by turns.
 * @lines: For operations that process lines.
 * @transfers: For operations that load gains.
 * @lut: The gains, from user space.
 */
struct imgu_acc_shd {
	struct ipu3_uapi_shd_config_static config __aligned(32);
	struct imgu_acc_operation operations[IMGU_SHD_OPERATIONS] __aligned(32);
	struct imgu_acc_lines lines[IMGU_SHD_LINES] __aligned(32);
	struct imgu_acc_shd_transfer transfers[IMGU_SHD_TRANSFERS] __aligned(32);
	struct ipu3_uapi_shd_lut lut __aligned(32);
};

static_assert(offsetof(struct imgu_acc_shd, operations) == 0x20, "acc_param: shading");
static_assert(offsetof(struct imgu_acc_shd, lines) == 0xa0, "acc_param: shading");
static_assert(offsetof(struct imgu_acc_shd, transfers) == 0x120, "acc_param: shading");
static_assert(offsetof(struct imgu_acc_shd, lut) == 0x320, "acc_param: shading");
static_assert(sizeof(struct imgu_acc_shd) == 0x8820, "acc_param: shading");

/* ---- Statistics for video stabilisation, which stay off ---- */

#define IMGU_DVS_LEVELS		3
#define IMGU_DVS_OPERATIONS	100
#define IMGU_DVS_LINES		52
#define IMGU_DVS_TRANSFERS	52

/**
 * struct imgu_acc_dvs_grid - the grid of one level of detail
 * @width: Cells.
 * @height: Cells.
 * @block_width: Log2 of a cell's pixels.
 * @block_height: Log2 of a cell's lines.
 * @x_start: First pixel.
 * @y_start: First line.
 * @enable: 1: on.
 * @x_end: Last pixel.
 * @y_end: Last line.
 */
struct imgu_acc_dvs_grid {
	u8 width;
	u8 height;
	u8 block_width;
	u8 block_height;
	u16 x_start;
	u16 y_start;
	u16 enable;
	u16 x_end;
	u16 y_end;
};

/**
 * struct imgu_acc_dvs - statistics for video stabilisation
 * @reserved: 0.
 * @grid: Of each level.
 * @reserved1: 0.
 * @reserved2: 0.
 * @operations: As in other blocks.
 * @lines: Likewise.
 * @transfers: Numbers of sets.
 * @reserved3: 0.
 */
struct imgu_acc_dvs {
	u8 reserved[4] __aligned(32);
	struct imgu_acc_dvs_grid grid[IMGU_DVS_LEVELS];
	u8 reserved1[18];
	u8 reserved2[128];
	struct imgu_acc_operation operations[IMGU_DVS_OPERATIONS] __aligned(32);
	struct imgu_acc_lines lines[IMGU_DVS_LINES] __aligned(32);
	u8 transfers[IMGU_DVS_TRANSFERS] __aligned(32);
	u8 reserved3[64] __aligned(32);
};

static_assert(offsetof(struct imgu_acc_dvs, operations) == 192, "acc_param: DVS");
static_assert(offsetof(struct imgu_acc_dvs, lines) == 416, "acc_param: DVS");
static_assert(offsetof(struct imgu_acc_dvs, transfers) == 640, "acc_param: DVS");
static_assert(offsetof(struct imgu_acc_dvs, reserved3) == 704, "acc_param: DVS");
static_assert(sizeof(struct imgu_acc_dvs) == 768, "acc_param: DVS");

/* ---- Tone mapping, which stays off ---- */

/**
 * struct imgu_acc_ytm - tone mapping of luma
 * @lut: Values.
 * @enable: 1: on.
 */
struct imgu_acc_ytm {
	u16 lut[256];
	u32 enable;
};

/* ---- Bayer scaler ---- */

#define IMGU_BDS_PATTERN_WORDS	8
#define IMGU_BDS_PHASES		32

/**
 * struct imgu_acc_bds_taps - a filter of six taps
 * @m2: Weight of the pixel two to the left.
 * @m1: One to the left.
 * @c0: The pixel's own.
 * @nf: Log2 of the weights' sum.
 * @p1: One to the right.
 * @p2: Two to the right.
 * @p3: Three to the right.
 * @reserved: 0.
 */
struct imgu_acc_bds_taps {
	s8 m2;
	s8 m1;
	s8 c0;
	s8 nf;
	s8 p1;
	s8 p2;
	s8 p3;
	u8 reserved;
};

/**
 * struct imgu_acc_bds_filter - how one direction is scaled
 * @pattern: Bits of a period of input pixels, set for each that makes an output pixel.
 * @even: Filters of even output pixels, by phase.
 * @odd: Of odd ones.
 */
struct imgu_acc_bds_filter {
	u32 pattern[IMGU_BDS_PATTERN_WORDS];
	struct imgu_acc_bds_taps even[IMGU_BDS_PHASES];
	struct imgu_acc_bds_taps odd[IMGU_BDS_PHASES];
};

/**
 * struct imgu_acc_bds_hor0 - horizontal scaling, first register
 * @pattern_length: Pixels of a period.
 * @reserved: 0.
 * @enable: 1: the width changes.
 * @min_clip: Limit of the output below.
 * @max_clip: Limit above.
 * @out_width: Pixels a line of the output.
 * @reserved1: 0.
 */
struct imgu_acc_bds_hor0 {
	u32 pattern_length:9;
	u32 reserved:3;
	u32 enable:1;
	u32 min_clip:1;
	u32 max_clip:2;
	u32 out_width:13;
	u32 reserved1:3;
};

/**
 * struct imgu_acc_bds_crop - what of the scaled line is kept
 * @start: First pixel.
 * @reserved: 0.
 * @end: Last pixel.
 * @reserved1: 0.
 * @enable: 1: on.
 * @reserved2: 0.
 */
struct imgu_acc_bds_crop {
	u32 start:13;
	u32 reserved:3;
	u32 end:13;
	u32 reserved1:1;
	u32 enable:1;
	u32 reserved2:1;
};

/**
 * struct imgu_acc_bds_hor2 - horizontal scaling, last register
 * @in_height: Lines of the input.
 * @reserved: 0.
 */
struct imgu_acc_bds_hor2 {
	u32 in_height:13;
	u32 reserved:19;
};

/**
 * struct imgu_acc_bds_ver0 - vertical scaling, first register
 * @pattern_length: Lines of a period.
 * @reserved: 0.
 * @enable: 1: the height changes.
 * @min_clip: Limit of the output below.
 * @max_clip: Limit above.
 * @reserved1: 0.
 */
struct imgu_acc_bds_ver0 {
	u32 pattern_length:9;
	u32 reserved:3;
	u32 enable:1;
	u32 min_clip:1;
	u32 max_clip:2;
	u32 reserved1:16;
};

/**
 * struct imgu_acc_bds_ver1 - vertical scaling, last register: the output's size
 * @out_width: Pixels.
 * @reserved: 0.
 * @out_height: Lines.
 * @reserved1: 0.
 */
struct imgu_acc_bds_ver1 {
	u32 out_width:13;
	u32 reserved:3;
	u32 out_height:13;
	u32 reserved1:3;
};

/**
 * struct imgu_acc_bds - the Bayer scaler
 * @hor: Horizontally.
 * @hor.control0: First register.
 * @hor.filter: Filters.
 * @hor.crop: What is kept.
 * @hor.control2: Last register.
 * @ver: Vertically.
 * @ver.control0: First register.
 * @ver.filter: Filters.
 * @ver.control1: Last register.
 * @stripe: What takes the place of the above in each stripe.
 * @stripe.control0: For @hor.control0.
 * @stripe.control1: For @ver.control1.
 * @stripe.crop: For @hor.crop.
 * @enabled: 1: it scales.
 */
struct imgu_acc_bds {
	struct {
		struct imgu_acc_bds_hor0 control0;
		struct imgu_acc_bds_filter filter;
		struct imgu_acc_bds_crop crop;
		struct imgu_acc_bds_hor2 control2;
	} hor __aligned(32);
	struct {
		struct imgu_acc_bds_ver0 control0;
		struct imgu_acc_bds_filter filter;
		struct imgu_acc_bds_ver1 control1;
	} ver __aligned(32);
	struct {
		struct imgu_acc_bds_hor0 control0 __aligned(32);
		struct imgu_acc_bds_ver1 control1;
		struct imgu_acc_bds_crop crop;
	} stripe[IPU3_UAPI_MAX_STRIPES];
	u32 enabled;
};

static_assert(sizeof(struct imgu_acc_bds_filter) == 544, "acc_param: BDS");
static_assert(offsetof(struct imgu_acc_bds, ver) == 576, "acc_param: BDS");
static_assert(offsetof(struct imgu_acc_bds, stripe) == 1152, "acc_param: BDS");
static_assert(offsetof(struct imgu_acc_bds, enabled) == 1216, "acc_param: BDS");
static_assert(sizeof(struct imgu_acc_bds) == 1248, "acc_param: BDS");

/* ---- Advanced noise reduction ---- */

/**
 * struct imgu_acc_anr - advanced noise reduction
 * @search: The search for similar patches.
 * @search.enable: 1: on.
 * @search.width: Of the frame, pixels.
 * @search.height: Lines.
 * @transform: From user space, but for limits of the resets.
 * @stitch: Putting patches together.
 * @stitch.enable: From user space.
 * @stitch.width: Of the frame, pixels.
 * @stitch.height: Lines.
 * @stitch.reserved: 0.
 * @stitch.pyramid: From user space.
 * @tile2strm: From tiles to lines.
 * @tile2strm.enable: 1: on.
 * @tile2strm.width: Of the frame, pixels.
 * @tile2strm.height: Lines.
 */
struct imgu_acc_anr {
	struct {
		u32 enable;
		u16 width;
		u16 height;
	} search __aligned(32);
	struct ipu3_uapi_anr_transform_config transform __aligned(32);
	struct {
		u32 enable;
		u16 width;
		u16 height;
		u8 reserved[40];
		struct ipu3_uapi_anr_stitch_pyramid pyramid[IPU3_UAPI_ANR_PYRAMID_SIZE];
	} stitch __aligned(32);
	struct {
		u32 enable;
		u16 width;
		u16 height;
	} tile2strm __aligned(32);
};

static_assert(offsetof(struct imgu_acc_anr, transform) == 0x20, "acc_param: ANR");
static_assert(offsetof(struct imgu_acc_anr, stitch) == 0x260, "acc_param: ANR");
static_assert(offsetof(struct imgu_acc_anr, stitch.pyramid) == 0x290, "acc_param: ANR");
static_assert(offsetof(struct imgu_acc_anr, tile2strm) == 0x300, "acc_param: ANR");
static_assert(sizeof(struct imgu_acc_anr) == 0x320, "acc_param: ANR");

/* ---- Statistics ---- */

#define IMGU_AWB_FR_LINES	30
#define IMGU_AWB_FR_TRANSFERS	30
#define IMGU_AWB_FR_OPERATIONS	(IMGU_AWB_FR_LINES + IMGU_AWB_FR_TRANSFERS)
#define IMGU_AF_LINES		30
#define IMGU_AF_TRANSFERS	30
#define IMGU_AF_OPERATIONS	(IMGU_AF_LINES + IMGU_AF_TRANSFERS)
#define IMGU_AWB_LINES		68
#define IMGU_AWB_TRANSFERS	68
#define IMGU_AWB_OPERATIONS	(IMGU_AWB_LINES + IMGU_AWB_TRANSFERS)

/* Cells that a block keeps before it must transfer them. */
#define IMGU_AWB_CELLS_PER_SET		160
#define IMGU_AF_CELLS_PER_SET		32
#define IMGU_AWB_FR_CELLS_PER_SET	32

/**
 * struct imgu_acc_awb_fr - the white balance filter's response
 * @config: From user space, but for the grid's ends and slices.
 * @operations: Lines and transfers by turns.
 * @lines: For operations that process lines.
 * @stripe: @config of each stripe.
 */
struct imgu_acc_awb_fr {
	struct ipu3_uapi_awb_fr_config_s config;
	struct imgu_acc_operation operations[IMGU_AWB_FR_OPERATIONS] __aligned(32);
	struct imgu_acc_lines lines[IMGU_AWB_FR_LINES] __aligned(32);
	struct ipu3_uapi_awb_fr_config_s stripe[IPU3_UAPI_MAX_STRIPES] __aligned(32);
};

static_assert(offsetof(struct imgu_acc_awb_fr, operations) == 32, "acc_param: AWB_FR");
static_assert(offsetof(struct imgu_acc_awb_fr, lines) == 160, "acc_param: AWB_FR");
static_assert(offsetof(struct imgu_acc_awb_fr, stripe) == 288, "acc_param: AWB_FR");
static_assert(sizeof(struct imgu_acc_awb_fr) == 352, "acc_param: AWB_FR");

/**
 * struct imgu_acc_ae - exposure
 * @grid: From user space, but for its ends.
 * @weights: From user space.
 * @ccm: From user space.
 * @stripe: Of each stripe; right behind @ccm, and not at the next multiple of 32: so does the
 *	staging driver's compiler put it, and so has the firmware seen it ever since.
 * @stripe.grid: Its part of the grid.
 * @stripe.padding: 0.
 */
struct imgu_acc_ae {
	struct ipu3_uapi_ae_grid_config grid __aligned(32);
	struct ipu3_uapi_ae_weight_elem weights[IPU3_UAPI_AE_WEIGHTS] __aligned(32);
	struct ipu3_uapi_ae_ccm ccm __aligned(32);
	struct {
		struct ipu3_uapi_ae_grid_config grid;
		u8 padding[20];
	} stripe[IPU3_UAPI_MAX_STRIPES];
};

static_assert(offsetof(struct imgu_acc_ae, weights) == 32, "acc_param: AE");
static_assert(offsetof(struct imgu_acc_ae, ccm) == 416, "acc_param: AE");
static_assert(offsetof(struct imgu_acc_ae, stripe) == 456, "acc_param: AE");
static_assert(sizeof(struct imgu_acc_ae) == 544, "acc_param: AE");

/**
 * struct imgu_acc_frame_size - a frame's size
 * @width: Pixels.
 * @height: Lines.
 */
struct imgu_acc_frame_size {
	u16 width;
	u16 height;
};

/**
 * struct imgu_acc_af - focus
 * @config: Of the frame:
 * @config.filter: from user space,
 * @config.frame: the frame's size,
 * @config.grid: from user space, but for its ends and slices.
 * @operations: Lines and transfers by turns.
 * @lines: For operations that process lines.
 * @stripe: Of each stripe:
 * @stripe.frame: its size,
 * @stripe.grid: its part of the grid.
 */
struct imgu_acc_af {
	struct {
		struct ipu3_uapi_af_filter_config filter __aligned(32);
		struct imgu_acc_frame_size frame;
		struct ipu3_uapi_grid_config grid __aligned(32);
	} config;
	struct imgu_acc_operation operations[IMGU_AF_OPERATIONS] __aligned(32);
	struct imgu_acc_lines lines[IMGU_AF_LINES] __aligned(32);
	struct {
		struct imgu_acc_frame_size frame __aligned(32);
		struct ipu3_uapi_grid_config grid __aligned(32);
	} stripe[IPU3_UAPI_MAX_STRIPES];
};

static_assert(offsetof(struct imgu_acc_af, config.frame) == 40, "acc_param: AF");
static_assert(offsetof(struct imgu_acc_af, config.grid) == 64, "acc_param: AF");
static_assert(offsetof(struct imgu_acc_af, operations) == 96, "acc_param: AF");
static_assert(offsetof(struct imgu_acc_af, lines) == 224, "acc_param: AF");
static_assert(offsetof(struct imgu_acc_af, stripe) == 352, "acc_param: AF");
static_assert(sizeof(struct imgu_acc_af) == 480, "acc_param: AF");

/**
 * struct imgu_acc_awb - white balance
 * @config: From user space, but for the grid's ends and slices.
 * @operations: Lines and transfers by turns.
 * @lines: For operations that process lines.
 * @transfers: Numbers of sets, for operations that transfer them.
 * @stripe: @config of each stripe.
 */
struct imgu_acc_awb {
	struct ipu3_uapi_awb_config_s config;
	struct imgu_acc_operation operations[IMGU_AWB_OPERATIONS] __aligned(32);
	struct imgu_acc_lines lines[IMGU_AWB_LINES] __aligned(32);
	u8 transfers[IMGU_AWB_TRANSFERS] __aligned(32);
	struct ipu3_uapi_awb_config_s stripe[IPU3_UAPI_MAX_STRIPES];
};

static_assert(offsetof(struct imgu_acc_awb, operations) == 32, "acc_param: AWB");
static_assert(offsetof(struct imgu_acc_awb, lines) == 320, "acc_param: AWB");
static_assert(offsetof(struct imgu_acc_awb, transfers) == 608, "acc_param: AWB");
static_assert(offsetof(struct imgu_acc_awb, stripe) == 704, "acc_param: AWB");
static_assert(sizeof(struct imgu_acc_awb) == 768, "acc_param: AWB");

/* ---- Output system: two pins, scaler and formatters ---- */

#define IMGU_OSYS_PIN_VF	0
#define IMGU_OSYS_PIN_OUT	1
#define IMGU_OSYS_PINS		2

enum imgu_osys_format {
	IMGU_OSYS_FORMAT_YUV420,
	IMGU_OSYS_FORMAT_YV12,
	IMGU_OSYS_FORMAT_NV12,
	IMGU_OSYS_FORMAT_NV21,
	IMGU_OSYS_FORMAT_YUV_LINE,
	IMGU_OSYS_FORMAT_YUY2,
	IMGU_OSYS_FORMAT_NV16,
	IMGU_OSYS_FORMAT_RGBA,
	IMGU_OSYS_FORMAT_BGRA,
};

enum imgu_osys_tiling {
	IMGU_OSYS_TILING_NONE,
	IMGU_OSYS_TILING_Y,
	IMGU_OSYS_TILING_YF,
};

enum imgu_osys_mode {
	IMGU_OSYS_MODE_BYPASS,
	IMGU_OSYS_MODE_UPSCALE,
	IMGU_OSYS_MODE_DOWNSCALE,
};

/**
 * struct imgu_acc_osys_formatter - registers of the formatter: from a stripe's blocks to a frame
 * @format: enum imgu_osys_format.
 * @flip: 1: the last line first.
 * @mirror: 1: the last pixel first.
 * @tiling: enum imgu_osys_tiling.
 * @reduce_range: 1: luma from 16 to 235.
 * @alpha: Of formats that have it.
 * @release_in_address: Whom a block that was read is returned to.
 * @release_in_enable: 1: it is.
 * @process_out_address: Whom a block that was made is announced to.
 * @width_vectors: A block's width.
 * @height_lines: Its height.
 * @in_y: Input: luma's start,
 * @in_y_line: luma's step from line to line,
 * @in_y_buffer: and from buffer to buffer,
 * @in_u: U's start,
 * @in_v: V's start,
 * @in_uv_line: their step from line to line,
 * @in_uv_buffer: and from buffer to buffer.
 * @out_level: Output: buffers in use,
 * @out_y_lines: luma's lines,
 * @out_u: U's place,
 * @out_v: V's place,
 * @out_y_line: luma's step from line to line,
 * @out_uv_line: chroma's.
 * @history: Lines of the block before: their start,
 * @history_line: their step,
 * @history_lines: and how many.
 *
 * Places and steps are in vectors of the output system's memory.
 */
struct imgu_acc_osys_formatter {
	u32 format __aligned(32);
	u32 flip;
	u32 mirror;
	u32 tiling;
	u32 reduce_range;
	u32 alpha;
	u32 release_in_address;
	u32 release_in_enable;
	u32 process_out_address;
	u32 width_vectors;
	u32 height_lines;
	u32 in_y;
	u32 in_y_line;
	u32 in_y_buffer;
	u32 in_u;
	u32 in_v;
	u32 in_uv_line;
	u32 in_uv_buffer;
	u32 out_level;
	u32 out_y_lines;
	u32 out_u;
	u32 out_v;
	u32 out_y_line;
	u32 out_uv_line;
	u32 history;
	u32 history_line;
	u32 history_lines;
};

/**
 * struct imgu_acc_osys_scaler - registers of the scaler
 * @in_y: Input: luma's start,
 * @in_y_line: luma's step from line to line,
 * @in_y_buffer: and from buffer to buffer,
 * @in_u: U's start,
 * @in_v: V's start,
 * @in_uv_line: their step from line to line,
 * @in_uv_buffer: and from buffer to buffer,
 * @in_width: a block's pixels a line,
 * @in_buffers: how many buffers.
 * @out_y: Output: likewise.
 * @out_y_line: Likewise.
 * @out_y_buffer: Likewise.
 * @out_u: Likewise.
 * @out_v: Likewise.
 * @out_uv_line: Likewise.
 * @out_uv_buffer: Likewise.
 * @out_buffers: Likewise.
 * @mid_y: What is between the two directions: likewise.
 * @mid_y_line: Likewise.
 * @mid_u: Likewise.
 * @mid_v: Likewise.
 * @mid_uv_line: Likewise.
 * @mid_height: Its lines.
 * @mid_width: A block's pixels a line.
 * @mid_block_height: A block's lines.
 * @context_hor_y: What stays from block to block: horizontally, of luma,
 * @context_hor_u: of U,
 * @context_hor_v: of V;
 * @context_ver_y: vertically, of luma,
 * @context_ver_u: of U,
 * @context_ver_v: of V.
 * @release_in_address: Whom a block that was read is returned to.
 * @release_in_enable: 1: it is.
 * @release_out_enable: 1: so is a block that was written.
 * @process_out_address: Whom a block that was made is announced to.
 * @width: Of the input, pixels of luma.
 * @height: Lines.
 * @y_start: First column of luma.
 * @uv_start: Of chroma.
 * @y_left_pad: Pixels that are repeated: left, of luma,
 * @uv_left_pad: of chroma;
 * @y_right_pad: right,
 * @uv_right_pad: likewise;
 * @y_top_pad: above,
 * @uv_top_pad: likewise;
 * @y_bottom_pad: below,
 * @uv_bottom_pad: likewise.
 * @mode: enum imgu_osys_mode.
 * @ratio: Steps in the input a pixel of the output, 2048 is one.
 * @y_left_phase: The first step's place: left, of luma,
 * @uv_left_phase: of chroma;
 * @y_top_phase: above,
 * @uv_top_phase: likewise.
 * @exponent: Shift of the coefficients.
 * @y_left_crop: Pixels of the output that are dropped: left, of luma,
 * @uv_left_crop: of chroma;
 * @y_top_crop: above,
 * @uv_top_crop: likewise.
 */
struct imgu_acc_osys_scaler {
	u32 in_y __aligned(32);
	u32 in_y_line;
	u32 in_y_buffer;
	u32 in_u;
	u32 in_v;
	u32 in_uv_line;
	u32 in_uv_buffer;
	u32 in_width;
	u32 in_buffers;
	u32 out_y;
	u32 out_y_line;
	u32 out_y_buffer;
	u32 out_u;
	u32 out_v;
	u32 out_uv_line;
	u32 out_uv_buffer;
	u32 out_buffers;
	u32 mid_y;
	u32 mid_y_line;
	u32 mid_u;
	u32 mid_v;
	u32 mid_uv_line;
	u32 mid_height;
	u32 mid_width;
	u32 mid_block_height;
	u32 context_hor_y;
	u32 context_hor_u;
	u32 context_hor_v;
	u32 context_ver_y;
	u32 context_ver_u;
	u32 context_ver_v;
	u32 release_in_address;
	u32 release_in_enable;
	u32 release_out_enable;
	u32 process_out_address;
	u32 width;
	u32 height;
	u32 y_start;
	u32 uv_start;
	u32 y_left_pad;
	u32 uv_left_pad;
	u32 y_right_pad;
	u32 uv_right_pad;
	u32 y_top_pad;
	u32 uv_top_pad;
	u32 y_bottom_pad;
	u32 uv_bottom_pad;
	u32 mode;
	u32 ratio;
	u32 y_left_phase;
	u32 uv_left_phase;
	u32 y_top_phase;
	u32 uv_top_phase;
	u32 exponent;
	u32 y_left_crop;
	u32 uv_left_crop;
	u32 y_top_crop;
	u32 uv_top_crop;
};

/**
 * struct imgu_acc_osys_frame - the frame at one pin
 * @enable: 1: it is made.
 * @format: enum imgu_osys_format.
 * @flip: 1: the last line first.
 * @mirror: 1: the last pixel first.
 * @tiling: enum imgu_osys_tiling.
 * @width: Pixels.
 * @height: Lines.
 * @stride: Bytes a line of luma.
 * @scaled: 1: it goes through the scaler.
 */
struct imgu_acc_osys_frame {
	u32 enable __aligned(32);
	u32 format;
	u32 flip;
	u32 mirror;
	u32 tiling;
	u32 width;
	u32 height;
	u32 stride;
	u32 scaled;
};

/**
 * struct imgu_acc_osys_stripe - one stripe, and what it contributes to the frame at each pin
 * @in_width: Pixels of the input.
 * @in_height: Lines.
 * @out_width: Pixels of the output.
 * @out_height: Lines.
 * @out_offset: First column of the frame.
 * @stride: Bytes a line of what is made before cropping.
 * @block_width: Pixels of a block.
 * @block_height: Lines of a block.
 * @crop_top: Lines that are dropped.
 * @crop_left: Pixels that are dropped.
 */
struct imgu_acc_osys_stripe {
	u32 in_width;
	u32 in_height;
	u32 out_width[IMGU_OSYS_PINS];
	u32 out_height[IMGU_OSYS_PINS];
	u32 out_offset[IMGU_OSYS_PINS];
	u32 stride[IMGU_OSYS_PINS];
	u32 block_width;
	u32 block_height;
	u32 crop_top[IMGU_OSYS_PINS];
	u32 crop_left[IMGU_OSYS_PINS];
};

/**
 * struct imgu_acc_osys - the output system
 * @formatter: Of each stripe and pin.
 * @scaler: Of each stripe.
 * @frame: Of each pin.
 * @stripe: Of each stripe.
 * @chroma_taps: The scaler's coefficients for chroma: 32 phases of 4 taps.
 * @luma_taps: For luma.
 */
struct imgu_acc_osys {
	struct imgu_acc_osys_formatter formatter[IPU3_UAPI_MAX_STRIPES][IMGU_OSYS_PINS];
	struct imgu_acc_osys_scaler scaler[IPU3_UAPI_MAX_STRIPES];
	struct imgu_acc_osys_frame frame[IMGU_OSYS_PINS];
	struct imgu_acc_osys_stripe stripe[IPU3_UAPI_MAX_STRIPES];
	s8 chroma_taps[128];
	s8 luma_taps[128];
};

static_assert(sizeof(struct imgu_acc_osys_formatter) == 128, "acc_param: output system");
static_assert(sizeof(struct imgu_acc_osys_scaler) == 256, "acc_param: output system");
static_assert(sizeof(struct imgu_acc_osys_frame) == 64, "acc_param: output system");
static_assert(sizeof(struct imgu_acc_osys_stripe) == 64, "acc_param: output system");
static_assert(offsetof(struct imgu_acc_osys, scaler) == 512, "acc_param: output system");
static_assert(offsetof(struct imgu_acc_osys, frame) == 1024, "acc_param: output system");
static_assert(offsetof(struct imgu_acc_osys, stripe) == 1152, "acc_param: output system");
static_assert(offsetof(struct imgu_acc_osys, chroma_taps) == 1280, "acc_param: output system");
static_assert(sizeof(struct imgu_acc_osys) == 1536, "acc_param: output system");

/* ---- All together ---- */

#define IMGU_DPC_SIZE	240832

/**
 * struct imgu_acc_param - all parameters of the accelerators
 * @stripe: The frame's division.
 * @padding: 0.
 * @feeder: The first pixel's place.
 * @bnr: Bayer noise reduction, from user space but for the column size.
 * @green_disparity: From user space.
 * @dm: Demosaicing, from user space but for the frame's width.
 * @ccm: Colour correction, from user space.
 * @gamma: From user space.
 * @csc: From RGB to YUV, from user space.
 * @cds: Chroma's down-scaling, from user space.
 * @shd: Shading correction.
 * @dvs: Statistics for video stabilisation, off.
 * @padding1: 0, place of statistics that no program makes.
 * @iefd: Image enhancement, from user space.
 * @yds_c0: Luma's down-scaling, from user space.
 * @chnr_c0: Chroma noise reduction, from user space.
 * @y_ee_nr: Luma's edges and noise, from user space.
 * @yds: Luma's down-scaling, from user space.
 * @chnr: Chroma noise reduction, from user space.
 * @ytm: Tone mapping, off.
 * @yds2: Luma's down-scaling, from user space.
 * @tcc: Total colour correction, from user space.
 * @dpc: Defect pixels, off: 0.
 * @bds: The Bayer scaler.
 * @anr: Advanced noise reduction.
 * @awb_fr: The white balance filter's response.
 * @ae: Exposure.
 * @af: Focus.
 * @awb: White balance.
 * @osys: The output system.
 */
struct imgu_acc_param {
	struct imgu_acc_stripe stripe;
	u8 padding[8];
	struct imgu_acc_feeder feeder;
	struct ipu3_uapi_bnr_static_config bnr;
	struct ipu3_uapi_bnr_static_config_green_disparity green_disparity __aligned(32);
	struct ipu3_uapi_dm_config dm __aligned(32);
	struct ipu3_uapi_ccm_mat_config ccm __aligned(32);
	struct ipu3_uapi_gamma_config gamma __aligned(32);
	struct ipu3_uapi_csc_mat_config csc __aligned(32);
	struct ipu3_uapi_cds_params cds __aligned(32);
	struct imgu_acc_shd shd __aligned(32);
	struct imgu_acc_dvs dvs;
	u8 padding1[224];
	struct ipu3_uapi_yuvp1_iefd_config iefd __aligned(32);
	struct ipu3_uapi_yuvp1_yds_config yds_c0 __aligned(32);
	struct ipu3_uapi_yuvp1_chnr_config chnr_c0 __aligned(32);
	struct ipu3_uapi_yuvp1_y_ee_nr_config y_ee_nr __aligned(32);
	struct ipu3_uapi_yuvp1_yds_config yds __aligned(32);
	struct ipu3_uapi_yuvp1_chnr_config chnr __aligned(32);
	struct imgu_acc_ytm ytm __aligned(32);
	struct ipu3_uapi_yuvp1_yds_config yds2 __aligned(32);
	struct ipu3_uapi_yuvp2_tcc_static_config tcc __aligned(32);
	u8 dpc[IMGU_DPC_SIZE] __aligned(32);
	struct imgu_acc_bds bds;
	struct imgu_acc_anr anr;
	struct imgu_acc_awb_fr awb_fr;
	struct imgu_acc_ae ae;
	struct imgu_acc_af af;
	struct imgu_acc_awb awb;
	struct imgu_acc_osys osys;
};

#ifndef __CHECKER__ /* sparse aligns parts of packed structures where compilers do not */
static_assert(sizeof(struct ipu3_uapi_params) == 39328, "UAPI: parameters");
static_assert(sizeof(struct ipu3_uapi_stats_3a) == 125664, "UAPI: statistics");
#endif
static_assert(sizeof(struct imgu_acc_param) == 285120, "acc_param");
static_assert(offsetof(struct imgu_acc_param, feeder) == 0x80, "acc_param");
static_assert(offsetof(struct imgu_acc_param, bnr) == 0xe0, "acc_param");
static_assert(offsetof(struct imgu_acc_param, green_disparity) == 0x140, "acc_param");
static_assert(offsetof(struct imgu_acc_param, dm) == 0x160, "acc_param");
static_assert(offsetof(struct imgu_acc_param, ccm) == 0x180, "acc_param");
static_assert(offsetof(struct imgu_acc_param, gamma) == 0x1a0, "acc_param");
static_assert(offsetof(struct imgu_acc_param, csc) == 0x3c0, "acc_param");
static_assert(offsetof(struct imgu_acc_param, cds) == 0x3e0, "acc_param");
static_assert(offsetof(struct imgu_acc_param, shd) == 0x400, "acc_param");
static_assert(offsetof(struct imgu_acc_param, dvs) == 0x8c20, "acc_param");
static_assert(offsetof(struct imgu_acc_param, iefd) == 0x9000, "acc_param");
static_assert(offsetof(struct imgu_acc_param, yds_c0) == 0x90c0, "acc_param");
static_assert(offsetof(struct imgu_acc_param, chnr_c0) == 0x90e0, "acc_param");
static_assert(offsetof(struct imgu_acc_param, y_ee_nr) == 0x9100, "acc_param");
static_assert(offsetof(struct imgu_acc_param, yds) == 0x9140, "acc_param");
static_assert(offsetof(struct imgu_acc_param, chnr) == 0x9160, "acc_param");
static_assert(offsetof(struct imgu_acc_param, ytm) == 0x9180, "acc_param");
static_assert(offsetof(struct imgu_acc_param, yds2) == 0x93a0, "acc_param");
static_assert(offsetof(struct imgu_acc_param, tcc) == 0x93c0, "acc_param");
static_assert(offsetof(struct imgu_acc_param, dpc) == 0x96a0, "acc_param");
static_assert(offsetof(struct imgu_acc_param, bds) == 0x44360, "acc_param");
static_assert(offsetof(struct imgu_acc_param, anr) == 0x44840, "acc_param");
static_assert(offsetof(struct imgu_acc_param, awb_fr) == 0x44b60, "acc_param");
static_assert(offsetof(struct imgu_acc_param, ae) == 0x44cc0, "acc_param");
static_assert(offsetof(struct imgu_acc_param, af) == 0x44ee0, "acc_param");
static_assert(offsetof(struct imgu_acc_param, awb) == 0x450c0, "acc_param");
static_assert(offsetof(struct imgu_acc_param, osys) == 0x453c0, "acc_param");

/* ---- Geometric correction ---- */

#define IMGU_WARP_FRACTION	8

/**
 * struct imgu_warp_block - where one block of its output comes from
 * @origin_x: The block's first pixel, in its input.
 * @origin_y: The block's first line.
 * @in_offset: The input's first word, bytes in the reference frame.
 * @in_width: Pixels of the input.
 * @in_height: Lines.
 * @corner: Places of the four corners in the input, fractions of IMGU_WARP_FRACTION bits.
 * @corner.x: Horizontally.
 * @corner.y: Vertically.
 * @in_width_a: Words of the input, in the reference frame.
 * @in_width_b: Words of the input, in the block's memory.
 * @padding: 0.
 */
struct imgu_warp_block {
	u32 origin_x;
	u32 origin_y;
	u32 in_offset;
	u32 in_width;
	u32 in_height;
	struct {
		u32 x;
		u32 y;
	} corner[4];
	u32 in_width_a;
	u32 in_width_b;
	u32 padding;
};

static_assert(sizeof(struct imgu_warp_block) == 64, "warp table");
static_assert(offsetof(struct imgu_warp_block, in_width_a) == 52, "warp table");

#endif
