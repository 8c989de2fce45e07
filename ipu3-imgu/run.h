/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a pipe has to run with: sizes, program, memory; parameter sets; and the frame sets that are
 * on their way.
 */
#ifndef IPU3_IMGU_RUN_H
#define IPU3_IMGU_RUN_H

#include "abi-acc.h"
#include "abi-sp.h"
#include "ipu3-imgu.h"
#include "memory.h"
#include "stage.h"

/* Frame sets that the firmware has at a time: more have not been seen on silicon. */
#define IMGU_SETS		2
/*
 * Parameter sets, and blocks of each part of them: one for each frame set that is on its way, the
 * one that the firmware used last, and the next one.
 */
#define IMGU_PARAM_SETS		(IMGU_SETS + 2)

/**
 * enum imgu_part - what a parameter set consists of
 * @IMGU_PART_ACC: The accelerators' block.
 * @IMGU_PART_VMEM: What is copied to the ISP's vector memory.
 * @IMGU_PART_DMEM: What is copied to its data memory.
 * @IMGU_PART_OBGRID: The grid of black levels.
 * @IMGU_PARTS: How many.
 *
 * A part is written anew only if the settings that it is made of have changed.
 */
enum imgu_part {
	IMGU_PART_ACC,
	IMGU_PART_VMEM,
	IMGU_PART_DMEM,
	IMGU_PART_OBGRID,
	IMGU_PARTS
};

/* Blocks that the device only reads, and those that it writes, too. */
enum imgu_told {
	IMGU_TOLD_SP_STAGE,
	IMGU_TOLD_ISP_STAGE,
	IMGU_TOLD_WARP,
	IMGU_TOLD_CONFIG,
	IMGU_TOLD_SET = IMGU_TOLD_CONFIG + IMGU_MEMORIES,
	IMGU_TOLD_PART = IMGU_TOLD_SET + IMGU_PARAM_SETS,
	IMGU_TOLDS = IMGU_TOLD_PART + IMGU_PARTS * IMGU_PARAM_SETS
};

enum imgu_shared {
	IMGU_SHARED_MAP,
	IMGU_SHARED_STATE,
	IMGU_SHARED_DESCRIPTOR = IMGU_SHARED_STATE + IMGU_MEMORIES,
	IMGU_SHAREDS = IMGU_SHARED_DESCRIPTOR + IMGU_TO_SP_BUFFERS * IMGU_NODES
};

/**
 * struct imgu_param_set - a parameter set
 * @number: Counts them; 0: it is free.
 * @frames: Frame sets on their way that use it.
 * @returned: The firmware has given it back.
 * @part: Which block of each part it names.
 */
struct imgu_param_set {
	u32 number;
	unsigned int frames;
	bool returned;
	unsigned int part[IMGU_PARTS];
};

/**
 * struct imgu_frame_set - what the firmware has of a frame
 * @pending: By node: the firmware has a buffer.
 * @touched: It has given back one of them.
 * @buffer: By node: the buffer; %NULL: a sink, or nothing.
 * @sequence: Number of the frame.
 * @ns: When the first of its buffers came back: the time of the frame at all nodes.
 * @params: Which parameter set it is made with.
 */
struct imgu_frame_set {
	unsigned long pending;
	bool touched;
	struct imgu_buffer *buffer[IMGU_NODES];
	u32 sequence;
	u64 ns;
	unsigned int params;
};

/**
 * struct imgu_run - what a pipe has to run with
 * @pipe: The pipe.
 * @geometry: Its sizes.
 * @chosen: Its program.
 * @told_block: Blocks that the device only reads.
 * @told: The same, with their pool.
 * @shared_block: Blocks that it writes, too.
 * @shared: The same, with their pool.
 * @gdc: Frames of geometric correction.
 * @tnr: Frames of temporal noise reduction, if the program does that.
 * @sink: Where pictures and statistics go that nobody wants.
 * @settings: What user space has set so far. Covered by &imgu_device.engine_lock, like all that
 *	follows.
 * @up: The firmware was started for the pipe, and knows it.
 * @sets: Parameter sets.
 * @newest: The one that the next frame uses if it gets no other one.
 * @numbers: Parameter sets so far.
 * @due: Settings have changed since the newest one was made.
 * @current_part: Block of each part that the newest one names.
 * @frames: Frame sets on their way, by entry of the rings: all rings of a pipe are at the same one.
 * @entry: Where the next one goes.
 * @on_way: How many are on their way.
 * @progress_ns: When one last came back, or was given while there was no other one.
 * @failed: Its readers were told that the stream has ended.
 * @may_restart: The firmware may be started anew if it gives up: not twice without a frame between.
 */
struct imgu_run {
	struct imgu_pipe *pipe;
	struct imgu_geometry geometry;
	struct imgu_firmware_program chosen;

	struct imgu_block told_block[IMGU_TOLDS];
	struct imgu_blocks told;
	struct imgu_block shared_block[IMGU_SHAREDS];
	struct imgu_blocks shared;
	struct vb2_ipu_mem *gdc[IMGU_REFERENCES];
	struct vb2_ipu_mem *tnr[IMGU_REFERENCES];
	struct vb2_ipu_mem *sink;

	struct imgu_settings settings;
	bool up;
	struct imgu_param_set sets[IMGU_PARAM_SETS];
	unsigned int newest;
	u32 numbers;
	bool due;
	unsigned int current_part[IMGU_PARTS];
	struct imgu_frame_set frames[IMGU_TO_SP_BUFFERS];
	unsigned int entry;
	unsigned int on_way;
	u64 progress_ns;
	bool failed;
	bool may_restart;
};

static inline struct imgu_device *imgu_run_device(const struct imgu_run *run)
{
	return run->pipe->imgu;
}

/* run.c */
struct imgu_run *imgu_run_create(struct imgu_pipe *pipe, const struct imgu_geometry *g,
				 const struct imgu_firmware_program *chosen);
void imgu_run_destroy(struct imgu_run *run);
void imgu_run_fill(struct imgu_run *run);

/* params.c */
void imgu_params_reset(struct imgu_run *run);
enum imgu_reason imgu_params_merge(struct imgu_run *run, const struct ipu3_uapi_params *user);
int imgu_params_give(struct imgu_run *run);
int imgu_params_drain(struct imgu_device *imgu);
void imgu_params_frame_begins(struct imgu_run *run, struct imgu_frame_set *frame);
void imgu_params_frame_ends(struct imgu_run *run, struct imgu_frame_set *frame);

#endif
