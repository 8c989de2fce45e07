/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What user space has set so far: the driver's own copy of each section of the settings. Nothing
 * that is kept here comes from memory that a device or user space may write.
 */
#ifndef IPU3_IMGU_SETTINGS_H
#define IPU3_IMGU_SETTINGS_H

#include "geometry.h"
#include <linux/intel-ipu3.h>

/**
 * enum imgu_section - the sections of the settings
 * @IMGU_SECTION_BNR: Bayer noise reduction and white balance.
 * @IMGU_SECTION_GREEN_DISPARITY: How much the two greens may differ.
 * @IMGU_SECTION_DM: Demosaicing.
 * @IMGU_SECTION_CCM: Colour correction.
 * @IMGU_SECTION_GAMMA: Gamma.
 * @IMGU_SECTION_CSC: From RGB to YUV.
 * @IMGU_SECTION_CDS: Chroma's size.
 * @IMGU_SECTION_SHD: Shading.
 * @IMGU_SECTION_IEFD: Image enhancement.
 * @IMGU_SECTION_YDS_C0: Luma's size, first part.
 * @IMGU_SECTION_CHNR_C0: Chroma noise reduction, first part.
 * @IMGU_SECTION_Y_EE_NR: Luma's edges and noise.
 * @IMGU_SECTION_YDS: Luma's size, second part.
 * @IMGU_SECTION_CHNR: Chroma noise reduction, second part.
 * @IMGU_SECTION_YDS2: Luma's size, third part.
 * @IMGU_SECTION_TCC: Total colour correction.
 * @IMGU_SECTION_ANR: Advanced noise reduction.
 * @IMGU_SECTION_AWB_FR: The response of white balance's filter.
 * @IMGU_SECTION_AE: Exposure.
 * @IMGU_SECTION_AF: Focus.
 * @IMGU_SECTION_AWB: White balance's statistics.
 * @IMGU_SECTION_LIN_VMEM: Linearisation.
 * @IMGU_SECTION_TNR3_VMEM: Temporal noise reduction, tables.
 * @IMGU_SECTION_XNR3_VMEM: Extreme noise reduction, tables.
 * @IMGU_SECTION_TNR3_DMEM: Temporal noise reduction, numbers.
 * @IMGU_SECTION_XNR3_DMEM: Extreme noise reduction, numbers.
 * @IMGU_SECTION_OBGRID: Black level.
 * @IMGU_SECTIONS: How many.
 *
 * One for each use flag that has an effect, in the order of the blocks that the firmware is given.
 * Those up to IMGU_SECTION_AWB are part of the accelerators' block, the next five of the program's
 * memories, the last one is a black level.
 */
enum imgu_section {
	IMGU_SECTION_BNR,
	IMGU_SECTION_GREEN_DISPARITY,
	IMGU_SECTION_DM,
	IMGU_SECTION_CCM,
	IMGU_SECTION_GAMMA,
	IMGU_SECTION_CSC,
	IMGU_SECTION_CDS,
	IMGU_SECTION_SHD,
	IMGU_SECTION_IEFD,
	IMGU_SECTION_YDS_C0,
	IMGU_SECTION_CHNR_C0,
	IMGU_SECTION_Y_EE_NR,
	IMGU_SECTION_YDS,
	IMGU_SECTION_CHNR,
	IMGU_SECTION_YDS2,
	IMGU_SECTION_TCC,
	IMGU_SECTION_ANR,
	IMGU_SECTION_AWB_FR,
	IMGU_SECTION_AE,
	IMGU_SECTION_AF,
	IMGU_SECTION_AWB,
	IMGU_SECTION_LIN_VMEM,
	IMGU_SECTION_TNR3_VMEM,
	IMGU_SECTION_XNR3_VMEM,
	IMGU_SECTION_TNR3_DMEM,
	IMGU_SECTION_XNR3_DMEM,
	IMGU_SECTION_OBGRID,
	IMGU_SECTIONS
};

/**
 * struct imgu_values - all sections
 * @bnr: %IMGU_SECTION_BNR.
 * @green_disparity: %IMGU_SECTION_GREEN_DISPARITY.
 * @dm: %IMGU_SECTION_DM.
 * @ccm: %IMGU_SECTION_CCM.
 * @gamma: %IMGU_SECTION_GAMMA.
 * @csc: %IMGU_SECTION_CSC.
 * @cds: %IMGU_SECTION_CDS.
 * @shd: %IMGU_SECTION_SHD.
 * @iefd: %IMGU_SECTION_IEFD.
 * @yds_c0: %IMGU_SECTION_YDS_C0.
 * @chnr_c0: %IMGU_SECTION_CHNR_C0.
 * @y_ee_nr: %IMGU_SECTION_Y_EE_NR.
 * @yds: %IMGU_SECTION_YDS.
 * @chnr: %IMGU_SECTION_CHNR.
 * @yds2: %IMGU_SECTION_YDS2.
 * @tcc: %IMGU_SECTION_TCC.
 * @anr: %IMGU_SECTION_ANR.
 * @awb_fr: %IMGU_SECTION_AWB_FR.
 * @ae: %IMGU_SECTION_AE.
 * @af: %IMGU_SECTION_AF.
 * @awb: %IMGU_SECTION_AWB.
 * @lin_vmem: %IMGU_SECTION_LIN_VMEM.
 * @tnr3_vmem: %IMGU_SECTION_TNR3_VMEM.
 * @xnr3_vmem: %IMGU_SECTION_XNR3_VMEM.
 * @tnr3_dmem: %IMGU_SECTION_TNR3_DMEM.
 * @xnr3_dmem: %IMGU_SECTION_XNR3_DMEM.
 * @obgrid: %IMGU_SECTION_OBGRID.
 *
 * User space's structure has them packed, at addresses that are not multiples of what their types
 * are aligned to. Here they are.
 */
struct imgu_values {
	struct ipu3_uapi_bnr_static_config bnr;
	struct ipu3_uapi_bnr_static_config_green_disparity green_disparity;
	struct ipu3_uapi_dm_config dm;
	struct ipu3_uapi_ccm_mat_config ccm;
	struct ipu3_uapi_gamma_config gamma;
	struct ipu3_uapi_csc_mat_config csc;
	struct ipu3_uapi_cds_params cds;
	struct ipu3_uapi_shd_config shd;
	struct ipu3_uapi_yuvp1_iefd_config iefd;
	struct ipu3_uapi_yuvp1_yds_config yds_c0;
	struct ipu3_uapi_yuvp1_chnr_config chnr_c0;
	struct ipu3_uapi_yuvp1_y_ee_nr_config y_ee_nr;
	struct ipu3_uapi_yuvp1_yds_config yds;
	struct ipu3_uapi_yuvp1_chnr_config chnr;
	struct ipu3_uapi_yuvp1_yds_config yds2;
	struct ipu3_uapi_yuvp2_tcc_static_config tcc;
	struct ipu3_uapi_anr_config anr;
	struct ipu3_uapi_awb_fr_config_s awb_fr;
	struct ipu3_uapi_ae_config ae;
	struct ipu3_uapi_af_config_s af;
	struct ipu3_uapi_awb_config_s awb;
	struct ipu3_uapi_isp_lin_vmem_params lin_vmem;
	struct ipu3_uapi_isp_tnr3_vmem_params tnr3_vmem;
	struct ipu3_uapi_isp_xnr3_vmem_params xnr3_vmem;
	struct ipu3_uapi_isp_tnr3_params tnr3_dmem;
	struct ipu3_uapi_isp_xnr3_params xnr3_dmem;
	struct ipu3_uapi_obgrid_param obgrid;
};

/**
 * struct imgu_settings - what a pipe's user space has set since the stream's start
 * @values: The sections. Bits that are reserved are zero; fields that the driver computes are as
 *	user space gave them, and are not used.
 * @generation: A number for each section that is another one after each change, never 0.
 */
struct imgu_settings {
	struct imgu_values values;
	u32 generation[IMGU_SECTIONS];
};

/**
 * struct imgu_written - which settings a block of memory holds
 * @generation: For each section, the generation that was written to it last. All 0: nothing has
 *	been written.
 *
 * Belongs to a block for as long as sizes and program do not change.
 */
struct imgu_written {
	u32 generation[IMGU_SECTIONS];
};

/**
 * struct imgu_range - bytes of a block
 * @offset: From the block's start.
 * @size: How many.
 */
struct imgu_range {
	u32 offset;
	u32 size;
};

/**
 * struct imgu_ranges - which bytes of a block have been written
 * @count: How many ranges.
 * @range: Where they are.
 */
struct imgu_ranges {
	u32 count;
	struct imgu_range range[IMGU_SECTIONS];
};

void imgu_settings_init(struct imgu_settings *s, const struct imgu_geometry *g);
enum imgu_reason imgu_settings_merge(struct imgu_settings *s, const struct ipu3_uapi_params *user,
				     const struct imgu_geometry *g, const struct imgu_program *p);
bool imgu_settings_stale(const struct imgu_settings *s, struct imgu_written *written,
			 enum imgu_section section);
void imgu_ranges_add(struct imgu_ranges *ranges, u32 offset, u32 size);

#endif
