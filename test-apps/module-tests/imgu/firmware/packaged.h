/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own driver, asked about firmware files, the choice of a program, what it tells the processors when a pipe
 * starts, and rings. It is ipu3-css.c and ipu3-css-fw.c of the packaged kernel source, compiled as they are; only memory
 * and registers are others. One world at a time.
 */
#ifndef FIRMWARE_PACKAGED_H
#define FIRMWARE_PACKAGED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
	PACKAGED_MEMORIES = 10,
	PACKAGED_SP_STAGE = 280,
	PACKAGED_ISP_STAGE = 912,
	PACKAGED_SP_GROUP = 380,
	PACKAGED_PIPES = 2,
};

/* Of a firmware file. */
struct packaged_verdict {
	bool accepted;
	bool reads_beyond; /* it copies bytes that the file does not have; here it is kept from that */
	uint32_t sp[2], bootloader;
};

/* The file stays the caller's, and must outlive what else is asked. At a multiple of 8. */
void packaged_load(const void *file, size_t size, struct packaged_verdict *verdict);
void packaged_unload(void);

struct packaged_size {
	uint32_t width, height;
};

/* Sizes that are as the driver itself would have made them. */
struct packaged_pipe {
	unsigned int number;
	bool still, vf_enabled;
	unsigned int bayer; /* as the firmware numbers them */
	struct packaged_size in, crop, bds, envelope, gdc, out, vf;
};

/* Of the file that is loaded: the program's number, negative if none suits. */
int packaged_choose(const struct packaged_pipe *pipe);

/*
 * A pipe that streams with the program that it chooses, and user space that asks with TRY_FMT for other sizes: the number
 * of the program that the pipe has then, negative if one of both is refused.
 */
int packaged_try(const struct packaged_pipe *streams, const struct packaged_pipe *asked);

struct packaged_stage {
	bool accepted;
	/* Addresses that the driver's memory happened to get. */
	uint32_t gdc[2], tnr[2];
	uint32_t config_at[PACKAGED_MEMORIES], state_at[PACKAGED_MEMORIES];
	uint32_t body, isp_stage_at, map, sp_stage_at;
	/* What it allocated of them. */
	size_t gdc_bytes, tnr_bytes, map_bytes, warp_bytes, obgrid_bytes;
	/* What it filled. */
	uint8_t sp_stage[PACKAGED_SP_STAGE], isp_stage[PACKAGED_ISP_STAGE], sp_group[PACKAGED_SP_GROUP];
	uint8_t config[4096], state[4096];
	size_t config_bytes, state_bytes;
};

/* Starts a pipe with the program that it chooses. */
void packaged_start(const struct packaged_pipe *pipe, struct packaged_stage *stage);

/* Whether it takes a structure to lie within a memory of that many bytes. */
bool packaged_fits(uint32_t offset, uint32_t size, uint32_t memory);

/* The memory of SP0, 16 KiB, that rings are in: where the loaded file says. */
uint8_t *packaged_rings(void);
/* queue negative: events. 0, or a negative error number. */
int packaged_put(int queue, int pipe, uint32_t data);
int packaged_take(int queue, uint32_t *data);

#ifdef __cplusplus
}
#endif

#endif
