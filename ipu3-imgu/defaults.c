// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a stream begins with. Numbers: the kernel's staging driver, ipu3-tables.c; those that follow
 * a rule are computed by it.
 */
#include "pure.h"
#include "defaults.h"

static const struct ipu3_uapi_bnr_static_config bnr = {
	.wb_gains = { .gr = 16, .r = 16, .b = 16, .gb = 16 },
	.wb_gains_thr = { .gr = 16, .r = 16, .b = 16, .gb = 16 },
	.thr_coeffs = { .cg = 8, .ci = 6, .r_nf = 14 },
	.opt_center = { .x_reset = -128, .y_reset = -128 },
	.lut.values = {
		17, 23, 28, 32, 36, 39, 42, 45, 48, 51, 53, 55, 58, 60, 62, 64,
		66, 68, 70, 72, 73, 75, 77, 78, 80, 82, 83, 85, 86, 88, 89, 90,
	},
	.bp_ctrl = { .bp_thr_gain = 4, .defect_mode = 1, .bp_gain = 8,
		     .w0_coeff = 8, .w1_coeff = 8 },
	.dn_detect_ctrl = { .alpha = 8, .beta = 4, .gamma = 4, .max_inf = 8,
			    .gd_enable = 1, .bpc_enable = 1, .bnr_enable = 1, .ff_enable = 1 },
};

static const struct ipu3_uapi_dm_config dm = {
	.dm_en = 1,
	.ch_ar_en = 1,
	.fcc_en = 1,
	.gamma_sc = 8,
	.lc_ctrl = 7,
	.cr_param1 = 8,
	.cr_param2 = 8,
	.coring_param = 4,
};

static const struct ipu3_uapi_ccm_mat_config ccm = {
	.coeff_m11 = 9775, .coeff_m12 = -2671, .coeff_m13 = 1087,
	.coeff_m21 = -1071, .coeff_m22 = 8303, .coeff_m23 = 815,
	.coeff_m31 = -23, .coeff_m32 = -7887, .coeff_m33 = 16103,
};

static const struct ipu3_uapi_csc_mat_config csc = {
	.coeff_c11 = 4898, .coeff_c12 = 9617, .coeff_c13 = 1867,
	.coeff_c21 = -2410, .coeff_c22 = -4732, .coeff_c23 = 7143,
	.coeff_c31 = 10076, .coeff_c32 = -8437, .coeff_c33 = -1638,
};

static const struct ipu3_uapi_cds_params cds = {
	.ds_c00 = 1, .ds_c01 = 3, .ds_c02 = 3, .ds_c03 = 1,
	.ds_c10 = 1, .ds_c11 = 3, .ds_c12 = 3, .ds_c13 = 1,
	.ds_nf = 4,
	.csc_en = 1,
};

static const struct ipu3_uapi_shd_config_static shd = {
	.grid = { .width = 73, .height = 55, .block_width_log2 = 7, .block_height_log2 = 7 },
	.general = { .shd_enable = 1 },
};

static const struct ipu3_uapi_yuvp1_iefd_config iefd = {
	.units = {
		.cu_1 = { .x0 = 0, .x1 = 150, .a01 = 7 },
		.cu_ed = { .x0 = 7, .x1 = 110, .x2 = 244, .x3 = 307, .x4 = 409, .x5 = 511,
			   .a01 = 184, .a12 = 255, .a23 = 255,
			   .b01 = 7, .b12 = 81, .b23 = 255, .b34 = 255, .b45 = 255 },
		.cu_3 = { .x0 = 148, .x1 = 251, .a01 = 10 },
		.cu_5 = { .x0 = 25, .x1 = 70, .a01 = 501, .b01 = 32 },
		.cu_6 = { .x0 = 32, .x1 = 63, .x2 = 183, .x3 = 397,
			  .a01 = 33, .b12 = 64, .b23 = 64 },
		.cu_7 = { .x0 = 200, .x1 = 303, .a01 = 10 },
		.cu_unsharp = { .x0 = 10, .x1 = 64, .x2 = 110, .x3 = 511,
				.a01 = 66, .a12 = 12, .b12 = 56, .b23 = 64 },
		.cu_radial = { .x0 = 6, .x1 = 203, .x2 = 255, .x3 = 255, .x4 = 255, .x5 = 255,
			       .a01 = 84, .a12 = 444, .a23 = 397, .a34 = 288, .a45 = 300,
			       .b01 = 4, .b12 = 69, .b23 = 207, .b34 = 369, .b45 = 448 },
		.cu_vssnlm = { .x0 = 61, .x1 = 100, .a01 = 25 },
	},
	.config = { .horver_diag_coeff = 45, .direct_metric_update = 16,
		    .ed_horver_diag_coeff = 45 },
	.control = { .iefd_en = 1, .denoise_en = 1, .direct_smooth_en = 1, .rad_en = 1,
		     .vssnlm_en = 1 },
	.sharp = {
		.cfg = { .nega_lmt_txt = 50, .posi_lmt_txt = 511,
			 .nega_lmt_dir = 50, .posi_lmt_dir = 50 },
		.far_w = { .dir_shrp = 64 },
		.unshrp_cfg = { .unsharp_weight = 56, .unsharp_amount = 56 },
	},
	.unsharp = {
		.unsharp_coef0 = { .c00 = 36, .c01 = 17, .c02 = 8 },
		.unsharp_coef1 = { .c11 = 13, .c12 = 7, .c22 = 3 },
	},
	.rad = {
		.reset_xy = { .x = -2104, .y = -1559 },
		.reset_x2 = { .x2 = 2104 * 2104 },
		.reset_y2 = { .y2 = 1559 * 1559 },
		.cfg = { .rad_nf = 6, .rad_inv_r2 = 79 },
		.rad_far_w = { .rad_dir_far_sharp_w = 64 },
		.cu_cfg0 = { .cu6_pow = 1, .cu_unsharp_pow = 2 },
		.cu_cfg1 = { .rad_cu6_x1 = 40, .rad_cu_unsharp_x1 = 62 },
	},
	.vsslnm = {
		.vss_lut_x = { .vs_x0 = 16, .vs_x1 = 32, .vs_x2 = 64 },
		.vss_lut_y = { .vs_y1 = 1, .vs_y2 = 2, .vs_y3 = 8 },
	},
};

static const struct ipu3_uapi_yuvp1_yds_config yds = {
	.c01 = 1, .c02 = 1, .c11 = 1, .c12 = 1, .norm_factor = 2,
};

static const struct ipu3_uapi_yuvp1_chnr_config chnr = {
	.sense_gain = { .vy = 6, .vu = 6, .vv = 6, .hy = 4, .hu = 4, .hv = 4 },
	.iir_fir = { .fir_0h = 8, .fir_1h = 12, .dalpha_clip_val = 129 },
};

static const struct ipu3_uapi_yuvp1_y_ee_nr_config y_ee_nr = {
	.lpf = { .a_diag = 4, .a_periph = 8, .a_cent = 16 },
	.sense = { .edge_sense_0 = 8191, .corner_sense_0 = 8191 },
	.gain = { .gain_pos_0 = 8, .gain_neg_0 = 8 },
	.clip = { .clip_pos_0 = 8, .clip_neg_0 = 8 },
	.frng = { .gain_exp = 2, .min_edge = 200, .lin_seg_param = 2, .t1 = 1, .t2 = 1 },
	.diag = { .diag_disc_g = 1, .hvw_hor = 4, .dw_hor = 1, .hvw_diag = 1, .dw_diag = 4 },
};

static const struct ipu3_uapi_yuvp2_tcc_gen_control_static_config tcc_control = {
	.en = 1, .blend_shift = 3, .gain_according_to_y_only = 1, .gamma = 8,
};

static const struct ipu3_uapi_yuvp2_tcc_r_sqr_lut_static_config tcc_r_sqr = {
	.entries = { 32, 44, 64, 92, 128, 180, 256, 364, 512, 628, 724, 808, 888, 956, 1024, 1088,
		     1144, 1200, 1256, 1304, 1356, 1404, 1448 },
};

static const struct ipu3_uapi_anr_transform_config anr_transform = {
	.adaptive_treshhold_en = 1,
	.alpha = {
		{ .gr = 13, .r = 13, .b = 13, .gb = 13 },
		{ .gr = 11, .r = 11, .b = 11, .gb = 11 },
		{ .gr = 14, .r = 14, .b = 14, .gb = 14 },
	},
	.beta = {
		{ .beta_gr = 24, .beta_r = 24, .beta_b = 24, .beta_gb = 24 },
		{ .beta_gr = 21, .beta_r = 20, .beta_b = 20, .beta_gb = 21 },
		{ .beta_gr = 25, .beta_r = 25, .beta_b = 25, .beta_gb = 25 },
	},
	.color = {
		{
			.reg_w_gr = { 166, 173, 149, 166, 161, 146, 145, 173,
				      145, 150, 141, 149, 145, 141, 142 },
			.reg_w_r = { 166, 173, 149, 165, 161, 145, 145, 173,
				     145, 150, 141, 149, 145, 141, 142 },
			.reg_w_b = { 166, 174, 149, 166, 162, 146, 146, 173,
				     145, 150, 141, 149, 145, 141, 142 },
			.reg_w_gb = { 166, 173, 149, 165, 161, 145, 145, 173,
				      146, 150, 141, 149, 145, 141, 142 },
		}, {
			.reg_w_gr = { 141, 131, 140, 141, 144, 143, 144, 131,
				      143, 137, 140, 140, 144, 140, 141 },
			.reg_w_r = { 141, 131, 140, 141, 143, 143, 144, 131,
				     143, 137, 140, 140, 144, 140, 141 },
			.reg_w_b = { 141, 131, 141, 141, 144, 144, 144, 131,
				     143, 137, 140, 140, 144, 140, 141 },
			.reg_w_gb = { 140, 131, 140, 141, 143, 143, 144, 131,
				      143, 137, 140, 140, 144, 140, 141 },
		}, {
			.reg_w_gr = { 184, 173, 188, 184, 182, 182, 181, 173,
				      182, 179, 182, 188, 181, 182, 180 },
			.reg_w_r = { 184, 173, 188, 184, 183, 182, 181, 173,
				     182, 178, 182, 188, 181, 182, 180 },
			.reg_w_b = { 184, 173, 188, 184, 182, 182, 181, 173,
				     182, 178, 182, 188, 181, 182, 181 },
			.reg_w_gb = { 184, 172, 188, 184, 182, 182, 181, 173,
				      182, 178, 182, 188, 182, 182, 180 },
		},
	},
	.sqrt_lut = { 724, 768, 810, 849, 887, 923, 958, 991, 1024, 1056, 1086, 1116, 1145, 1173,
		      1201, 1228, 1254, 1280, 1305, 1330, 1355, 1379, 1402, 1425, 1448 },
	.xreset = -1632,
	.yreset = -1224,
	.x_sqr_reset = 1632 * 1632,
	.r_normfactor = 14,
	.y_sqr_reset = 1224 * 1224,
	.gain_scale = 115,
};

static const u8 anr_pyramid[IPU3_UAPI_ANR_PYRAMID_SIZE][3] = {
	{ 1, 3, 5 },	{ 7, 7, 5 },	{ 3, 1, 3 },	{ 9, 15, 21 },	{ 21, 15, 9 },
	{ 3, 5, 15 },	{ 25, 35, 35 }, { 25, 15, 5 },	{ 7, 21, 35 },	{ 49, 49, 35 },
	{ 21, 7, 7 },	{ 21, 35, 49 }, { 49, 35, 21 }, { 7, 5, 15 },	{ 25, 35, 35 },
	{ 25, 15, 5 },	{ 3, 9, 15 },	{ 21, 21, 15 }, { 9, 3, 1 },	{ 3, 5, 7 },
	{ 7, 5, 3 },	{ 1, 0, 0 },
};

/* Statistics: 16 by 16 cells of 8 by 8 pixels; those of filters keep off the frame's edge. */
static const struct ipu3_uapi_grid_config grid = {
	.width = 16, .height = 16, .block_width_log2 = 3, .block_height_log2 = 3,
};

static const struct ipu3_uapi_grid_config inner_grid = {
	.width = 16, .height = 16, .block_width_log2 = 3, .block_height_log2 = 3,
	.x_start = 10, .y_start = 2 | IPU3_UAPI_GRID_Y_START_EN,
};

static const struct ipu3_uapi_ae_grid_config ae_grid = {
	.width = 16, .height = 16, .block_width_log2 = 3, .block_height_log2 = 3,
	.ae_en = 1,
};

static const struct ipu3_uapi_ae_weight_elem ae_weight = {
	.cell0 = 1, .cell1 = 1, .cell2 = 1, .cell3 = 1,
	.cell4 = 1, .cell5 = 1, .cell6 = 1, .cell7 = 1,
};

static const struct ipu3_uapi_ae_ccm ae_ccm = {
	.gain_gr = 256, .gain_r = 256, .gain_b = 256, .gain_gb = 256,
	.mat = { [0] = 128, [5] = 128, [10] = 128, [15] = 128 },
};

static const struct ipu3_uapi_af_filter_config af_filter = {
	.y1_coeff_2 = { .a12 = 128 },
	.y2_coeff_2 = { .a12 = 128 },
	.y_calc = { .y_gen_rate_gr = 8, .y_gen_rate_r = 8, .y_gen_rate_b = 8, .y_gen_rate_gb = 8 },
	.nf = { .y1_nf = 7, .y2_nf = 7 },
};

/* Three straight lines, each twice as steep as the one before. */
static void imgu_defaults_gamma(struct ipu3_uapi_gamma_config *gamma)
{
	u32 i, value = 63;

	gamma->gc_ctrl.enable = 1;
	for (i = 0; i < IPU3_UAPI_GAMMA_CORR_LUT_ENTRIES; i++) {
		gamma->gc_lut.lut[i] = value;
		value += i < 128 ? 16 : i < 192 ? 32 : 64;
	}
}

static void imgu_defaults_tcc(struct ipu3_uapi_yuvp2_tcc_static_config *tcc)
{
	const u32 last = IPU3_UAPI_YUVP2_TCC_GAIN_PCWL_LUT_ELEMENTS - 2;
	u32 i;

	tcc->gen_control = tcc_control;
	for (i = 0; i < IPU3_UAPI_YUVP2_TCC_MACC_TABLE_ELEMENTS; i++) {
		tcc->macc_table.entries[i].a = 1024;
		tcc->macc_table.entries[i].d = 1024;
	}
	tcc->inv_y_lut.entries[6] = 1023;
	for (i = 7; i < IPU3_UAPI_YUVP2_TCC_INV_Y_LUT_ELEMENTS; i++)
		tcc->inv_y_lut.entries[i] = 1024 >> (i - 6);
	/* From 1 to 1.5 in 63 steps at both ends. */
	for (i = 0; i <= last; i++) {
		const u32 step = min(i, last - i);

		tcc->gain_pcwl.entries[i] = step < 63 ? 1024 + (512 * step + 31) / 63 : 1536;
	}
	tcc->r_sqr_lut = tcc_r_sqr;
}

static void imgu_defaults_anr(struct ipu3_uapi_anr_config *anr)
{
	u32 i;

	anr->transform = anr_transform;
	anr->stitch.anr_stitch_en = 1;
	for (i = 0; i < IPU3_UAPI_ANR_PYRAMID_SIZE; i++) {
		anr->stitch.pyramid[i].entry0 = anr_pyramid[i][0];
		anr->stitch.pyramid[i].entry1 = anr_pyramid[i][1];
		anr->stitch.pyramid[i].entry2 = anr_pyramid[i][2];
	}
}

static void imgu_defaults_lin(struct ipu3_uapi_isp_lin_vmem_params *lin)
{
	u32 i;

	for (i = 0; i < IPU3_UAPI_LIN_LUT_SIZE; i++) {
		lin->lin_lutlow_gr[i] = 32 * i;
		lin->lin_lutlow_r[i] = 32 * i;
		lin->lin_lutlow_b[i] = 32 * i;
		lin->lin_lutlow_gb[i] = 32 * i;
		lin->lin_lutdif_gr[i] = 32;
		lin->lin_lutdif_r[i] = 32;
		lin->lin_lutdif_b[i] = 32;
		lin->lin_lutdif_gb[i] = 32;
	}
}

/*
 * A curve of 16 pieces was meant to be here. The staging driver has only ever written the tenth of
 * them, so that is what the programs have been run with, and it stays.
 */
static void imgu_defaults_xnr3(struct ipu3_uapi_isp_xnr3_vmem_params *xnr3)
{
	xnr3->x[9] = 2900;
	xnr3->a[9] = (u16)-3697;
	xnr3->b[9] = 1446;
}

static void imgu_defaults_acc(struct imgu_values *acc)
{
	u32 i;

	acc->bnr = bnr;
	acc->dm = dm;
	acc->ccm = ccm;
	imgu_defaults_gamma(&acc->gamma);
	acc->csc = csc;
	acc->cds = cds;
	acc->shd.shd = shd;
	acc->iefd = iefd;
	acc->yds_c0 = yds;
	acc->chnr_c0 = chnr;
	acc->y_ee_nr = y_ee_nr;
	acc->yds = yds;
	acc->chnr = chnr;
	acc->yds2 = yds;
	imgu_defaults_tcc(&acc->tcc);
	imgu_defaults_anr(&acc->anr);
	acc->awb_fr.grid_cfg = inner_grid;
	acc->awb_fr.bayer_coeff[5] = 128;
	acc->awb_fr.bayer_nf = 7;
	acc->ae.grid_cfg = ae_grid;
	for (i = 0; i < IPU3_UAPI_AE_WEIGHTS; i++)
		acc->ae.weights[i] = ae_weight;
	acc->ae.ae_ccm = ae_ccm;
	acc->af.filter_config = af_filter;
	acc->af.grid_cfg = inner_grid;
	acc->awb.rgbs_thr_gr = 8191;
	acc->awb.rgbs_thr_r = 8191;
	acc->awb.rgbs_thr_gb = 8191;
	acc->awb.rgbs_thr_b = 8191 | IPU3_UAPI_AWB_RGBS_THR_B_EN |
				     IPU3_UAPI_AWB_RGBS_THR_B_INCL_SAT;
	acc->awb.grid = grid;
}

/**
 * imgu_defaults_fill() - the settings of a stream that nobody has set any of
 * @values: Result.
 *
 * Grids do not depend on the frame's size here, and may not fit into a small one.
 *
 * Context: any.
 */
void imgu_defaults_fill(struct imgu_values *values)
{
	u32 i;

	memset(values, 0, sizeof(*values));
	imgu_defaults_acc(values);
	imgu_defaults_lin(&values->lin_vmem);
	for (i = 0; i < IPU3_UAPI_ISP_TNR3_VMEM_LEN; i++)
		values->tnr3_vmem.sigma[i] = 256;
	imgu_defaults_xnr3(&values->xnr3_vmem);
	values->tnr3_dmem.knee_y1 = 768;
	values->tnr3_dmem.knee_y2 = 1280;
	values->xnr3_dmem.alpha.y0 = 2047;
	values->xnr3_dmem.alpha.u0 = 2047;
	values->xnr3_dmem.alpha.v0 = 2047;
}
