/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables that the kernel's own driver begins with, as bytes. */
#ifndef SETTINGS_PACKAGED_DEFAULTS_H
#define SETTINGS_PACKAGED_DEFAULTS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum packaged_default {
	PACKAGED_BNR,
	PACKAGED_DM,
	PACKAGED_CCM,
	PACKAGED_GAMMA_LUT,
	PACKAGED_CSC,
	PACKAGED_CDS,
	PACKAGED_SHD,
	PACKAGED_IEFD,
	PACKAGED_YDS,
	PACKAGED_CHNR,
	PACKAGED_Y_EE_NR,
	PACKAGED_TCC_GAIN,
	PACKAGED_TCC_R_SQR,
	PACKAGED_ANR_TRANSFORM,
	PACKAGED_ANR_PYRAMID,
	PACKAGED_AWB_FR,
	PACKAGED_AE_GRID,
	PACKAGED_AE_CCM,
	PACKAGED_AF_FILTER,
	PACKAGED_AF_GRID,
	PACKAGED_AWB,
	PACKAGED_DEFAULTS
};

struct packaged_bytes {
	const void *data;
	size_t size;
};

struct packaged_bytes packaged_bytes_of(enum packaged_default which);

#ifdef __cplusplus
}
#endif
#endif
