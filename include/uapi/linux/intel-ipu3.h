/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Settings that user space gives to, and statistics that it gets from, the image processor of
 * Intel's IPU3: the data formats V4L2_META_FMT_IPU3_PARAMS and V4L2_META_FMT_IPU3_STAT_3A.
 *
 * Binary layout and names are those of the header that the kernel's staging driver comes with, so
 * that a program compiled for either works with both. Little-endian; bit-fields from the lowest
 * bit on. Fields called reserved or padding are to be zero, and are ignored.
 *
 * Notations: u3.13 is unsigned with 3 bits before and 13 behind the binary point, s a sign more;
 * [a, b] is a range with both ends, and what follows a range is the value that the driver begins
 * with. The four colours of a Bayer quad are gr (green in red's lines), r, b, gb.
 */
#ifndef _UAPI_LINUX_INTEL_IPU3_H
#define _UAPI_LINUX_INTEL_IPU3_H

#include <linux/types.h>

/* Both need <linux/videodev2.h>. */
#define V4L2_META_FMT_IPU3_PARAMS	v4l2_fourcc('i', 'p', '3', 'p')
#define V4L2_META_FMT_IPU3_STAT_3A	v4l2_fourcc('i', 'p', '3', 's')

/* The subdevices' menu of what a pipe is for: 0 video, 1 still pictures, without statistics. */
#define V4L2_CID_INTEL_IPU3_BASE	(V4L2_CID_USER_BASE + 0x10c0)
#define V4L2_CID_INTEL_IPU3_MODE	(V4L2_CID_INTEL_IPU3_BASE + 1)

/* ---- Statistics ---- */

/* A frame is worked off in this many vertical stripes at most. */
#define IPU3_UAPI_MAX_STRIPES		2
/* Room for cells that are no part of the grid, behind each set and for each stripe. */
#define IPU3_UAPI_MAX_BUBBLE_SIZE	10

/* In x_start and y_start of a grid, and what enables the block there. */
#define IPU3_UAPI_GRID_START_MASK	((1 << 12) - 1)
#define IPU3_UAPI_GRID_Y_START_EN	(1 << 15)

/* In rgbs_thr_b: statistics are made; saturated pixels are part of the averages. */
#define IPU3_UAPI_AWB_RGBS_THR_B_EN		(1 << 14)
#define IPU3_UAPI_AWB_RGBS_THR_B_INCL_SAT	(1 << 15)

/* Cells that a statistics block divides a region of its input into; places are in pixels. */
struct ipu3_uapi_grid_config {
	__u8 width;			/* cells; AWB [16, 80], AF and AWB_FR [16, 32] */
	__u8 height;			/* cells; AWB [16, 60], AF and AWB_FR [16, 24] */
	__u16 block_width_log2:3;	/* a cell is 2^n wide; AWB [3, 6], others [3, 7] */
	__u16 block_height_log2:3;	/* and 2^n high; likewise */
	__u16 height_per_slice:8;	/* rows of cells a slice; the driver computes it */
	__u16 x_start;			/* [0, 4095] */
	__u16 y_start;			/* [0, 4095] | IPU3_UAPI_GRID_Y_START_EN */
	__u16 x_end;			/* the last pixel; the driver computes it */
	__u16 y_end;			/* the last line; the driver computes it */
} __attribute__((packed));

/* White balance: one cell. Averages are the upper 8 bits. */
struct ipu3_uapi_awb_set_item {
	__u8 Gr_avg;
	__u8 R_avg;
	__u8 B_avg;
	__u8 Gb_avg;
	__u8 sat_ratio;			/* pixels above a threshold, of 255 */
	__u8 padding0;
	__u8 padding1;
	__u8 padding2;
} __attribute__((packed));

/* Slices, and cells a slice: one row of 80 of them and another. */
#define IPU3_UAPI_AWB_MAX_SETS			60
#define IPU3_UAPI_AWB_SET_SIZE			160
#define IPU3_UAPI_AWB_SPARE_FOR_BUBBLES		(IPU3_UAPI_MAX_BUBBLE_SIZE * IPU3_UAPI_MAX_STRIPES)
#define IPU3_UAPI_AWB_MAX_BUFFER_SIZE		(IPU3_UAPI_AWB_MAX_SETS * \
	(IPU3_UAPI_AWB_SET_SIZE + IPU3_UAPI_AWB_SPARE_FOR_BUBBLES))

/* Rows of cells, each padded to a multiple of 4. */
struct ipu3_uapi_awb_raw_buffer {
	struct ipu3_uapi_awb_set_item meta_data[IPU3_UAPI_AWB_MAX_BUFFER_SIZE]
		__attribute__((aligned(32)));
} __attribute__((packed));

/* Thresholds of saturation, [0, 8191] 8191 each, rgbs_thr_b with the flags above. */
struct ipu3_uapi_awb_config_s {
	__u16 rgbs_thr_gr;
	__u16 rgbs_thr_r;
	__u16 rgbs_thr_gb;
	__u16 rgbs_thr_b;
	struct ipu3_uapi_grid_config grid;
} __attribute__((aligned(32))) __attribute__((packed));

struct ipu3_uapi_awb_config {
	struct ipu3_uapi_awb_config_s config __attribute__((aligned(32)));
} __attribute__((packed));

/* Exposure: four weighted histograms, of red, green, blue and luma. */
#define IPU3_UAPI_AE_COLORS	4
#define IPU3_UAPI_AE_BINS	256
#define IPU3_UAPI_AE_WEIGHTS	96

struct ipu3_uapi_ae_raw_buffer {
	__u32 vals[IPU3_UAPI_AE_BINS * IPU3_UAPI_AE_COLORS];	/* 24 bits of each count */
} __attribute__((packed));

/* The image processor never fills it: the averages of white balance take its place. */
struct ipu3_uapi_ae_raw_buffer_aligned {
	struct ipu3_uapi_ae_raw_buffer buff __attribute__((aligned(32)));
} __attribute__((packed));

struct ipu3_uapi_ae_grid_config {
	__u8 width;			/* cells, [16, 32] 16 */
	__u8 height;			/* cells, [16, 24] 16 */
	__u8 block_width_log2:4;	/* [3, 7] 3 */
	__u8 block_height_log2:4;	/* [3, 7] 3 */
	__u8 reserved0:5;
	__u8 ae_en:1;			/* histograms are written */
	__u8 rst_hist_array:1;		/* histograms are to be cleared */
	__u8 done_rst_hist_array:1;	/* they have been */
	__u16 x_start;			/* [0, 4095] 0 */
	__u16 y_start;			/* [0, 4095] 0 */
	__u16 x_end;			/* the driver computes it */
	__u16 y_end;			/* the driver computes it */
} __attribute__((packed));

/* How much a cell counts, [0, 15] each; 32 x 24 cells in all. */
struct ipu3_uapi_ae_weight_elem {
	__u32 cell0:4;
	__u32 cell1:4;
	__u32 cell2:4;
	__u32 cell3:4;
	__u32 cell4:4;
	__u32 cell5:4;
	__u32 cell6:4;
	__u32 cell7:4;
} __attribute__((packed));

/* White balance and colours of what is counted. */
struct ipu3_uapi_ae_ccm {
	__u16 gain_gr;			/* 256 */
	__u16 gain_r;			/* 256 */
	__u16 gain_b;			/* 256 */
	__u16 gain_gb;			/* 256 */
	__s16 mat[16];			/* from gr, r, b, gb to R, G, B, Y; 128 times unity */
} __attribute__((packed));

struct ipu3_uapi_ae_config {
	struct ipu3_uapi_ae_grid_config grid_cfg __attribute__((aligned(32)));
	struct ipu3_uapi_ae_weight_elem weights[IPU3_UAPI_AE_WEIGHTS]
		__attribute__((aligned(32)));
	struct ipu3_uapi_ae_ccm ae_ccm __attribute__((aligned(32)));
} __attribute__((packed));

/*
 * Focus: two filters of 3 lines by 11 pixels, symmetric or antisymmetric: y1 for low, y2 for high
 * frequencies. a12 is the centre's weight, a1 to a11 its neighbours'.
 */
struct ipu3_uapi_af_filter_config {
	struct {
		__u8 a1;		/* 0 */
		__u8 a2;		/* 0 */
		__u8 a3;		/* 0 */
		__u8 a4;		/* 0 */
	} y1_coeff_0;
	struct {
		__u8 a5;		/* 0 */
		__u8 a6;		/* 0 */
		__u8 a7;		/* 0 */
		__u8 a8;		/* 0 */
	} y1_coeff_1;
	struct {
		__u8 a9;		/* 0 */
		__u8 a10;		/* 0 */
		__u8 a11;		/* 0 */
		__u8 a12;		/* 128 */
	} y1_coeff_2;
	__u32 y1_sign_vec;		/* bit n - 1: a<n> is negative; 0 */
	struct {
		__u8 a1;		/* 0 */
		__u8 a2;		/* 0 */
		__u8 a3;		/* 0 */
		__u8 a4;		/* 0 */
	} y2_coeff_0;
	struct {
		__u8 a5;		/* 0 */
		__u8 a6;		/* 0 */
		__u8 a7;		/* 0 */
		__u8 a8;		/* 0 */
	} y2_coeff_1;
	struct {
		__u8 a9;		/* 0 */
		__u8 a10;		/* 0 */
		__u8 a11;		/* 0 */
		__u8 a12;		/* 128 */
	} y2_coeff_2;
	__u32 y2_sign_vec;		/* as y1_sign_vec */
	struct {			/* shares in luma, 32 together */
		__u8 y_gen_rate_gr;	/* [0, 32] 8 */
		__u8 y_gen_rate_r;	/* [0, 32] 8 */
		__u8 y_gen_rate_b;	/* [0, 32] 8 */
		__u8 y_gen_rate_gb;	/* [0, 32] 8 */
	} y_calc;
	struct {			/* sums are shifted right by log2 of the weights' sum */
		__u32 reserved0:8;
		__u32 y1_nf:4;		/* 7 */
		__u32 reserved1:4;
		__u32 y2_nf:4;		/* 7 */
		__u32 reserved2:12;
	} nf;
} __attribute__((packed));

/* Slices; bytes a cell, two words of 16 bits; bytes a slice. */
#define IPU3_UAPI_AF_MAX_SETS			24
#define IPU3_UAPI_AF_MD_ITEM_SIZE		4
#define IPU3_UAPI_AF_SPARE_FOR_BUBBLES		(IPU3_UAPI_MAX_BUBBLE_SIZE * \
	IPU3_UAPI_MAX_STRIPES * IPU3_UAPI_AF_MD_ITEM_SIZE)
#define IPU3_UAPI_AF_Y_TABLE_SET_SIZE		128
#define IPU3_UAPI_AF_Y_TABLE_MAX_SIZE		(IPU3_UAPI_AF_MAX_SETS * \
	(IPU3_UAPI_AF_Y_TABLE_SET_SIZE + IPU3_UAPI_AF_SPARE_FOR_BUBBLES) * IPU3_UAPI_MAX_STRIPES)

/* Of each cell, the averages of what the two filters make of it. */
struct ipu3_uapi_af_raw_buffer {
	__u8 y_table[IPU3_UAPI_AF_Y_TABLE_MAX_SIZE] __attribute__((aligned(32)));
} __attribute__((packed));

struct ipu3_uapi_af_config_s {
	struct ipu3_uapi_af_filter_config filter_config __attribute__((aligned(32)));
	__u8 padding[4];
	struct ipu3_uapi_grid_config grid_cfg __attribute__((aligned(32)));
} __attribute__((packed));

/* The response of a filter along lines, for white balance. */
#define IPU3_UAPI_AWB_FR_MAX_SETS		24
#define IPU3_UAPI_AWB_FR_MD_ITEM_SIZE		8
#define IPU3_UAPI_AWB_FR_BAYER_TBL_SIZE		256
#define IPU3_UAPI_AWB_FR_SPARE_FOR_BUBBLES	(IPU3_UAPI_MAX_BUBBLE_SIZE * \
	IPU3_UAPI_MAX_STRIPES * IPU3_UAPI_AWB_FR_MD_ITEM_SIZE)
#define IPU3_UAPI_AWB_FR_BAYER_TABLE_MAX_SIZE	(IPU3_UAPI_AWB_FR_MAX_SETS * \
	(IPU3_UAPI_AWB_FR_BAYER_TBL_SIZE + IPU3_UAPI_AWB_FR_SPARE_FOR_BUBBLES) * \
	IPU3_UAPI_MAX_STRIPES)

struct ipu3_uapi_awb_fr_raw_buffer {
	__u8 meta_data[IPU3_UAPI_AWB_FR_BAYER_TABLE_MAX_SIZE] __attribute__((aligned(32)));
} __attribute__((packed));

/* A symmetric filter of 11 taps, the outermost first. */
struct ipu3_uapi_awb_fr_config_s {
	struct ipu3_uapi_grid_config grid_cfg;
	__u8 bayer_coeff[6];		/* 0, 0, 0, 0, 0, 128 */
	__u16 reserved1;
	__u32 bayer_sign;		/* 11 bits, set where a tap is negative; 0 */
	__u8 bayer_nf;			/* log2 of the taps' sum, [7, 14] 7 */
	__u8 reserved2[7];
} __attribute__((packed));

/* The settings that statistics were made with. */
struct ipu3_uapi_4a_config {
	struct ipu3_uapi_awb_config_s awb_config __attribute__((aligned(32)));
	struct ipu3_uapi_ae_grid_config ae_grd_config;
	__u8 padding[20];
	struct ipu3_uapi_af_config_s af_config;
	struct ipu3_uapi_awb_fr_config_s awb_fr_config __attribute__((aligned(32)));
} __attribute__((packed));

/* How the firmware laid out one stripe's statistics; for debugging. */
struct ipu3_uapi_bubble_info {
	__u32 num_of_stripes __attribute__((aligned(32)));
	__u8 padding[28];
	__u32 num_sets;
	__u8 padding1[28];
	__u32 size_of_set;
	__u8 padding2[28];
	__u32 bubble_size;		/* sets */
	__u8 padding3[28];
} __attribute__((packed));

struct ipu3_uapi_stats_3a_bubble_info_per_stripe {
	struct ipu3_uapi_bubble_info awb[IPU3_UAPI_MAX_STRIPES];
	struct ipu3_uapi_bubble_info af[IPU3_UAPI_MAX_STRIPES];
	struct ipu3_uapi_bubble_info awb_fr[IPU3_UAPI_MAX_STRIPES];
} __attribute__((packed));

/* Which statistics there are: not 0 if so. */
struct ipu3_uapi_ff_status {
	__u32 awb_en __attribute__((aligned(32)));
	__u8 padding[28];
	__u32 ae_en;
	__u8 padding1[28];
	__u32 af_en;
	__u8 padding2[28];
	__u32 awb_fr_en;
	__u8 padding3[28];
} __attribute__((packed));

/* A buffer of V4L2_META_FMT_IPU3_STAT_3A. */
struct ipu3_uapi_stats_3a {
	struct ipu3_uapi_awb_raw_buffer awb_raw_buffer;
	struct ipu3_uapi_ae_raw_buffer_aligned ae_raw_buffer[IPU3_UAPI_MAX_STRIPES];
	struct ipu3_uapi_af_raw_buffer af_raw_buffer;
	struct ipu3_uapi_awb_fr_raw_buffer awb_fr_raw_buffer;
	struct ipu3_uapi_4a_config stats_4a_config;
	__u32 ae_join_buffers;		/* 1: the stripes' histograms are to be added up */
	__u8 padding[28];
	struct ipu3_uapi_stats_3a_bubble_info_per_stripe stats_3a_bubble_per_stripe;
	struct ipu3_uapi_ff_status stats_3a_status;
} __attribute__((packed));

/* ---- Settings of the accelerators ---- */

#define IPU3_UAPI_ISP_VEC_ELEMS				64
#define IPU3_UAPI_ISP_TNR3_VMEM_LEN			9
#define IPU3_UAPI_BNR_LUT_SIZE				32
#define IPU3_UAPI_GAMMA_CORR_LUT_ENTRIES		256
/* Two rows of a grid that is 73 cells wide; and that grid's 56 rows. */
#define IPU3_UAPI_SHD_MAX_CELLS_PER_SET			146
#define IPU3_UAPI_SHD_MAX_CFG_SETS			28
/* In bl_gr of the shading's black level: a shift. */
#define IPU3_UAPI_SHD_BLGR_NF_SHIFT			13
#define IPU3_UAPI_SHD_BLGR_NF_MASK			7
#define IPU3_UAPI_YUVP2_TCC_MACC_TABLE_ELEMENTS		16
#define IPU3_UAPI_YUVP2_TCC_INV_Y_LUT_ELEMENTS		14
#define IPU3_UAPI_YUVP2_TCC_GAIN_PCWL_LUT_ELEMENTS	258
#define IPU3_UAPI_YUVP2_TCC_R_SQR_LUT_ELEMENTS		24
#define IPU3_UAPI_ANR_LUT_SIZE				26
#define IPU3_UAPI_ANR_PYRAMID_SIZE			22
#define IPU3_UAPI_LIN_LUT_SIZE				64

/* Bayer noise reduction (BNR): white balance. A pixel is multiplied by 1 + gain, u3.13. */
struct ipu3_uapi_bnr_static_config_wb_gains_config {
	__u16 gr;
	__u16 r;
	__u16 b;
	__u16 gb;
} __attribute__((packed));

/* How far from its neighbours a defect pixel is, u4.4, [0, 8]. */
struct ipu3_uapi_bnr_static_config_wb_gains_thr_config {
	__u8 gr;
	__u8 r;
	__u8 b;
	__u8 gb;
} __attribute__((packed));

/* What is noise and what is detail. */
struct ipu3_uapi_bnr_static_config_thr_coeffs_config {
	__u32 cf:13;			/* constant term, [0, 8191] 0 */
	__u32 reserved0:3;
	__u32 cg:5;			/* share of the gain, [0, 31] 8 */
	__u32 ci:5;			/* share of the intensity, u3.2, [0, 31] 6 */
	__u32 reserved1:1;
	__u32 r_nf:5;			/* shift of r^2, distance from the centre, [12, 20] 14 */
} __attribute__((packed));

/* What shading correction will amplify noise by, u3.3, 0. */
struct ipu3_uapi_bnr_static_config_thr_ctrl_shd_config {
	__u8 gr;
	__u8 r;
	__u8 b;
	__u8 gb;
} __attribute__((packed));

/* The first pixel's place, the optical centre being 0, s12. */
struct ipu3_uapi_bnr_static_config_opt_center_config {
	__s32 x_reset:13;
	__u32 reserved0:3;
	__s32 y_reset:13;
	__u32 reserved2:3;
} __attribute__((packed));

/* Square roots. */
struct ipu3_uapi_bnr_static_config_lut_config {
	__u8 values[IPU3_UAPI_BNR_LUT_SIZE];
} __attribute__((packed));

/* Bad pixels. */
struct ipu3_uapi_bnr_static_config_bp_ctrl_config {
	__u32 bp_thr_gain:5;		/* distance from neighbours, of the noise's, [4, 31] 4 */
	__u32 reserved0:2;
	__u32 defect_mode:1;		/* 0: they come alone, 1: in pairs; 1 */
	__u32 bp_gain:6;		/* the same for second derivatives, u4.2, 8 */
	__u32 reserved1:18;
	__u32 w0_coeff:4;		/* blending, [0, 8] 8 */
	__u32 reserved2:4;
	__u32 w1_coeff:4;		/* against wrong corrections, [1, 8] 8 */
	__u32 reserved3:20;
} __attribute__((packed));

/* Smoothing, weights in u0.4. */
struct ipu3_uapi_bnr_static_config_dn_detect_ctrl_config {
	__u32 alpha:4;			/* the pixel's own, [0, 15] */
	__u32 beta:4;			/* of those beside it, [0, 15] 4 */
	__u32 gamma:4;			/* of diagonal ones, [0, 15] 4 */
	__u32 reserved0:4;
	__u32 max_inf:4;		/* limit of a neighbour's influence, [5, 10] */
	__u32 reserved1:7;
	__u32 gd_enable:1;		/* green disparity */
	__u32 bpc_enable:1;		/* bad pixels */
	__u32 bnr_enable:1;		/* noise */
	__u32 ff_enable:1;		/* the block as a whole */
	__u32 reserved2:1;
} __attribute__((packed));

/* Squares of x_reset and y_reset. */
struct ipu3_uapi_bnr_static_config_opt_center_sqr_config {
	__u32 x_sqr_reset;
	__u32 y_sqr_reset;
} __attribute__((packed));

struct ipu3_uapi_bnr_static_config {
	struct ipu3_uapi_bnr_static_config_wb_gains_config wb_gains;
	struct ipu3_uapi_bnr_static_config_wb_gains_thr_config wb_gains_thr;
	struct ipu3_uapi_bnr_static_config_thr_coeffs_config thr_coeffs;
	struct ipu3_uapi_bnr_static_config_thr_ctrl_shd_config thr_ctrl_shd;
	struct ipu3_uapi_bnr_static_config_opt_center_config opt_center;
	struct ipu3_uapi_bnr_static_config_lut_config lut;
	struct ipu3_uapi_bnr_static_config_bp_ctrl_config bp_ctrl;
	struct ipu3_uapi_bnr_static_config_dn_detect_ctrl_config dn_detect_ctrl;
	__u32 column_size;		/* the driver computes it */
	struct ipu3_uapi_bnr_static_config_opt_center_sqr_config opt_center_sqr;
} __attribute__((packed));

/* How much the two greens may differ, by what is around them. */
struct ipu3_uapi_bnr_static_config_green_disparity {
	__u32 gd_red:6;			/* u0.6, 4 */
	__u32 reserved0:2;
	__u32 gd_green:6;		/* u0.6, 4 */
	__u32 reserved1:2;
	__u32 gd_blue:6;		/* u0.6, 4 */
	__u32 reserved2:10;
	__u32 gd_black:14;		/* in the dark: more is detail; 80 */
	__u32 reserved3:2;
	__u32 gd_shading:7;		/* growth with the distance from the centre */
	__u32 reserved4:1;
	__u32 gd_support:2;		/* neighbours that must be alike, at least */
	__u32 reserved5:1;
	__u32 gd_clip:1;		/* 1 */
	__u32 gd_central_weight:4;	/* the pixel's own weight of nine */
} __attribute__((packed));

/* Demosaicing: from Bayer quads to colours. */
struct ipu3_uapi_dm_config {
	__u32 dm_en:1;
	__u32 ch_ar_en:1;		/* checker artefacts are removed; 0 */
	__u32 fcc_en:1;			/* false colours are; 0 */
	__u32 reserved0:13;
	__u32 frame_width:16;		/* the driver computes it */
	__u32 gamma_sc:5;		/* sharpening, [0, 31] 8 */
	__u32 reserved1:3;
	__u32 lc_ctrl:5;		/* weight of like chroma, [0, 31] 7 */
	__u32 reserved2:3;
	__u32 cr_param1:5;		/* checker artefacts' gain, [0, 31] 8 */
	__u32 reserved3:3;
	__u32 cr_param2:5;		/* the same, [0, 31] 8 */
	__u32 reserved4:3;
	__u32 coring_param:5;		/* false colours: low keeps edges, u1.4, [0, 31] 4 */
	__u32 reserved5:27;
} __attribute__((packed));

/* Colour correction: s2.13 times R, G, B, and an offset [-8191, 8181] for each. */
struct ipu3_uapi_ccm_mat_config {
	__s16 coeff_m11;		/* 9775 */
	__s16 coeff_m12;		/* [-8192, 8191] -2671 */
	__s16 coeff_m13;		/* 1087 */
	__s16 coeff_o_r;		/* 0 */
	__s16 coeff_m21;		/* -1071 */
	__s16 coeff_m22;		/* [-8192, 8191] 8303 */
	__s16 coeff_m23;		/* 815 */
	__s16 coeff_o_g;		/* 0 */
	__s16 coeff_m31;		/* -23 */
	__s16 coeff_m32;		/* [-8192, 8191] -7887 */
	__s16 coeff_m33;		/* 16103 */
	__s16 coeff_o_b;		/* 0 */
} __attribute__((packed));

struct ipu3_uapi_gamma_corr_ctrl {
	__u32 enable:1;
	__u32 reserved:31;
} __attribute__((packed));

/* Linear in between; [0, 8191] each. */
struct ipu3_uapi_gamma_corr_lut {
	__u16 lut[IPU3_UAPI_GAMMA_CORR_LUT_ENTRIES];
} __attribute__((packed));

struct ipu3_uapi_gamma_config {
	struct ipu3_uapi_gamma_corr_ctrl gc_ctrl __attribute__((aligned(32)));
	struct ipu3_uapi_gamma_corr_lut gc_lut __attribute__((aligned(32)));
} __attribute__((packed));

/* From R, G, B to Y, U, V: s0.14, the second column [-8192, 8191], and offsets s13. */
struct ipu3_uapi_csc_mat_config {
	__s16 coeff_c11;		/* 4898 */
	__s16 coeff_c12;		/* 9617 */
	__s16 coeff_c13;		/* 1867 */
	__s16 coeff_b1;			/* 0 */
	__s16 coeff_c21;		/* -2410 */
	__s16 coeff_c22;		/* -4732 */
	__s16 coeff_c23;		/* 7143 */
	__s16 coeff_b2;			/* 0 */
	__s16 coeff_c31;		/* 10076 */
	__s16 coeff_c32;		/* -8437 */
	__s16 coeff_c33;		/* -1638 */
	__s16 coeff_b3;			/* 0 */
} __attribute__((packed));

/* Chroma's size is halved by a filter of 2 lines by 4 pixels. */
struct ipu3_uapi_cds_params {
	__u32 ds_c00:2;			/* 1 */
	__u32 ds_c01:2;			/* 3 */
	__u32 ds_c02:2;			/* 3 */
	__u32 ds_c03:2;			/* 1 */
	__u32 ds_c10:2;			/* 1 */
	__u32 ds_c11:2;			/* 3 */
	__u32 ds_c12:2;			/* 3 */
	__u32 ds_c13:2;			/* 1 */
	__u32 ds_nf:5;			/* sums are divided by 2^n, [0, 4] 2 */
	__u32 reserved0:3;
	__u32 csc_en:1;			/* the conversion above */
	__u32 uv_bin_output:1;		/* 0: to 4:2:0, 1: to 4:2:2; 1 */
	__u32 reserved1:6;
} __attribute__((packed));

/* Shading correction: a grid of gains over the sensor. */
struct ipu3_uapi_shd_grid_config {
	__u8 width;			/* cells, [8, 128] 73 */
	__u8 height;			/* cells, [8, 128] 56 */
	__u8 block_width_log2:3;	/* a cell is 2^n wide, [0, 7] 5 */
	__u8 reserved0:1;
	__u8 block_height_log2:3;	/* and 2^n high, [0, 7] 6 */
	__u8 reserved1:1;
	__u8 grid_height_per_slice;	/* 146 / width; the driver computes it */
	__s16 x_start;			/* where the sensor begins in the frame, [-4096, 0] 0 */
	__s16 y_start;			/* likewise, [-4096, 0] 0 */
} __attribute__((packed));

struct ipu3_uapi_shd_general_config {
	__u32 init_set_vrt_offst_ul:8;	/* first row's place in its slice; the driver computes it */
	__u32 shd_enable:1;
	__u32 gain_factor:2;		/* gains reach up to 5, 9 or 17: [0, 2] */
	__u32 reserved:21;
} __attribute__((packed));

/* Black level of each colour, s11. */
struct ipu3_uapi_shd_black_level_config {
	__s16 bl_r;
	__s16 bl_gr;			/* and a shift in the upper bits, see above */
	__s16 bl_gb;
	__s16 bl_b;
} __attribute__((packed));

struct ipu3_uapi_shd_config_static {
	struct ipu3_uapi_shd_grid_config grid;
	struct ipu3_uapi_shd_general_config general;
	struct ipu3_uapi_shd_black_level_config black_level;
} __attribute__((packed));

/* Gains, a slice of the grid in each set. */
struct ipu3_uapi_shd_lut {
	struct {
		struct {
			__u16 r;
			__u16 gr;
		} r_and_gr[IPU3_UAPI_SHD_MAX_CELLS_PER_SET];
		__u8 reserved1[24];
		struct {
			__u16 gb;
			__u16 b;
		} gb_and_b[IPU3_UAPI_SHD_MAX_CELLS_PER_SET];
		__u8 reserved2[24];
	} sets[IPU3_UAPI_SHD_MAX_CFG_SETS];
} __attribute__((packed));

struct ipu3_uapi_shd_config {
	struct ipu3_uapi_shd_config_static shd __attribute__((aligned(32)));
	struct ipu3_uapi_shd_lut shd_lut __attribute__((aligned(32)));
} __attribute__((packed));

/*
 * Directed image enhancement (IEFd): sharpening and denoising along edges. Its configuration units
 * are piecewise linear functions: x<n> their points, a<nm> the slope and b<nm> the value between
 * two. Signed ones are in two's complement of the field's width: write them as unsigned numbers.
 */

/* x u9.0, slope s4.4; all 0. */
struct ipu3_uapi_iefd_cux2 {
	__u32 x0:9;
	__u32 x1:9;
	__u32 a01:9;
	__u32 b01:5;			/* to be 0 */
} __attribute__((packed));

/* x u9.0, slopes and values s4.4; all 0. */
struct ipu3_uapi_iefd_cux6_ed {
	__u32 x0:9;
	__u32 x1:9;
	__u32 x2:9;
	__u32 reserved0:5;
	__u32 x3:9;
	__u32 x4:9;
	__u32 x5:9;
	__u32 reserved1:5;
	__u32 a01:9;
	__u32 a12:9;
	__u32 a23:9;
	__u32 reserved2:5;
	__u32 a34:9;
	__u32 a45:9;
	__u32 reserved3:14;
	__u32 b01:9;
	__u32 b12:9;
	__u32 b23:9;
	__u32 reserved4:5;
	__u32 b34:9;
	__u32 b45:9;
	__u32 reserved5:14;
} __attribute__((packed));

/* x u9.0, slope s4.4, value u7.0; all 0. */
struct ipu3_uapi_iefd_cux2_1 {
	__u32 x0:9;
	__u32 x1:9;
	__u32 a01:9;
	__u32 reserved1:5;
	__u32 b01:8;
	__u32 reserved2:24;
} __attribute__((packed));

/* x u9.0, slopes s4.4, values s7.0; all 0. */
struct ipu3_uapi_iefd_cux4 {
	__u32 x0:9;
	__u32 x1:9;
	__u32 x2:9;
	__u32 reserved0:5;
	__u32 x3:9;
	__u32 a01:9;
	__u32 a12:9;
	__u32 reserved1:5;
	__u32 a23:9;
	__u32 b01:8;
	__u32 b12:8;
	__u32 reserved2:7;
	__u32 b23:8;
	__u32 reserved3:24;
} __attribute__((packed));

/* By the distance from the centre: x u8.0, slopes s7.8, values s9.0. */
struct ipu3_uapi_iefd_cux6_rad {
	__u32 x0:8;
	__u32 x1:8;
	__u32 x2:8;
	__u32 x3:8;
	__u32 x4:8;
	__u32 x5:8;
	__u32 reserved1:16;
	__u32 a01:16;
	__u32 a12:16;
	__u32 a23:16;
	__u32 a34:16;
	__u32 a45:16;
	__u32 reserved2:16;
	__u32 b01:10;
	__u32 b12:10;
	__u32 b23:10;
	__u32 reserved4:2;
	__u32 b34:10;
	__u32 b45:10;
	__u32 reserved5:12;
} __attribute__((packed));

struct ipu3_uapi_yuvp1_iefd_cfg_units {
	struct ipu3_uapi_iefd_cux2 cu_1;	/* share of directed denoising */
	struct ipu3_uapi_iefd_cux6_ed cu_ed;	/* strength of undirected sharpening */
	struct ipu3_uapi_iefd_cux2 cu_3;	/* share of directed denoising */
	struct ipu3_uapi_iefd_cux2_1 cu_5;	/* strength of undirected denoising */
	struct ipu3_uapi_iefd_cux4 cu_6;	/* strength of undirected sharpening */
	struct ipu3_uapi_iefd_cux2 cu_7;	/* share of directed denoising */
	struct ipu3_uapi_iefd_cux4 cu_unsharp;	/* unsharp mask */
	struct ipu3_uapi_iefd_cux6_rad cu_radial;
	struct ipu3_uapi_iefd_cux2 cu_vssnlm;
} __attribute__((packed));

struct ipu3_uapi_yuvp1_iefd_config_s {
	__u32 horver_diag_coeff:7;	/* diagonal gradients' weight, about 1 / sqrt(2) */
	__u32 reserved0:1;
	__u32 clamp_stitch:6;		/* slope between clamped and other edges */
	__u32 reserved1:2;
	__u32 direct_metric_update:5;	/* how fast the direction follows */
	__u32 reserved2:3;
	__u32 ed_horver_diag_coeff:7;	/* as the first, for edge detail */
	__u32 reserved3:1;
} __attribute__((packed));

struct ipu3_uapi_yuvp1_iefd_control {
	__u32 iefd_en:1;
	__u32 denoise_en:1;
	__u32 direct_smooth_en:1;
	__u32 rad_en:1;
	__u32 vssnlm_en:1;
	__u32 reserved:27;
} __attribute__((packed));

/* Limits of overshoots, negative and positive, in textures and along edges, [0, 8191]. */
struct ipu3_uapi_sharp_cfg {
	__u32 nega_lmt_txt:13;
	__u32 reserved0:19;
	__u32 posi_lmt_txt:13;
	__u32 reserved1:19;
	__u32 nega_lmt_dir:13;
	__u32 reserved2:19;
	__u32 posi_lmt_dir:13;
	__u32 reserved3:19;
} __attribute__((packed));

/* Weights of the 16 pixels around the 8 neighbours, u1.6, [0, 64]. */
struct ipu3_uapi_far_w {
	__u32 dir_shrp:7;		/* directed sharpening, 64 */
	__u32 reserved0:1;
	__u32 dir_dns:7;		/* directed denoising, 0 */
	__u32 reserved1:1;
	__u32 ndir_dns_powr:7;		/* undirected denoising, 64 */
	__u32 reserved2:9;
} __attribute__((packed));

struct ipu3_uapi_unsharp_cfg {
	__u32 unsharp_weight:7;		/* 0 off, 64 nothing else; u1.6, [0, 64] 16 */
	__u32 reserved0:1;
	__u32 unsharp_amount:9;		/* u4.5, [0, 511] 0 */
	__u32 reserved1:15;
} __attribute__((packed));

struct ipu3_uapi_yuvp1_iefd_shrp_cfg {
	struct ipu3_uapi_sharp_cfg cfg;
	struct ipu3_uapi_far_w far_w;
	struct ipu3_uapi_unsharp_cfg unshrp_cfg;
} __attribute__((packed));

/* The unsharp mask's first row and, below, the rest of a symmetric 5 x 5, s0.8, [-255, 255]. */
struct ipu3_uapi_unsharp_coef0 {
	__u32 c00:9;			/* 1 */
	__u32 c01:9;			/* 5 */
	__u32 c02:9;			/* 9 */
	__u32 reserved:5;
} __attribute__((packed));

struct ipu3_uapi_unsharp_coef1 {
	__u32 c11:9;			/* 29 */
	__u32 c12:9;			/* 55 */
	__u32 c22:9;			/* 96 */
	__u32 reserved:5;
} __attribute__((packed));

struct ipu3_uapi_yuvp1_iefd_unshrp_cfg {
	struct ipu3_uapi_unsharp_coef0 unsharp_coef0;
	struct ipu3_uapi_unsharp_coef1 unsharp_coef1;
} __attribute__((packed));

/* The first pixel's place, the centre being 0, [-4095, 4095] 0; and its squares. */
struct ipu3_uapi_radial_reset_xy {
	__s32 x:13;
	__u32 reserved0:3;
	__s32 y:13;
	__u32 reserved1:3;
} __attribute__((packed));

struct ipu3_uapi_radial_reset_x2 {
	__u32 x2:24;			/* 0 */
	__u32 reserved:8;
} __attribute__((packed));

struct ipu3_uapi_radial_reset_y2 {
	__u32 y2:24;			/* 0 */
	__u32 reserved:8;
} __attribute__((packed));

struct ipu3_uapi_radial_cfg {
	__u32 rad_nf:4;			/* r^2 is divided by 2^(15 + n) */
	__u32 reserved0:4;
	__u32 rad_inv_r2:7;		/* 1 / r^2, brought to 0.5 .. 1, [0, 127] */
	__u32 reserved1:17;
} __attribute__((packed));

/* As struct ipu3_uapi_far_w, in the corners. */
struct ipu3_uapi_rad_far_w {
	__u32 rad_dir_far_sharp_w:8;	/* u1.6, [0, 64] 64 */
	__u32 rad_dir_far_dns_w:8;	/* u1.6, [0, 64] 0 */
	__u32 rad_ndir_far_dns_power:8;	/* u1.6, [0, 64] 0 */
	__u32 reserved:8;
} __attribute__((packed));

struct ipu3_uapi_cu_cfg0 {
	__u32 cu6_pow:7;		/* undirected sharpening, u3.4 */
	__u32 reserved0:1;
	__u32 cu_unsharp_pow:7;		/* unsharp mask, u2.4 */
	__u32 reserved1:1;
	__u32 rad_cu6_pow:7;		/* the first, in the corners, u3.4 */
	__u32 reserved2:1;
	__u32 rad_cu_unsharp_pow:6;	/* the second, in the corners, u2.4 */
	__u32 reserved3:2;
} __attribute__((packed));

struct ipu3_uapi_cu_cfg1 {
	__u32 rad_cu6_x1:9;		/* x1 of cu_6 in the corners, u9.0 */
	__u32 reserved0:1;
	__u32 rad_cu_unsharp_x1:9;	/* x1 of cu_unsharp in the corners, u9.0 */
	__u32 reserved1:13;
} __attribute__((packed));

struct ipu3_uapi_yuvp1_iefd_rad_cfg {
	struct ipu3_uapi_radial_reset_xy reset_xy;
	struct ipu3_uapi_radial_reset_x2 reset_x2;
	struct ipu3_uapi_radial_reset_y2 reset_y2;
	struct ipu3_uapi_radial_cfg cfg;
	struct ipu3_uapi_rad_far_w rad_far_w;
	struct ipu3_uapi_cu_cfg0 cu_cfg0;
	struct ipu3_uapi_cu_cfg1 cu_cfg1;
} __attribute__((packed));

/* VSSNLM, non-local means of a very small scale: steps at x with values y. */
struct ipu3_uapi_vss_lut_x {
	__u32 vs_x0:8;			/* [0, 255] 16 */
	__u32 vs_x1:8;			/* [0, 255] 32 */
	__u32 vs_x2:8;			/* [0, 255] 64 */
	__u32 reserved2:8;
} __attribute__((packed));

struct ipu3_uapi_vss_lut_y {
	__u32 vs_y1:4;			/* [0, 8] 1 */
	__u32 reserved0:4;
	__u32 vs_y2:4;			/* [0, 8] 3 */
	__u32 reserved1:4;
	__u32 vs_y3:4;			/* [0, 8] 8 */
	__u32 reserved2:12;
} __attribute__((packed));

struct ipu3_uapi_yuvp1_iefd_vssnlm_cfg {
	struct ipu3_uapi_vss_lut_x vss_lut_x;
	struct ipu3_uapi_vss_lut_y vss_lut_y;
} __attribute__((packed));

struct ipu3_uapi_yuvp1_iefd_config {
	struct ipu3_uapi_yuvp1_iefd_cfg_units units;
	struct ipu3_uapi_yuvp1_iefd_config_s config;
	struct ipu3_uapi_yuvp1_iefd_control control;
	struct ipu3_uapi_yuvp1_iefd_shrp_cfg sharp;
	struct ipu3_uapi_yuvp1_iefd_unshrp_cfg unsharp;
	struct ipu3_uapi_yuvp1_iefd_rad_cfg rad;
	struct ipu3_uapi_yuvp1_iefd_vssnlm_cfg vsslnm;
} __attribute__((packed));

/* Luma's size is changed by a filter of 2 lines by 4 pixels. */
struct ipu3_uapi_yuvp1_yds_config {
	__u32 c00:2;			/* 0 */
	__u32 c01:2;			/* 1 */
	__u32 c02:2;			/* 1 */
	__u32 c03:2;			/* 0 */
	__u32 c10:2;			/* 0 */
	__u32 c11:2;			/* 1 */
	__u32 c12:2;			/* 1 */
	__u32 c13:2;			/* 0 */
	__u32 norm_factor:5;		/* sums are divided by 2^n, [0, 4] 2 */
	__u32 reserved0:4;
	__u32 bin_output:1;		/* 0: to 4:2:0, 1: to 4:2:2; 0 */
	__u32 reserved1:6;
} __attribute__((packed));

/* Chroma noise reduction (CHNR). */
struct ipu3_uapi_yuvp1_chnr_enable_config {
	__u32 enable:1;
	__u32 yuv_mode:1;		/* 0: 4:2:0, 1: 4:2:2 */
	__u32 reserved0:14;
	__u32 col_size:12;		/* the frame's width, 2560 at most */
	__u32 reserved1:4;
} __attribute__((packed));

/* Less than this is noise, u0.13, 0. */
struct ipu3_uapi_yuvp1_chnr_coring_config {
	__u32 u:13;
	__u32 reserved0:3;
	__u32 v:13;
	__u32 reserved1:3;
} __attribute__((packed));

/* How strongly edges, first of horizontal and then of vertical gradients, protect chroma. */
struct ipu3_uapi_yuvp1_chnr_sense_gain_config {
	__u32 vy:8;			/* 100 */
	__u32 vu:8;			/* 100 */
	__u32 vv:8;			/* 100 */
	__u32 reserved0:8;
	__u32 hy:8;			/* 50 */
	__u32 hu:8;			/* 50 */
	__u32 hv:8;			/* 50 */
	__u32 reserved1:8;
} __attribute__((packed));

struct ipu3_uapi_yuvp1_chnr_iir_fir_config {
	__u32 fir_0h:6;			/* weight of the pixel, [0, 32] 8 */
	__u32 reserved0:2;
	__u32 fir_1h:6;			/* of those beside it, [0, 32] 12 */
	__u32 reserved1:2;
	__u32 fir_2h:6;			/* of the next ones, [0, 32] 0 */
	__u32 dalpha_clip_val:9;	/* of the line above, [1, 256] 0 */
	__u32 reserved2:1;
} __attribute__((packed));

struct ipu3_uapi_yuvp1_chnr_config {
	struct ipu3_uapi_yuvp1_chnr_enable_config enable;
	struct ipu3_uapi_yuvp1_chnr_coring_config coring;
	struct ipu3_uapi_yuvp1_chnr_sense_gain_config sense_gain;
	struct ipu3_uapi_yuvp1_chnr_iir_fir_config iir_fir;
} __attribute__((packed));

/*
 * Luma's edge enhancement and noise reduction (Y_EE_NR). Where there are two fields, the first is
 * for the dark and the sum of both for bright parts.
 */

/* Smoothing, u5.0. */
struct ipu3_uapi_yuvp1_y_ee_nr_lpf_config {
	__u32 a_diag:5;			/* weight of diagonal neighbours */
	__u32 reserved0:3;
	__u32 a_periph:5;		/* of those beside the pixel */
	__u32 reserved1:3;
	__u32 a_cent:5;			/* of the pixel */
	__u32 reserved2:9;
	__u32 enable:1;			/* 0: luma goes through as it is */
} __attribute__((packed));

/* What is an edge and what a corner, u13.0. */
struct ipu3_uapi_yuvp1_y_ee_nr_sense_config {
	__u32 edge_sense_0:13;		/* 8191 */
	__u32 reserved0:3;
	__u32 delta_edge_sense:13;	/* 0 */
	__u32 reserved1:3;
	__u32 corner_sense_0:13;	/* 0 */
	__u32 reserved2:3;
	__u32 delta_corner_sense:13;	/* 8191 */
	__u32 reserved3:3;
} __attribute__((packed));

/* Gains of positive and negative edges, u5.0, [0, 16]. */
struct ipu3_uapi_yuvp1_y_ee_nr_gain_config {
	__u32 gain_pos_0:5;		/* 2 */
	__u32 reserved0:3;
	__u32 delta_gain_posi:5;	/* 0 */
	__u32 reserved1:3;
	__u32 gain_neg_0:5;		/* 8 */
	__u32 reserved2:3;
	__u32 delta_gain_neg:5;		/* 0 */
	__u32 reserved3:3;
} __attribute__((packed));

/* Their limits, u5.0, [0, 16]. */
struct ipu3_uapi_yuvp1_y_ee_nr_clip_config {
	__u32 clip_pos_0:5;		/* 8 */
	__u32 reserved0:3;
	__u32 delta_clip_posi:5;	/* 8 */
	__u32 reserved1:3;
	__u32 clip_neg_0:5;		/* 8 */
	__u32 reserved2:3;
	__u32 delta_clip_neg:5;		/* 8 */
	__u32 reserved3:3;
} __attribute__((packed));

struct ipu3_uapi_yuvp1_y_ee_nr_frng_config {
	__u32 gain_exp:4;		/* gains are times 2^n, [0, 8] 2 */
	__u32 reserved0:28;
	__u32 min_edge:13;		/* less is smooth */
	__u32 reserved1:3;
	__u32 lin_seg_param:4;		/* the step's power */
	__u32 reserved2:4;
	__u32 t1:1;			/* edges are enhanced, 1 */
	__u32 t2:1;			/* noise is reduced, 1 */
	__u32 reserved3:6;
} __attribute__((packed));

/* Weights by an edge's direction, u2.2, [1, 15]. */
struct ipu3_uapi_yuvp1_y_ee_nr_diag_config {
	__u32 diag_disc_g:4;		/* preference of diagonal ones, u4.0, 1 */
	__u32 reserved0:4;
	__u32 hvw_hor:4;		/* straight enhancement of straight edges, 4 */
	__u32 dw_hor:4;			/* diagonal enhancement of straight edges, 1 */
	__u32 hvw_diag:4;		/* straight enhancement of diagonal edges, 1 */
	__u32 dw_diag:4;		/* diagonal enhancement of diagonal edges, 4 */
	__u32 reserved1:8;
} __attribute__((packed));

/* Coring against false colours, positive and negative; both of a pair [0, 16] together, 0. */
struct ipu3_uapi_yuvp1_y_ee_nr_fc_coring_config {
	__u32 pos_0:13;
	__u32 reserved0:3;
	__u32 pos_delta:13;
	__u32 reserved1:3;
	__u32 neg_0:13;
	__u32 reserved2:3;
	__u32 neg_delta:13;
	__u32 reserved3:3;
} __attribute__((packed));

struct ipu3_uapi_yuvp1_y_ee_nr_config {
	struct ipu3_uapi_yuvp1_y_ee_nr_lpf_config lpf;
	struct ipu3_uapi_yuvp1_y_ee_nr_sense_config sense;
	struct ipu3_uapi_yuvp1_y_ee_nr_gain_config gain;
	struct ipu3_uapi_yuvp1_y_ee_nr_clip_config clip;
	struct ipu3_uapi_yuvp1_y_ee_nr_frng_config frng;
	struct ipu3_uapi_yuvp1_y_ee_nr_diag_config diag;
	struct ipu3_uapi_yuvp1_y_ee_nr_fc_coring_config fc_coring;
} __attribute__((packed));

/* Total colour correction (TCC). */
struct ipu3_uapi_yuvp2_tcc_gen_control_static_config {
	__u32 en:1;
	__u32 blend_shift:3;		/* [3, 4] */
	__u32 gain_according_to_y_only:1;	/* 0: of chroma, too */
	__u32 reserved0:11;
	__s32 gamma:5;			/* blending, [-16, 15] */
	__u32 reserved1:3;
	__s32 delta:5;			/* blending, [-16, 15] */
	__u32 reserved2:3;
} __attribute__((packed));

/* Multi-axis colour control (MACC): a matrix a, b, c, d for U and V in one sector of hues. */
struct ipu3_uapi_yuvp2_tcc_macc_elem_static_config {
	__s32 a:12;
	__u32 reserved0:4;
	__s32 b:12;
	__u32 reserved1:4;
	__s32 c:12;
	__u32 reserved2:4;
	__s32 d:12;
	__u32 reserved3:4;
} __attribute__((packed));

struct ipu3_uapi_yuvp2_tcc_macc_table_static_config {
	struct ipu3_uapi_yuvp2_tcc_macc_elem_static_config
		entries[IPU3_UAPI_YUVP2_TCC_MACC_TABLE_ELEMENTS];
} __attribute__((packed));

/* 1 / Y, for chroma's ratio to luma. */
struct ipu3_uapi_yuvp2_tcc_inv_y_lut_static_config {
	__u16 entries[IPU3_UAPI_YUVP2_TCC_INV_Y_LUT_ELEMENTS];
} __attribute__((packed));

/* The gain, linear in between. */
struct ipu3_uapi_yuvp2_tcc_gain_pcwl_lut_static_config {
	__u16 entries[IPU3_UAPI_YUVP2_TCC_GAIN_PCWL_LUT_ELEMENTS];
} __attribute__((packed));

/* sqrt(U^2 + V^2). */
struct ipu3_uapi_yuvp2_tcc_r_sqr_lut_static_config {
	__s16 entries[IPU3_UAPI_YUVP2_TCC_R_SQR_LUT_ELEMENTS];
} __attribute__((packed));

struct ipu3_uapi_yuvp2_tcc_static_config {
	struct ipu3_uapi_yuvp2_tcc_gen_control_static_config gen_control;
	struct ipu3_uapi_yuvp2_tcc_macc_table_static_config macc_table;
	struct ipu3_uapi_yuvp2_tcc_inv_y_lut_static_config inv_y_lut;
	struct ipu3_uapi_yuvp2_tcc_gain_pcwl_lut_static_config gain_pcwl;
	struct ipu3_uapi_yuvp2_tcc_r_sqr_lut_static_config r_sqr_lut;
} __attribute__((packed));

/* Advanced noise reduction (ANR), tuned by the sensor's gain. */
struct ipu3_uapi_anr_alpha {
	__u16 gr;
	__u16 r;
	__u16 b;
	__u16 gb;
	__u16 dc_gr;
	__u16 dc_r;
	__u16 dc_b;
	__u16 dc_gb;
} __attribute__((packed));

struct ipu3_uapi_anr_beta {
	__u16 beta_gr;
	__u16 beta_r;
	__u16 beta_b;
	__u16 beta_gb;
} __attribute__((packed));

struct ipu3_uapi_anr_plane_color {
	__u16 reg_w_gr[16];
	__u16 reg_w_r[16];
	__u16 reg_w_b[16];
	__u16 reg_w_gb[16];
} __attribute__((packed));

struct ipu3_uapi_anr_transform_config {
	__u32 enable:1;
	__u32 adaptive_treshhold_en:1;	/* always on */
	__u32 reserved1:30;
	__u8 reserved2[44];
	struct ipu3_uapi_anr_alpha alpha[3];		/* 13, 11, 14; dc_* 0 */
	struct ipu3_uapi_anr_beta beta[3];		/* 24; 21, 20, 20, 21; 25 */
	struct ipu3_uapi_anr_plane_color color[3];
	__u16 sqrt_lut[IPU3_UAPI_ANR_LUT_SIZE];		/* square roots, 11 bits */
	__s16 xreset:13;		/* the first pixel's place, the centre being 0, -1632 */
	__u16 reserved3:3;
	__s16 yreset:13;		/* the first line's, -1224 */
	__u16 reserved4:3;
	__u32 x_sqr_reset:24;		/* xreset^2 */
	__u32 r_normfactor:5;		/* shift of r^2, 14 */
	__u32 reserved5:3;
	__u32 y_sqr_reset:24;		/* yreset^2 */
	__u32 gain_scale:8;		/* growth with the distance from the centre, 115 */
} __attribute__((packed));

/* Weights that patches are put together with, [0, 63]. */
struct ipu3_uapi_anr_stitch_pyramid {
	__u32 entry0:6;
	__u32 entry1:6;
	__u32 entry2:6;
	__u32 reserved:14;
} __attribute__((packed));

/* 4 x 4 pixels from the four patches of 8 x 8 around them. */
struct ipu3_uapi_anr_stitch_config {
	__u32 anr_stitch_en;		/* 1 */
	__u8 reserved[44];
	struct ipu3_uapi_anr_stitch_pyramid pyramid[IPU3_UAPI_ANR_PYRAMID_SIZE];
} __attribute__((packed));

struct ipu3_uapi_anr_config {
	struct ipu3_uapi_anr_transform_config transform __attribute__((aligned(32)));
	struct ipu3_uapi_anr_stitch_config stitch __attribute__((aligned(32)));
} __attribute__((packed));

/* All settings of the accelerators. */
struct ipu3_uapi_acc_param {
	struct ipu3_uapi_bnr_static_config bnr;
	struct ipu3_uapi_bnr_static_config_green_disparity green_disparity
		__attribute__((aligned(32)));
	struct ipu3_uapi_dm_config dm __attribute__((aligned(32)));
	struct ipu3_uapi_ccm_mat_config ccm __attribute__((aligned(32)));
	struct ipu3_uapi_gamma_config gamma __attribute__((aligned(32)));
	struct ipu3_uapi_csc_mat_config csc __attribute__((aligned(32)));
	struct ipu3_uapi_cds_params cds __attribute__((aligned(32)));
	struct ipu3_uapi_shd_config shd __attribute__((aligned(32)));
	struct ipu3_uapi_yuvp1_iefd_config iefd __attribute__((aligned(32)));
	struct ipu3_uapi_yuvp1_yds_config yds_c0 __attribute__((aligned(32)));
	struct ipu3_uapi_yuvp1_chnr_config chnr_c0 __attribute__((aligned(32)));
	struct ipu3_uapi_yuvp1_y_ee_nr_config y_ee_nr __attribute__((aligned(32)));
	struct ipu3_uapi_yuvp1_yds_config yds __attribute__((aligned(32)));
	struct ipu3_uapi_yuvp1_chnr_config chnr __attribute__((aligned(32)));
	struct ipu3_uapi_yuvp1_yds_config yds2 __attribute__((aligned(32)));
	struct ipu3_uapi_yuvp2_tcc_static_config tcc __attribute__((aligned(32)));
	struct ipu3_uapi_anr_config anr;
	struct ipu3_uapi_awb_fr_config_s awb_fr;
	struct ipu3_uapi_ae_config ae;
	struct ipu3_uapi_af_config_s af;
	struct ipu3_uapi_awb_config awb;
} __attribute__((packed));

/* ---- Settings of the program that the ISP runs ---- */

/* Linearisation: a value for each of 64 parts of the range, and the step to the next. */
struct ipu3_uapi_isp_lin_vmem_params {
	__s16 lin_lutlow_gr[IPU3_UAPI_LIN_LUT_SIZE];
	__s16 lin_lutlow_r[IPU3_UAPI_LIN_LUT_SIZE];
	__s16 lin_lutlow_b[IPU3_UAPI_LIN_LUT_SIZE];
	__s16 lin_lutlow_gb[IPU3_UAPI_LIN_LUT_SIZE];
	__s16 lin_lutdif_gr[IPU3_UAPI_LIN_LUT_SIZE];
	__s16 lin_lutdif_r[IPU3_UAPI_LIN_LUT_SIZE];
	__s16 lin_lutdif_b[IPU3_UAPI_LIN_LUT_SIZE];
	__s16 lin_lutdif_gb[IPU3_UAPI_LIN_LUT_SIZE];
} __attribute__((packed));

/* Temporal noise reduction (TNR3): knee points of a curve, and slopes from them on. */
struct ipu3_uapi_isp_tnr3_vmem_params {
	__u16 slope[IPU3_UAPI_ISP_TNR3_VMEM_LEN];
	__u16 reserved1[IPU3_UAPI_ISP_VEC_ELEMS - IPU3_UAPI_ISP_TNR3_VMEM_LEN];
	__u16 sigma[IPU3_UAPI_ISP_TNR3_VMEM_LEN];
	__u16 reserved2[IPU3_UAPI_ISP_VEC_ELEMS - IPU3_UAPI_ISP_TNR3_VMEM_LEN];
} __attribute__((packed));

struct ipu3_uapi_isp_tnr3_params {
	__u32 knee_y1;			/* luma at which the first deviations hold */
	__u32 knee_y2;			/* and the second */
	__u32 maxfb_y;			/* share of earlier frames, at most */
	__u32 maxfb_u;
	__u32 maxfb_v;
	__u32 round_adj_y;		/* added before rounding */
	__u32 round_adj_u;
	__u32 round_adj_v;
	__u32 ref_buf_select;		/* which earlier frame */
} __attribute__((packed));

/* Extreme noise reduction (XNR3): a piecewise curve. */
struct ipu3_uapi_isp_xnr3_vmem_params {
	__u16 x[IPU3_UAPI_ISP_VEC_ELEMS];
	__u16 a[IPU3_UAPI_ISP_VEC_ELEMS];
	__u16 b[IPU3_UAPI_ISP_VEC_ELEMS];
	__u16 c[IPU3_UAPI_ISP_VEC_ELEMS];
} __attribute__((packed));

/* Deviations within which pixels are alike: in the dark, and what is added in bright parts. */
struct ipu3_uapi_xnr3_alpha_params {
	__u32 y0;
	__u32 u0;
	__u32 v0;
	__u32 ydiff;
	__u32 udiff;
	__u32 vdiff;
} __attribute__((packed));

/* Chroma below which there is none, likewise. */
struct ipu3_uapi_xnr3_coring_params {
	__u32 u0;
	__u32 v0;
	__u32 udiff;
	__u32 vdiff;
} __attribute__((packed));

struct ipu3_uapi_xnr3_blending_params {
	__u32 strength;			/* share of the result in the output */
} __attribute__((packed));

struct ipu3_uapi_isp_xnr3_params {
	struct ipu3_uapi_xnr3_alpha_params alpha;
	struct ipu3_uapi_xnr3_coring_params coring;
	struct ipu3_uapi_xnr3_blending_params blending;
} __attribute__((packed));

/* Black level of the sensor, subtracted first of all. */
struct ipu3_uapi_obgrid_param {
	__u16 gr;
	__u16 r;
	__u16 b;
	__u16 gb;
} __attribute__((packed));

/*
 * Which sections of struct ipu3_uapi_params are to be used: 1 each. A section that is not keeps the
 * settings that it had. gdc, obgrid, acc_ytm and acc_bds have no section and do nothing; acc_dpc
 * has none and is refused.
 */
struct ipu3_uapi_flags {
	__u32 gdc:1;
	__u32 obgrid:1;
	__u32 reserved1:30;

	__u32 acc_bnr:1;
	__u32 acc_green_disparity:1;
	__u32 acc_dm:1;
	__u32 acc_ccm:1;
	__u32 acc_gamma:1;
	__u32 acc_csc:1;
	__u32 acc_cds:1;
	__u32 acc_shd:1;
	__u32 reserved2:2;
	__u32 acc_iefd:1;
	__u32 acc_yds_c0:1;
	__u32 acc_chnr_c0:1;
	__u32 acc_y_ee_nr:1;
	__u32 acc_yds:1;
	__u32 acc_chnr:1;
	__u32 acc_ytm:1;
	__u32 acc_yds2:1;
	__u32 acc_tcc:1;
	__u32 acc_dpc:1;
	__u32 acc_bds:1;
	__u32 acc_anr:1;
	__u32 acc_awb_fr:1;
	__u32 acc_ae:1;
	__u32 acc_af:1;
	__u32 acc_awb:1;
	__u32 reserved3:4;

	__u32 lin_vmem_params:1;
	__u32 tnr3_vmem_params:1;
	__u32 xnr3_vmem_params:1;
	__u32 tnr3_dmem_params:1;
	__u32 xnr3_dmem_params:1;
	__u32 reserved4:1;
	__u32 obgrid_param:1;
	__u32 reserved5:25;
} __attribute__((packed));

/* A buffer of V4L2_META_FMT_IPU3_PARAMS. */
struct ipu3_uapi_params {
	struct ipu3_uapi_flags use __attribute__((aligned(32)));
	struct ipu3_uapi_acc_param acc_param;
	struct ipu3_uapi_isp_lin_vmem_params lin_vmem_params;
	struct ipu3_uapi_isp_tnr3_vmem_params tnr3_vmem_params;
	struct ipu3_uapi_isp_xnr3_vmem_params xnr3_vmem_params;
	struct ipu3_uapi_isp_tnr3_params tnr3_dmem_params;
	struct ipu3_uapi_isp_xnr3_params xnr3_dmem_params;
	struct ipu3_uapi_obgrid_param obgrid_param;
} __attribute__((packed));

#endif
