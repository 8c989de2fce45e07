/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's own driver is asked, and what it answers: one block of memory that a comparer and the process that
 * the driver's code runs in share. No type of the driver appears here.
 */
#ifndef DIFFERENTIAL_REFERENCE_H
#define DIFFERENTIAL_REFERENCE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
	REFERENCE_SETS = 4, /* of one sequence, and the driver's pools' entries */
	REFERENCE_PARAMS_BYTES = 39328,
	REFERENCE_ACC_BYTES = 285120,
	REFERENCE_VMEM_BYTES = 1792,
	REFERENCE_DMEM_BYTES = 84,
	REFERENCE_WARP_BLOCK_BYTES = 64,
	/* Of a picture of 4480 by 3264, the largest that a warp table is asked of. */
	REFERENCE_WARP_BLOCKS = 70 * 102 / 2 * 3,
};

struct reference_size {
	uint32_t width, height;
};

/* As struct imgu_geometry and struct imgu_program have it, and what the driver reads besides. */
struct reference_pipe {
	struct reference_size in, crop, bds, envelope, gdc, out, vf;
	struct reference_size ref; /* width with its padding */
	uint32_t in_stride;        /* bytes */
	uint32_t out_stride;       /* bytes of luma, the width with its padding */
	uint32_t vf_stride;
	uint32_t bayer; /* as the firmware numbers them */
	uint32_t stripes;
	uint32_t block_width; /* of a stripe, in vectors of 64 pixels */
	uint32_t has_af, has_awb, has_awb_fr, has_ae;
	uint32_t video; /* with temporal noise reduction */
};

struct reference_set {
	uint32_t given; /* 0: the stream's first set, which nobody gives */
	uint32_t unused[7];
	uint8_t params[REFERENCE_PARAMS_BYTES]; /* struct ipu3_uapi_params, aligned to 32 bytes */
};

/* Where a set's blocks are among the entries of the pools. */
struct reference_verdict {
	int32_t error; /* 0: accepted */
	uint32_t acc, vmem, dmem;
};

struct reference_exchange {
	struct reference_pipe pipe;
	uint32_t sets;
	/* Answer. A set that the driver had not finished when it crashed is not counted. */
	uint32_t sets_done;
	uint32_t warp_blocks; /* of the warp table; 0: it was not asked for */
	uint32_t want_warp;
	struct reference_verdict verdicts[REFERENCE_SETS];
	struct reference_set set[REFERENCE_SETS] __attribute__((aligned(64)));
	uint8_t acc[REFERENCE_SETS][REFERENCE_ACC_BYTES] __attribute__((aligned(64)));
	uint8_t vmem[REFERENCE_SETS][REFERENCE_VMEM_BYTES] __attribute__((aligned(64)));
	uint8_t dmem[REFERENCE_SETS][(REFERENCE_DMEM_BYTES + 63) / 64 * 64] __attribute__((aligned(64)));
	uint8_t warp[REFERENCE_WARP_BLOCKS][REFERENCE_WARP_BLOCK_BYTES] __attribute__((aligned(64)));
};

/*
 * Works the sets of @exchange off one after the other, as the driver would in a stream that has just started, and fills
 * in the answer. Runs into whatever the driver's code runs into.
 */
void reference_run(struct reference_exchange *exchange);

/*
 * The same for one set, for benchmarks: the settings of @set on top of the block @old, which may be NULL, to the block
 * @acc. Returns 0 or a negative error.
 */
int reference_acc(const struct reference_pipe *pipe, struct reference_set *set, uint8_t *acc, uint8_t *old);

#ifdef __cplusplus
}
#endif
#endif
