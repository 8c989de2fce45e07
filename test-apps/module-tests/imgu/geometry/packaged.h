/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of the kernel's own driver, without its types. */
#ifndef GEOMETRY_PACKAGED_H
#define GEOMETRY_PACKAGED_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
	PACKAGED_FACTORS = 97,
	PACKAGED_LUMA = 128,
	PACKAGED_CHROMA = 64,
	PACKAGED_CUBIC = 256,
	PACKAGED_PHASE_BYTES = 512, /* 32 filters of 8 bytes for even pixels, then 32 for odd ones */
};

struct packaged_factor {
	uint8_t horizontal[PACKAGED_PHASE_BYTES];
	uint8_t vertical[PACKAGED_PHASE_BYTES];
	uint32_t pattern[8];
	uint32_t pattern_length;
	uint32_t horizontal_enable;
	uint32_t vertical_enable;
};

/* @index: the factor is (32 + @index)/32. */
struct packaged_factor packaged_bds(unsigned int index);
int32_t packaged_luma(unsigned int index);
int32_t packaged_chroma(unsigned int index);
int16_t packaged_cubic(unsigned int tap, unsigned int place);

#ifdef __cplusplus
}
#endif
#endif
