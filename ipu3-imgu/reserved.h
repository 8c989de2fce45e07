/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IPU3_IMGU_RESERVED_H
#define IPU3_IMGU_RESERVED_H

#include "settings.h"

void imgu_reserved_clear(struct imgu_values *values, enum imgu_section section);

#endif
