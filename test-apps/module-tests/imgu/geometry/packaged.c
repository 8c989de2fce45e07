// SPDX-License-Identifier: GPL-2.0-or-later
#include "packaged.h"

#include <linux/device.h>

#include "ipu3-tables.h"

_Static_assert(IMGU_BDS_CONFIG_LEN == PACKAGED_FACTORS, "other factors");
_Static_assert(IMGU_SCALER_DOWNSCALE_4TAPS_LEN == PACKAGED_LUMA, "another filter");
_Static_assert(IMGU_SCALER_DOWNSCALE_2TAPS_LEN == PACKAGED_CHROMA, "another filter");
_Static_assert(IMGU_GDC_LUT_LEN == PACKAGED_CUBIC, "another filter");
_Static_assert(sizeof(struct imgu_abi_bds_phase_arr) == PACKAGED_PHASE_BYTES, "another layout");

struct packaged_factor packaged_bds(unsigned int index)
{
	const struct imgu_css_bds_config *config = &imgu_css_bds_configs[index];
	struct packaged_factor factor;

	memcpy(factor.horizontal, &config->hor_phase_arr, sizeof(factor.horizontal));
	memcpy(factor.vertical, &config->ver_phase_arr, sizeof(factor.vertical));
	memcpy(factor.pattern, &config->ptrn_arr, sizeof(factor.pattern));
	factor.pattern_length = config->sample_patrn_length;
	factor.horizontal_enable = config->hor_ds_en;
	factor.vertical_enable = config->ver_ds_en;
	return factor;
}

int32_t packaged_luma(unsigned int index)
{
	return imgu_css_downscale_4taps[index];
}

int32_t packaged_chroma(unsigned int index)
{
	return imgu_css_downscale_2taps[index];
}

int16_t packaged_cubic(unsigned int tap, unsigned int place)
{
	return imgu_css_gdc_lut[tap][place];
}
