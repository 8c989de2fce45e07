/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The accelerators' block: all that the firmware is told about the fixed functions of one pipe.
 */
#ifndef IPU3_IMGU_ACC_H
#define IPU3_IMGU_ACC_H

#include "abi-acc.h"
#include "settings.h"

enum imgu_reason imgu_acc_build(const struct imgu_settings *s, const struct imgu_geometry *g,
				const struct imgu_program *p, struct imgu_acc_param *acc,
				struct imgu_written *written, struct imgu_ranges *changed);

#endif
