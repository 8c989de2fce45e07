/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IPU3_IMGU_DEFAULTS_H
#define IPU3_IMGU_DEFAULTS_H

#include "settings.h"

void imgu_defaults_fill(struct imgu_values *values);

#endif
