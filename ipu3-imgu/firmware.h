/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The firmware file: judged as a whole before anything of it is used, and a program of it chosen
 * for a pipe.
 */
#ifndef IPU3_IMGU_FIRMWARE_H
#define IPU3_IMGU_FIRMWARE_H

#include "firmware-format.h"
#include "geometry.h"
#include "late.h"
#include "reason.h"

#define IMGU_SPS	2

/* What a pipe is for: struct imgu_isp_program, @mode. There are six in all. */
#define IMGU_MODE_STILL	2
#define IMGU_MODE_VIDEO	3
#define IMGU_MODES	6

/* Bytes: of each processor's data memory, and of each SP's instruction memory. */
#define IMGU_DATA_MEMORY	0x4000
#define IMGU_TEXT_MEMORY	0x4000

/**
 * struct imgu_firmware - a firmware file that has been judged
 * @file: Its first byte, at a multiple of 8 in memory. It stays the caller's.
 * @size: Bytes.
 * @programs: How many programs it has.
 * @sp: Which of them are the SPs'.
 * @bootloader: Which is the bootloader.
 */
struct imgu_firmware {
	const u8 *file;
	size_t size;
	u32 programs;
	u32 sp[IMGU_SPS];
	u32 bootloader;
};

/**
 * struct imgu_firmware_program - a program of the ISP that has been chosen
 * @number: Which of the file's.
 * @program: What geometry and settings need to know of it.
 * @late: Where it expects its parameters.
 * @config: Where in its CONFIG block it expects what. Of @config.tnr3 only with @tnr.
 * @state: The same of its STATE block.
 * @tnr: It reduces noise over time.
 * @obgrid_cells: Cells of the grid of black levels, of one stripe.
 */
struct imgu_firmware_program {
	u32 number;
	struct imgu_program program;
	struct imgu_late_layout late;
	struct imgu_firmware_config config;
	struct imgu_firmware_state state;
	bool tnr;
	u32 obgrid_cells;
};

const struct imgu_firmware_info *imgu_firmware_get_info(const struct imgu_firmware *firmware,
							u32 number);
const char *imgu_firmware_name(const struct imgu_firmware *firmware, u32 number);
const u8 *imgu_firmware_body(const struct imgu_firmware *firmware, u32 number);
enum imgu_reason imgu_firmware_judge(const void *file, size_t size, struct imgu_firmware *firmware,
				     u32 *number);
enum imgu_reason imgu_firmware_choose(const struct imgu_firmware *firmware, u32 mode,
				      const struct imgu_geometry *g,
				      struct imgu_firmware_program *chosen);

#endif
