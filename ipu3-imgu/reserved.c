// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bits of the settings that mean nothing. What the hardware makes of them is not known, and user
 * space may have left anything there, so they never reach it.
 */
#include "pure.h"
#include "reserved.h"

static void imgu_reserved_bnr(struct ipu3_uapi_bnr_static_config *bnr)
{
	bnr->thr_coeffs.reserved0 = 0;
	bnr->thr_coeffs.reserved1 = 0;
	bnr->opt_center.reserved0 = 0;
	bnr->opt_center.reserved2 = 0;
	bnr->bp_ctrl.reserved0 = 0;
	bnr->bp_ctrl.reserved1 = 0;
	bnr->bp_ctrl.reserved2 = 0;
	bnr->bp_ctrl.reserved3 = 0;
	bnr->dn_detect_ctrl.reserved0 = 0;
	bnr->dn_detect_ctrl.reserved1 = 0;
	bnr->dn_detect_ctrl.reserved2 = 0;
}

static void
imgu_reserved_green_disparity(struct ipu3_uapi_bnr_static_config_green_disparity *disparity)
{
	disparity->reserved0 = 0;
	disparity->reserved1 = 0;
	disparity->reserved2 = 0;
	disparity->reserved3 = 0;
	disparity->reserved4 = 0;
	disparity->reserved5 = 0;
}

static void imgu_reserved_dm(struct ipu3_uapi_dm_config *dm)
{
	dm->reserved0 = 0;
	dm->reserved1 = 0;
	dm->reserved2 = 0;
	dm->reserved3 = 0;
	dm->reserved4 = 0;
	dm->reserved5 = 0;
}

static void imgu_reserved_gamma(struct ipu3_uapi_gamma_config *gamma)
{
	gamma->gc_ctrl.reserved = 0;
	/* What is between the two is copied with them. */
	memset((u8 *)gamma + sizeof(gamma->gc_ctrl), 0,
	       offsetof(struct ipu3_uapi_gamma_config, gc_lut) - sizeof(gamma->gc_ctrl));
}

static void imgu_reserved_cds(struct ipu3_uapi_cds_params *cds)
{
	cds->reserved0 = 0;
	cds->reserved1 = 0;
}

static void imgu_reserved_shd(struct ipu3_uapi_shd_config *shd)
{
	u32 i;

	shd->shd.grid.reserved0 = 0;
	shd->shd.grid.reserved1 = 0;
	shd->shd.general.reserved = 0;
	for (i = 0; i < IPU3_UAPI_SHD_MAX_CFG_SETS; i++) {
		memset(shd->shd_lut.sets[i].reserved1, 0, sizeof(shd->shd_lut.sets[i].reserved1));
		memset(shd->shd_lut.sets[i].reserved2, 0, sizeof(shd->shd_lut.sets[i].reserved2));
	}
}

static void imgu_reserved_cux4(struct ipu3_uapi_iefd_cux4 *unit)
{
	unit->reserved0 = 0;
	unit->reserved1 = 0;
	unit->reserved2 = 0;
	unit->reserved3 = 0;
}

static void imgu_reserved_iefd_units(struct ipu3_uapi_yuvp1_iefd_cfg_units *units)
{
	units->cu_ed.reserved0 = 0;
	units->cu_ed.reserved1 = 0;
	units->cu_ed.reserved2 = 0;
	units->cu_ed.reserved3 = 0;
	units->cu_ed.reserved4 = 0;
	units->cu_ed.reserved5 = 0;
	units->cu_5.reserved1 = 0;
	units->cu_5.reserved2 = 0;
	imgu_reserved_cux4(&units->cu_6);
	imgu_reserved_cux4(&units->cu_unsharp);
	units->cu_radial.reserved1 = 0;
	units->cu_radial.reserved2 = 0;
	units->cu_radial.reserved4 = 0;
	units->cu_radial.reserved5 = 0;
}

static void imgu_reserved_iefd(struct ipu3_uapi_yuvp1_iefd_config *iefd)
{
	imgu_reserved_iefd_units(&iefd->units);
	iefd->config.reserved0 = 0;
	iefd->config.reserved1 = 0;
	iefd->config.reserved2 = 0;
	iefd->config.reserved3 = 0;
	iefd->control.reserved = 0;
	iefd->sharp.cfg.reserved0 = 0;
	iefd->sharp.cfg.reserved1 = 0;
	iefd->sharp.cfg.reserved2 = 0;
	iefd->sharp.cfg.reserved3 = 0;
	iefd->sharp.far_w.reserved0 = 0;
	iefd->sharp.far_w.reserved1 = 0;
	iefd->sharp.far_w.reserved2 = 0;
	iefd->sharp.unshrp_cfg.reserved0 = 0;
	iefd->sharp.unshrp_cfg.reserved1 = 0;
	iefd->unsharp.unsharp_coef0.reserved = 0;
	iefd->unsharp.unsharp_coef1.reserved = 0;
	iefd->rad.reset_xy.reserved0 = 0;
	iefd->rad.reset_xy.reserved1 = 0;
	iefd->rad.reset_x2.reserved = 0;
	iefd->rad.reset_y2.reserved = 0;
	iefd->rad.cfg.reserved0 = 0;
	iefd->rad.cfg.reserved1 = 0;
	iefd->rad.rad_far_w.reserved = 0;
	iefd->rad.cu_cfg0.reserved0 = 0;
	iefd->rad.cu_cfg0.reserved1 = 0;
	iefd->rad.cu_cfg0.reserved2 = 0;
	iefd->rad.cu_cfg0.reserved3 = 0;
	iefd->rad.cu_cfg1.reserved0 = 0;
	iefd->rad.cu_cfg1.reserved1 = 0;
	iefd->vsslnm.vss_lut_x.reserved2 = 0;
	iefd->vsslnm.vss_lut_y.reserved0 = 0;
	iefd->vsslnm.vss_lut_y.reserved1 = 0;
	iefd->vsslnm.vss_lut_y.reserved2 = 0;
}

static void imgu_reserved_yds(struct ipu3_uapi_yuvp1_yds_config *yds)
{
	yds->reserved0 = 0;
	yds->reserved1 = 0;
}

static void imgu_reserved_chnr(struct ipu3_uapi_yuvp1_chnr_config *chnr)
{
	chnr->enable.reserved0 = 0;
	chnr->enable.reserved1 = 0;
	chnr->coring.reserved0 = 0;
	chnr->coring.reserved1 = 0;
	chnr->sense_gain.reserved0 = 0;
	chnr->sense_gain.reserved1 = 0;
	chnr->iir_fir.reserved0 = 0;
	chnr->iir_fir.reserved1 = 0;
	chnr->iir_fir.reserved2 = 0;
}

static void imgu_reserved_y_ee_nr(struct ipu3_uapi_yuvp1_y_ee_nr_config *nr)
{
	nr->lpf.reserved0 = 0;
	nr->lpf.reserved1 = 0;
	nr->lpf.reserved2 = 0;
	nr->sense.reserved0 = 0;
	nr->sense.reserved1 = 0;
	nr->sense.reserved2 = 0;
	nr->sense.reserved3 = 0;
	nr->gain.reserved0 = 0;
	nr->gain.reserved1 = 0;
	nr->gain.reserved2 = 0;
	nr->gain.reserved3 = 0;
	nr->clip.reserved0 = 0;
	nr->clip.reserved1 = 0;
	nr->clip.reserved2 = 0;
	nr->clip.reserved3 = 0;
	nr->frng.reserved0 = 0;
	nr->frng.reserved1 = 0;
	nr->frng.reserved2 = 0;
	nr->frng.reserved3 = 0;
	nr->diag.reserved0 = 0;
	nr->diag.reserved1 = 0;
	nr->fc_coring.reserved0 = 0;
	nr->fc_coring.reserved1 = 0;
	nr->fc_coring.reserved2 = 0;
	nr->fc_coring.reserved3 = 0;
}

static void imgu_reserved_tcc(struct ipu3_uapi_yuvp2_tcc_static_config *tcc)
{
	u32 i;

	tcc->gen_control.reserved0 = 0;
	tcc->gen_control.reserved1 = 0;
	tcc->gen_control.reserved2 = 0;
	for (i = 0; i < IPU3_UAPI_YUVP2_TCC_MACC_TABLE_ELEMENTS; i++) {
		tcc->macc_table.entries[i].reserved0 = 0;
		tcc->macc_table.entries[i].reserved1 = 0;
		tcc->macc_table.entries[i].reserved2 = 0;
		tcc->macc_table.entries[i].reserved3 = 0;
	}
}

static void imgu_reserved_anr(struct ipu3_uapi_anr_config *anr)
{
	u32 i;

	anr->transform.reserved1 = 0;
	memset(anr->transform.reserved2, 0, sizeof(anr->transform.reserved2));
	anr->transform.reserved3 = 0;
	anr->transform.reserved4 = 0;
	anr->transform.reserved5 = 0;
	memset(anr->stitch.reserved, 0, sizeof(anr->stitch.reserved));
	for (i = 0; i < IPU3_UAPI_ANR_PYRAMID_SIZE; i++)
		anr->stitch.pyramid[i].reserved = 0;
}

static void imgu_reserved_grid(struct ipu3_uapi_grid_config *grid)
{
	const struct ipu3_uapi_grid_config named = {
		.width = grid->width,
		.height = grid->height,
		.block_width_log2 = grid->block_width_log2,
		.block_height_log2 = grid->block_height_log2,
		.x_start = grid->x_start,
		.y_start = grid->y_start,
	};

	/* The rest is computed, but for two bits that have no name. */
	*grid = named;
}

static void imgu_reserved_enabled_grid(struct ipu3_uapi_grid_config *grid)
{
	imgu_reserved_grid(grid);
	grid->y_start &= IPU3_UAPI_GRID_Y_START_EN | IPU3_UAPI_GRID_START_MASK;
}

static void imgu_reserved_awb_fr(struct ipu3_uapi_awb_fr_config_s *awb_fr)
{
	imgu_reserved_enabled_grid(&awb_fr->grid_cfg);
	awb_fr->reserved1 = 0;
	memset(awb_fr->reserved2, 0, sizeof(awb_fr->reserved2));
}

static void imgu_reserved_af(struct ipu3_uapi_af_config_s *af)
{
	imgu_reserved_enabled_grid(&af->grid_cfg);
	af->filter_config.nf.reserved0 = 0;
	af->filter_config.nf.reserved1 = 0;
	af->filter_config.nf.reserved2 = 0;
}

static void imgu_reserved_awb(struct ipu3_uapi_awb_config_s *awb)
{
	const size_t end = offsetof(struct ipu3_uapi_awb_config_s, grid) + sizeof(awb->grid);

	imgu_reserved_grid(&awb->grid);
	memset((u8 *)awb + end, 0, sizeof(*awb) - end);
}

static void imgu_reserved_tnr3_vmem(struct ipu3_uapi_isp_tnr3_vmem_params *tnr3)
{
	memset(tnr3->reserved1, 0, sizeof(tnr3->reserved1));
	memset(tnr3->reserved2, 0, sizeof(tnr3->reserved2));
}

/**
 * imgu_reserved_clear() - zero the bits of a section that mean nothing
 * @values: The settings.
 * @section: Which section of them. What lies between its parts and is not copied any further stays.
 *
 * Context: any.
 */
void imgu_reserved_clear(struct imgu_values *values, enum imgu_section section)
{
	switch (section) {
	case IMGU_SECTION_BNR:
		imgu_reserved_bnr(&values->bnr);
		break;
	case IMGU_SECTION_GREEN_DISPARITY:
		imgu_reserved_green_disparity(&values->green_disparity);
		break;
	case IMGU_SECTION_DM:
		imgu_reserved_dm(&values->dm);
		break;
	case IMGU_SECTION_GAMMA:
		imgu_reserved_gamma(&values->gamma);
		break;
	case IMGU_SECTION_CDS:
		imgu_reserved_cds(&values->cds);
		break;
	case IMGU_SECTION_SHD:
		imgu_reserved_shd(&values->shd);
		break;
	case IMGU_SECTION_IEFD:
		imgu_reserved_iefd(&values->iefd);
		break;
	case IMGU_SECTION_YDS_C0:
		imgu_reserved_yds(&values->yds_c0);
		break;
	case IMGU_SECTION_CHNR_C0:
		imgu_reserved_chnr(&values->chnr_c0);
		break;
	case IMGU_SECTION_Y_EE_NR:
		imgu_reserved_y_ee_nr(&values->y_ee_nr);
		break;
	case IMGU_SECTION_YDS:
		imgu_reserved_yds(&values->yds);
		break;
	case IMGU_SECTION_CHNR:
		imgu_reserved_chnr(&values->chnr);
		break;
	case IMGU_SECTION_YDS2:
		imgu_reserved_yds(&values->yds2);
		break;
	case IMGU_SECTION_TCC:
		imgu_reserved_tcc(&values->tcc);
		break;
	case IMGU_SECTION_ANR:
		imgu_reserved_anr(&values->anr);
		break;
	case IMGU_SECTION_AWB_FR:
		imgu_reserved_awb_fr(&values->awb_fr);
		break;
	case IMGU_SECTION_AE:
		values->ae.grid_cfg.reserved0 = 0;
		break;
	case IMGU_SECTION_AF:
		imgu_reserved_af(&values->af);
		break;
	case IMGU_SECTION_AWB:
		imgu_reserved_awb(&values->awb);
		break;
	case IMGU_SECTION_TNR3_VMEM:
		imgu_reserved_tnr3_vmem(&values->tnr3_vmem);
		break;
	case IMGU_SECTION_CCM:
	case IMGU_SECTION_CSC:
	case IMGU_SECTION_LIN_VMEM:
	case IMGU_SECTION_XNR3_VMEM:
	case IMGU_SECTION_TNR3_DMEM:
	case IMGU_SECTION_XNR3_DMEM:
	case IMGU_SECTION_OBGRID:
	case IMGU_SECTIONS:
		break;
	}
}
