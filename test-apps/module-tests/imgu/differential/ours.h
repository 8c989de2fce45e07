/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The module's own computations behind an interface without their types, which have the names of the packaged driver's.
 */
#ifndef DIFFERENTIAL_OURS_H
#define DIFFERENTIAL_OURS_H

#include "reference.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
	OURS_BLOCKS = 2, /* of each kind, used in turn: a set finds what the one before the last has left */
};

struct ours_range {
	uint32_t offset, size;
};

/* What a set has made. */
struct ours_result {
	int reason; /* 0: accepted */
	uint8_t *acc, *vmem, *dmem;
	uint32_t vmem_bytes, dmem_bytes; /* of this program */
	/* Which bytes of these were written, as the driver would flush them. */
	uint32_t acc_ranges, vmem_ranges, dmem_ranges;
	struct ours_range acc_range[64], vmem_range[64], dmem_range[64];
};

struct ours;
struct ours *ours_new(void);
void ours_free(struct ours *ours);

/* A stream begins with these sizes: 0, or why they are refused. Blocks keep what they held: whatever a stream left. */
int ours_begin(struct ours *ours, const struct reference_pipe *pipe);
/* The next set. One that is not given is the stream's first, which is the driver's own. */
void ours_set(struct ours *ours, const struct reference_set *set, struct ours_result *result);
/* The same for the block of accelerators alone, as a benchmark wants it. */
void ours_acc(struct ours *ours, const struct reference_set *set, struct ours_result *result);
/* The block of accelerators that the next set goes to. */
const uint8_t *ours_next_acc(const struct ours *ours);
/* The warp table of these sizes; returns how many blocks, @blocks has room for REFERENCE_WARP_BLOCKS. */
uint32_t ours_warp(const struct ours *ours, void *blocks);

const char *ours_reason_name(int reason);
const char *ours_reason_text(int reason);
int ours_reasons(void);

#ifdef __cplusplus
}
#endif
#endif
