/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the SP and the ISP are told of a pipe when it starts: frames between steps, the program's
 * CONFIG and STATE blocks, its stage and its place among the pipes.
 */
#ifndef IPU3_IMGU_STAGE_H
#define IPU3_IMGU_STAGE_H

#include "abi-sp.h"
#include "firmware.h"
#include "geometry.h"

/* Reference frames of a kind: one is read while the other one is written. */
#define IMGU_REFERENCES		2
/* A block of geometric correction's table: pixels and lines of luma. */
#define IMGU_WARP_WIDTH		64
#define IMGU_WARP_HEIGHT	32
/* Where the SP keeps a parameter set's addresses, bytes: whole words. */
#define IMGU_STAGE_MAP		160

static_assert(offsetof(struct imgu_parameter_set, id) <= IMGU_STAGE_MAP, "stage");
static_assert(IMGU_STAGE_MAP % IMGU_DDR_WORD == 0, "stage");

/**
 * struct imgu_reference - a frame that stays in memory from one frame to the next
 * @width: Pixels of a line that are used.
 * @stride: Bytes from line to line.
 * @height: Lines of luma.
 * @chroma: Where chroma begins, bytes.
 * @size: Bytes in all.
 */
struct imgu_reference {
	u32 width;
	u32 stride;
	u32 height;
	u32 chroma;
	u32 size;
};

/**
 * struct imgu_stage_memory - addresses of what a stage needs, in the image processor's space
 * @gdc: Frames of geometric correction, as imgu_stage_gdc_reference() says.
 * @tnr: Frames of temporal noise reduction, as imgu_stage_tnr_reference() says.
 * @config: CONFIG of each memory, looked at where the program has one.
 * @state: STATE of each memory, likewise.
 * @body: The program's body.
 * @isp_stage: struct imgu_isp_stage.
 * @map: IMGU_STAGE_MAP bytes of the SP's.
 */
struct imgu_stage_memory {
	u32 gdc[IMGU_REFERENCES];
	u32 tnr[IMGU_REFERENCES];
	u32 config[IMGU_MEMORIES];
	u32 state[IMGU_MEMORIES];
	u32 body;
	u32 isp_stage;
	u32 map;
};

void imgu_stage_gdc_reference(const struct imgu_geometry *g, struct imgu_reference *reference);
void imgu_stage_tnr_reference(const struct imgu_geometry *g, const struct imgu_program *p,
			      struct imgu_reference *reference);
void imgu_stage_warp_size(const struct imgu_geometry *g, struct imgu_config_dvs *blocks);
u32 imgu_stage_warp_blocks(const struct imgu_geometry *g);

void imgu_stage_config(const struct imgu_geometry *g, const struct imgu_firmware *firmware,
		       const struct imgu_firmware_program *chosen,
		       const struct imgu_stage_memory *memory, u8 *config);
void imgu_stage_state(const struct imgu_firmware *firmware,
		      const struct imgu_firmware_program *chosen, u8 *state);
void imgu_stage_isp(const struct imgu_firmware *firmware,
		    const struct imgu_firmware_program *chosen,
		    const struct imgu_stage_memory *memory, struct imgu_isp_stage *stage);
void imgu_stage_sp(const struct imgu_geometry *g, const struct imgu_firmware *firmware,
		   const struct imgu_firmware_program *chosen,
		   const struct imgu_stage_memory *memory, struct imgu_sp_stage *stage);
void imgu_stage_pipe(const struct imgu_firmware *firmware,
		     const struct imgu_firmware_program *chosen, unsigned int pipe, u32 sp_stage,
		     struct imgu_sp_group *group);

#endif
