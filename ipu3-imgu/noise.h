/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What noise reduction and demosaicing are told besides user space's settings: the frame's size.
 */
#ifndef IPU3_IMGU_NOISE_H
#define IPU3_IMGU_NOISE_H

#include "abi-acc.h"
#include "geometry.h"

void imgu_noise_bnr(const struct ipu3_uapi_bnr_static_config *user, const struct imgu_size *frame,
		    struct ipu3_uapi_bnr_static_config *bnr);
void imgu_noise_dm(const struct ipu3_uapi_dm_config *user, const struct imgu_size *frame,
		   struct ipu3_uapi_dm_config *dm);
void imgu_noise_anr(const struct ipu3_uapi_anr_config *user, const struct imgu_size *frame,
		    struct imgu_acc_anr *anr);

#endif
