// SPDX-License-Identifier: GPL-2.0-or-later
#include "packaged_defaults.h"

#include <linux/device.h>

#include "ipu3-tables.h"

#define BYTES(table) ((struct packaged_bytes){ &(table), sizeof(table) })

struct packaged_bytes packaged_bytes_of(enum packaged_default which)
{
	switch (which) {
	case PACKAGED_BNR:
		return BYTES(imgu_css_bnr_defaults);
	case PACKAGED_DM:
		return BYTES(imgu_css_dm_defaults);
	case PACKAGED_CCM:
		return BYTES(imgu_css_ccm_defaults);
	case PACKAGED_GAMMA_LUT:
		return BYTES(imgu_css_gamma_lut);
	case PACKAGED_CSC:
		return BYTES(imgu_css_csc_defaults);
	case PACKAGED_CDS:
		return BYTES(imgu_css_cds_defaults);
	case PACKAGED_SHD:
		return BYTES(imgu_css_shd_defaults);
	case PACKAGED_IEFD:
		return BYTES(imgu_css_iefd_defaults);
	case PACKAGED_YDS:
		return BYTES(imgu_css_yds_defaults);
	case PACKAGED_CHNR:
		return BYTES(imgu_css_chnr_defaults);
	case PACKAGED_Y_EE_NR:
		return BYTES(imgu_css_y_ee_nr_defaults);
	case PACKAGED_TCC_GAIN:
		return BYTES(imgu_css_tcc_gain_pcwl_lut);
	case PACKAGED_TCC_R_SQR:
		return BYTES(imgu_css_tcc_r_sqr_lut);
	case PACKAGED_ANR_TRANSFORM:
		return BYTES(imgu_css_anr_defaults.transform);
	case PACKAGED_ANR_PYRAMID:
		return BYTES(imgu_css_anr_defaults.stitch.pyramid);
	case PACKAGED_AWB_FR:
		return BYTES(imgu_css_awb_fr_defaults);
	case PACKAGED_AE_GRID:
		return BYTES(imgu_css_ae_grid_defaults);
	case PACKAGED_AE_CCM:
		return BYTES(imgu_css_ae_ccm_defaults);
	case PACKAGED_AF_FILTER:
		return BYTES(imgu_css_af_defaults.filter_config);
	case PACKAGED_AF_GRID:
		return BYTES(imgu_css_af_defaults.grid_cfg);
	case PACKAGED_AWB:
		return BYTES(imgu_css_awb_defaults);
	case PACKAGED_DEFAULTS:
		break;
	}
	return (struct packaged_bytes){ 0 };
}
