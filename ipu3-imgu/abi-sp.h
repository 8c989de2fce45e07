/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the driver and the scalar processors (SPs) of the image processor tell each other in memory:
 * pipes and their stages, configurations and states of a program, buffer descriptors, parameter
 * sets, rings, and what the SPs are booted with.
 *
 * Layout: the kernel's staging driver, ipu3-abi.h. Little-endian; an address is one in the image
 * processor's own 32-bit space.
 */
#ifndef IPU3_IMGU_ABI_SP_H
#define IPU3_IMGU_ABI_SP_H

#include <linux/intel-ipu3.h>

#include "pure.h"

/* An SP runs so many pipes, of so many stages each; this driver uses two pipes of one stage. */
#define IMGU_SP_PIPES		4
#define IMGU_SP_STAGES		3
#define IMGU_PROGRAM_NAME	64
/* Bytes a word of the memory that the ISP reads frames from. */
#define IMGU_DDR_WORD		32

/* ---- Memories of the ISP and what is in them ---- */

enum imgu_memory {
	IMGU_MEMORY_PMEM0,
	IMGU_MEMORY_DMEM0,
	IMGU_MEMORY_VMEM0,
	IMGU_MEMORY_VAMEM0,
	IMGU_MEMORY_VAMEM1,
	IMGU_MEMORY_VAMEM2,
	IMGU_MEMORY_HMEM0,
	IMGU_MEMORY_SP0_DMEM0,
	IMGU_MEMORY_SP1_DMEM0,
	IMGU_MEMORY_DDR,
	IMGU_MEMORIES
};

/**
 * enum imgu_class - when the ISP gets what is in its memories
 * @IMGU_CLASS_PARAM: With each frame.
 * @IMGU_CLASS_CONFIG: When its pipe starts.
 * @IMGU_CLASS_STATE: When its pipe starts; it is the program's own from then on.
 * @IMGU_CLASSES: Number of classes.
 */
enum imgu_class {
	IMGU_CLASS_PARAM,
	IMGU_CLASS_CONFIG,
	IMGU_CLASS_STATE,
	IMGU_CLASSES
};

/**
 * struct imgu_segment - what one memory of the ISP is filled with
 * @address: In the firmware file where in that memory; in a stage where it is copied from.
 * @size: Bytes, 0: nothing.
 */
struct imgu_segment {
	u32 address;
	u32 size;
};

/**
 * struct imgu_segments - what all memories of the ISP are filled with
 * @in: By class and memory.
 */
struct imgu_segments {
	struct imgu_segment in[IMGU_CLASSES][IMGU_MEMORIES];
};

static_assert(sizeof(struct imgu_segments) == 240, "SP: segments");

/* ---- A program ---- */

/**
 * struct imgu_blob - a program's body: where its parts are, bytes
 * @offset: Of the body in the file.
 * @tables: Of each class, where in the file the table of structures' places is.
 * @name: Where in the file the program's name is, with a 0 behind it.
 * @size: Of the body.
 * @padding_size: What of @size is padding.
 * @icache_source: Instructions that a cache loads: place in the body,
 * @icache_size: size,
 * @icache_padding: and padding.
 * @text_source: Instructions that the bootloader loads: place in the body,
 * @text_size: size,
 * @text_padding: and padding.
 * @data_source: Initial data: place in the body,
 * @data_target: place in the processor's memory,
 * @data_size: size,
 * @data_padding: and padding.
 * @bss_target: What is zeroed: place in the processor's memory,
 * @bss_size: and size.
 * @padding: 0.
 * @code: A pointer of those who load, 0.
 * @data: Likewise.
 */
struct imgu_blob {
	u32 offset;
	u32 tables[IMGU_CLASSES];
	u32 name;
	u32 size;
	u32 padding_size;
	u32 icache_source;
	u32 icache_size;
	u32 icache_padding;
	u32 text_source;
	u32 text_size;
	u32 text_padding;
	u32 data_source;
	u32 data_target;
	u32 data_size;
	u32 data_padding;
	u32 bss_target;
	u32 bss_size;
	u32 padding;
	u64 code;
	u64 data;
};

static_assert(offsetof(struct imgu_blob, data_source) == 52, "SP: blob");
static_assert(offsetof(struct imgu_blob, code) == 80, "SP: blob");
static_assert(sizeof(struct imgu_blob) == 96, "SP: blob");

/* struct imgu_isp_program, @source. */
#define IMGU_SOURCE_SENSOR	0
#define IMGU_SOURCE_MEMORY	1
#define IMGU_SOURCE_VARIABLE	2

/**
 * struct imgu_isp_program - what the ISP's program is for
 * @id: The program's number; 236 is the one for video, 238 for still pictures.
 * @mode: Which pipes it is for, IMGU_MODE_... in firmware.h.
 * @pipe_version: Of the ISP.
 * @pipelining: Not looked at, like what follows it.
 * @c_subsampling: Likewise.
 * @top_cropping: Likewise.
 * @left_cropping: Likewise.
 * @variable_resolution: Likewise.
 * @input: Frames that it reads:
 * @input.min_width: columns at least,
 * @input.min_height: lines at least,
 * @input.max_width: columns at most,
 * @input.max_height: lines at most.
 * @source: IMGU_SOURCE_..., where from.
 * @output: Frames that it writes, likewise.
 * @output.min_width: Likewise.
 * @output.min_height: Likewise.
 * @output.max_width: Likewise.
 * @output.max_height: Likewise.
 * @output_chunks: Not looked at.
 * @variable_format: Not looked at.
 * @internal_max_width: Frames between steps: columns at most,
 * @internal_max_height: and lines.
 * @bds_factors: Not looked at, like what follows it.
 * @envelope_max_width: Likewise.
 * @envelope_max_height: Likewise.
 * @vf_variable: Likewise.
 * @vf_max_log: Likewise.
 * @s3a_in_dmem: Likewise.
 * @s3a_log: Likewise.
 * @bnr_lite: Likewise.
 * @stripes: Vertical stripes that it works a frame off in.
 * @row_height: Not looked at.
 * @row_overlap: Not looked at.
 * @addresses: Of its variables and entry, which only the SP looks at.
 * @uds: Likewise, of the scaler.
 * @block_width: Vectors that a block of its output is wide.
 * @block_height: Not looked at.
 * @output_block_height: Lines that such a block is high.
 * @initializers: Where in its memories what is expected.
 * @enable: What it does: 1 each.
 * @enable.input_feeder: Reads packed RAW frames.
 * @enable.other0: What this driver does not ask for.
 * @enable.awb: White balance statistics.
 * @enable.awb_fr: The white balance filter's response.
 * @enable.other1: What this driver does not ask for.
 * @enable.ae: Exposure statistics.
 * @enable.af: Focus statistics.
 * @enable.other2: What this driver does not ask for.
 * @enable.luma_only: No colour.
 * @enable.other3: What this driver does not ask for.
 * @enable.input_raw: Reads RAW frames.
 * @enable.other4: What this driver does not ask for.
 * @enable.warp: Geometric correction by a table.
 * @enable.other5: What this driver does not ask for.
 * @enable.params: Reads parameter sets.
 * @enable.other6: What this driver does not ask for.
 * @dma: Channels, which only the SP looks at.
 */
struct imgu_isp_program {
	u32 id;
	u32 mode;
	u32 pipe_version;
	u32 pipelining;
	u32 c_subsampling;
	u32 top_cropping;
	u32 left_cropping;
	u32 variable_resolution;
	struct {
		u32 min_width;
		u32 min_height;
		u32 max_width;
		u32 max_height;
	} input;
	u32 source;
	struct {
		u32 min_width;
		u32 min_height;
		u32 max_width;
		u32 max_height;
	} output;
	u32 output_chunks;
	u32 variable_format;
	u32 internal_max_width;
	u32 internal_max_height;
	u32 bds_factors;
	u32 envelope_max_width;
	u32 envelope_max_height;
	u32 vf_variable;
	u32 vf_max_log;
	u32 s3a_in_dmem;
	u32 s3a_log;
	u32 bnr_lite;
	u32 stripes;
	u32 row_height;
	u32 row_overlap;
	u32 addresses[7];
	u16 uds[12];
	u32 block_width;
	u32 block_height;
	u32 output_block_height;
	struct imgu_segments initializers;
	struct {
		u8 input_feeder;
		u8 other0[10];
		u8 awb;
		u8 awb_fr;
		u8 other1[10];
		u8 ae;
		u8 af;
		u8 other2[9];
		u8 luma_only;
		u8 other3;
		u8 input_raw;
		u8 other4[5];
		u8 warp;
		u8 other5[14];
		u8 params;
		u8 other6[9];
	} enable;
	u8 dma[13];
};

static_assert(offsetof(struct imgu_isp_program, source) == 48, "SP: program");
static_assert(offsetof(struct imgu_isp_program, internal_max_width) == 76, "SP: program");
static_assert(offsetof(struct imgu_isp_program, stripes) == 116, "SP: program");
static_assert(offsetof(struct imgu_isp_program, block_width) == 180, "SP: program");
static_assert(offsetof(struct imgu_isp_program, initializers) == 192, "SP: program");
static_assert(offsetof(struct imgu_isp_program, enable) == 432, "SP: program");
static_assert(offsetof(struct imgu_isp_program, enable.params) == 489, "SP: program");
static_assert(offsetof(struct imgu_isp_program, dma) == 499, "SP: program");
static_assert(sizeof(struct imgu_isp_program) == 512, "SP: program");

/**
 * struct imgu_isp_stage - a program as a stage of a pipe, for the ISP
 * @blob: From the firmware file.
 * @program: From the firmware file.
 * @name: Its name, with a 0 behind it.
 * @initializers: Sizes from the firmware file, and where each is copied from.
 */
struct imgu_isp_stage {
	struct imgu_blob blob;
	struct imgu_isp_program program;
	char name[IMGU_PROGRAM_NAME];
	struct imgu_segments initializers;
};

static_assert(offsetof(struct imgu_isp_stage, program) == 96, "SP: ISP's stage");
static_assert(offsetof(struct imgu_isp_stage, name) == 608, "SP: ISP's stage");
static_assert(offsetof(struct imgu_isp_stage, initializers) == 672, "SP: ISP's stage");
static_assert(sizeof(struct imgu_isp_stage) == 912, "SP: ISP's stage");

/* ---- Frames ---- */

/* Formats of frames, of those that the firmware numbers. */
#define IMGU_FORMAT_NV12	1
#define IMGU_FORMAT_RAW_PACKED	24
#define IMGU_FORMATS		29

/* Buffers that a frame needs, and the rings that they come through. */
enum imgu_queue {
	IMGU_QUEUE_EVENT = -1,	/* none */
	IMGU_QUEUE_PARAMS,
	IMGU_QUEUE_UNUSED,	/* the firmware returns what nobody gave it */
	IMGU_QUEUE_IN,
	IMGU_QUEUE_OUT,
	IMGU_QUEUE_VF,
	IMGU_QUEUE_STATS,
	IMGU_QUEUE_DVS,
	IMGU_QUEUE_SPARE,
	IMGU_QUEUES
};

#define IMGU_BUFFER_NONE	(-1)
#define IMGU_BUFFER_STATS	0
#define IMGU_BUFFER_DVS		1
#define IMGU_BUFFER_IN		3
#define IMGU_BUFFER_OUT		4
#define IMGU_BUFFER_VF		6

/**
 * struct imgu_frame_info - a frame
 * @width: Pixels a line.
 * @height: Lines.
 * @padded_width: Pixels from line to line.
 * @format: IMGU_FORMAT_....
 * @bit_depth: Bits a pixel, of RAW frames.
 * @bayer_order: enum imgu_bayer, of RAW frames.
 * @raw_type: 0: red, green and blue without infrared.
 * @padding: 0.
 */
struct imgu_frame_info {
	u16 width;
	u16 height;
	u16 padded_width;
	u8 format;
	u8 bit_depth;
	u8 bayer_order;
	u8 raw_type;
	u8 padding[2];
};

/**
 * struct imgu_buffer_source - where a stage's buffer comes from
 * @queue: enum imgu_queue.
 * @type: IMGU_BUFFER_....
 */
struct imgu_buffer_source {
	s32 queue;
	s32 type;
};

/**
 * struct imgu_frame - a frame and where it comes from
 * @info: Its size and format.
 * @source: Where it comes from.
 * @planes: Where they begin, bytes: of NV12 luma and chroma.
 */
struct imgu_frame {
	struct imgu_frame_info info;
	struct imgu_buffer_source source;
	u32 planes[6];
};

/**
 * struct imgu_stage_size - a size
 * @width: Pixels.
 * @height: Lines.
 */
struct imgu_stage_size {
	u32 width;
	u32 height;
};

static_assert(sizeof(struct imgu_frame_info) == 12, "SP: frame");
static_assert(sizeof(struct imgu_frame) == 44, "SP: frame");

/* ---- A stage, for the SP ---- */

#define IMGU_STAGE_SP	0
#define IMGU_STAGE_ISP	1

/**
 * struct imgu_sp_stage - a stage of a pipe, for the SP
 * @number: Of the stage, 0.
 * @online: 0: its input comes from memory.
 * @copy_vf: 0.
 * @copy_out: 0.
 * @xnr: 0.
 * @deci_log: Log2 of a cell of the statistics' default grid.
 * @vf_downscale: 0.
 * @deinterleaved: 0.
 * @program_input: 0.
 * @function: 0.
 * @type: IMGU_STAGE_ISP.
 * @stripes: Of the program.
 * @pipe_version: Of the program.
 * @enable: What it is to make: 1 each.
 * @enable.vf: The viewfinder's picture.
 * @enable.stats: Statistics.
 * @enable.dis: 0.
 * @enable.dvs: 0.
 * @enable.lace: 0.
 * @out_crop: 0.
 * @out_crop.x: 0.
 * @out_crop.y: 0.
 * @padding: 0.
 * @frames: Its frames:
 * @frames.in: the RAW frame,
 * @frames.out: the main picture, and another that no program here makes,
 * @frames.effective: size after cropping,
 * @frames.vf: the viewfinder's picture,
 * @frames.internal: the frame after the Bayer scaler,
 * @frames.stats: statistics,
 * @frames.dvs: statistics for video stabilisation,
 * @frames.lace: 0.
 * @envelope: What geometric correction may take from around its output.
 * @uds: 0.
 * @isp_stage: Address of struct imgu_isp_stage.
 * @body: Address of the program's body.
 * @map: Address of the parameter set that the SP keeps here.
 * @top_cropping: 0.
 * @row_height: 0.
 * @row_overlap: 0.
 * @if_config: IMGU_NO_IF_CONFIG: nothing of a sensor's input is set up.
 * @padding2: 0.
 */
struct imgu_sp_stage {
	u8 number;
	u8 online;
	u8 copy_vf;
	u8 copy_out;
	u8 xnr;
	u8 deci_log;
	u8 vf_downscale;
	u8 deinterleaved;
	u8 program_input;
	u8 function;
	u8 type;
	u8 stripes;
	u8 pipe_version;
	struct {
		u8 vf;
		u8 stats;
		u8 dis;
		u8 dvs;
		u8 lace;
	} enable;
	struct {
		u16 x;
		u16 y;
	} out_crop;
	u8 padding[2];
	struct {
		struct imgu_frame in;
		struct imgu_frame out[2];
		struct imgu_stage_size effective;
		struct imgu_frame vf;
		struct imgu_frame_info internal;
		struct imgu_buffer_source stats;
		struct imgu_buffer_source dvs;
		struct imgu_buffer_source lace;
	} frames;
	struct imgu_stage_size envelope;
	u16 uds[4];
	u32 isp_stage;
	u32 body;
	u32 map;
	u16 top_cropping;
	u16 row_height;
	u16 row_overlap;
	u8 if_config;
	u8 padding2;
};

#define IMGU_NO_IF_CONFIG	255

static_assert(offsetof(struct imgu_sp_stage, frames) == 24, "SP: stage");
static_assert(offsetof(struct imgu_sp_stage, frames.effective) == 156, "SP: stage");
static_assert(offsetof(struct imgu_sp_stage, frames.internal) == 208, "SP: stage");
static_assert(offsetof(struct imgu_sp_stage, envelope) == 244, "SP: stage");
static_assert(offsetof(struct imgu_sp_stage, isp_stage) == 260, "SP: stage");
static_assert(sizeof(struct imgu_sp_stage) == 280, "SP: stage");

/* ---- Pipes ---- */

#define IMGU_PIPE_ACQUIRE_ISP	0x80000000
#define IMGU_PORT_IN_HOST	0x00000001
#define IMGU_PORT_OUT_HOST	0x00000010

/**
 * struct imgu_sp_pipe - a pipe
 * @id: What it is for, IMGU_PIPE_... in stage.h.
 * @number: Of the pipe.
 * @thread: Of the SP, the same number.
 * @config: IMGU_PIPE_ACQUIRE_ISP, and bit @number: it reads parameter sets.
 * @qos: All ones.
 * @ports: IMGU_PORT_....
 * @bds_factor: 0.
 * @frame_delay: Frames that geometric correction is behind.
 * @stages: How many.
 * @running: The SP's.
 * @stage: Addresses of struct imgu_sp_stage.
 * @scaler_lut: 0.
 * @current_stage: The SP's.
 * @executions: -1: for ever.
 * @copy: 0.
 * @shading_x: 0.
 * @shading_y: 0.
 */
struct imgu_sp_pipe {
	u32 id;
	u32 number;
	u32 thread;
	u32 config;
	u32 qos;
	u32 ports;
	u32 bds_factor;
	u32 frame_delay;
	u32 stages;
	u32 running;
	u32 stage[IMGU_SP_STAGES];
	u32 scaler_lut;
	u32 current_stage;
	s32 executions;
	u32 copy[5];
	u32 shading_x;
	u32 shading_y;
};

/**
 * struct imgu_sp_group - all pipes; the SP reads it when a pipe starts
 * @config: 0.
 * @pipe: The pipes.
 * @debug: 0.
 */
struct imgu_sp_group {
	u8 config[8];
	struct imgu_sp_pipe pipe[IMGU_SP_PIPES];
	u32 debug;
};

static_assert(offsetof(struct imgu_sp_pipe, stage) == 40, "SP: pipe");
static_assert(offsetof(struct imgu_sp_pipe, executions) == 60, "SP: pipe");
static_assert(sizeof(struct imgu_sp_pipe) == 92, "SP: pipe");
static_assert(sizeof(struct imgu_sp_group) == 380, "SP: group");

/* ---- CONFIG and STATE of the ISP's programs ---- */

/**
 * struct imgu_config_iterator - frames that the program works on
 * @in: The RAW frame.
 * @internal: The frame after the Bayer scaler.
 * @out: The main picture.
 * @vf: The viewfinder's picture.
 * @envelope_width: What geometric correction may take from around its output, pixels.
 * @envelope_height: Lines.
 */
struct imgu_config_iterator {
	struct imgu_frame_info in;
	struct imgu_frame_info internal;
	struct imgu_frame_info out;
	struct imgu_frame_info vf;
	u16 envelope_width;
	u16 envelope_height;
};

/**
 * struct imgu_config_port - how a frame in memory is read and written
 * @crop: 0.
 * @elements: Pixels a word.
 * @width: Pixels a line.
 * @stride: Bytes from line to line.
 */
struct imgu_config_port {
	u8 crop;
	u8 elements;
	u16 width;
	u32 stride;
};

#define IMGU_CONFIG_REFS	3
#define IMGU_CONFIG_TNRS	4

/**
 * struct imgu_config_ref - reference frames of geometric correction
 * @a_over_b: Words a vector.
 * @port: How they are read.
 * @y: Addresses of luma.
 * @c: Addresses of chroma.
 * @delay: Frames that it is behind.
 */
struct imgu_config_ref {
	u32 a_over_b;
	struct imgu_config_port port;
	u32 y[IMGU_CONFIG_REFS];
	u32 c[IMGU_CONFIG_REFS];
	u32 delay;
};

/**
 * struct imgu_config_dvs - the table of geometric correction
 * @horizontal: Blocks a row.
 * @vertical: Rows.
 */
struct imgu_config_dvs {
	u32 horizontal;
	u32 vertical;
};

/**
 * struct imgu_config_tnr3 - reference frames of temporal noise reduction
 * @a_over_b: Words a vector.
 * @height: Lines.
 * @port: How they are read.
 * @delay: Frames that it is behind.
 * @frame: Addresses.
 */
struct imgu_config_tnr3 {
	u32 a_over_b;
	u32 height;
	struct imgu_config_port port;
	u32 delay;
	u32 frame[IMGU_CONFIG_TNRS];
};

/**
 * struct imgu_state_ref - which reference frame is whose
 * @in: Number of the one that is read.
 * @out: Number of the one that is written.
 */
struct imgu_state_ref {
	u32 in;
	u32 out;
};

/**
 * struct imgu_state_tnr3 - the same of temporal noise reduction, and how far it is
 * @in: Number of the frame that is read.
 * @out: Number of the frame that is written.
 * @frames: So far.
 * @frames_of_set: So far, of the only set of frames.
 * @bypass: 1: it does nothing.
 */
struct imgu_state_tnr3 {
	u32 in;
	u32 out;
	u32 frames;
	u32 frames_of_set;
	u32 bypass;
};

static_assert(sizeof(struct imgu_config_iterator) == 52, "CONFIG: iterator");
static_assert(sizeof(struct imgu_config_port) == 8, "CONFIG: port");
static_assert(sizeof(struct imgu_config_ref) == 40, "CONFIG: reference frames");
static_assert(sizeof(struct imgu_config_dvs) == 8, "CONFIG: geometric correction");
static_assert(sizeof(struct imgu_config_tnr3) == 36, "CONFIG: temporal noise reduction");
static_assert(sizeof(struct imgu_state_ref) == 8, "STATE: reference frames");
static_assert(sizeof(struct imgu_state_tnr3) == 20, "STATE: temporal noise reduction");

/* ---- Parameter sets and buffers ---- */

/**
 * struct imgu_parameter_set - addresses of all that one parameter set consists of
 * @memory: What the ISP's memories are filled with, by stage and memory.
 * @obgrid: The grid of black levels of each stripe.
 * @acc: struct imgu_acc_param.
 * @warp: Table of struct imgu_warp_block.
 * @id: 0.
 * @frame: 0: for the next frame.
 */
struct imgu_parameter_set {
	u32 memory[IMGU_SP_STAGES][IMGU_MEMORIES];
	u32 obgrid[IPU3_UAPI_MAX_STRIPES];
	u32 acc;
	u32 warp;
	u32 id;
	u32 frame;
};

static_assert(offsetof(struct imgu_parameter_set, obgrid) == 120, "SP: parameter set");
static_assert(offsetof(struct imgu_parameter_set, acc) == 128, "SP: parameter set");
static_assert(sizeof(struct imgu_parameter_set) == 144, "SP: parameter set");

/**
 * struct imgu_descriptor - a buffer
 * @frame: A frame:
 * @frame.address: of its first byte,
 * @frame.flashed: 0,
 * @frame.exposure: 0,
 * @frame.parameters: 0,
 * @frame.padded_width: pixels from line to line of what the processor writes.
 * @stats: Statistics:
 * @stats.table: address of the first byte,
 * @stats.table_low: 0,
 * @stats.histogram: 0,
 * @stats.exposure: 0,
 * @stats.parameters: 0,
 * @stats.data: the same address again,
 * @stats.sizes: 0.
 * @cookie: 0.
 * @kernel: 0.
 * @start: The SP's: a time.
 * @end: Likewise.
 * @end_of_frame: Likewise.
 * @padding: 0.
 */
struct imgu_descriptor {
	union {
		struct {
			u32 address;
			u32 flashed;
			u32 exposure;
			u32 parameters;
			u32 padded_width;
		} frame;
		struct {
			u32 table;
			u32 table_low;
			u32 histogram;
			u32 exposure;
			u32 parameters;
			u32 data;
			u32 sizes[4];
		} stats;
	};
	u64 cookie;
	u64 kernel;
	u32 start;
	u32 end;
	u32 end_of_frame;
	u32 padding;
};

static_assert(offsetof(struct imgu_descriptor, frame.padded_width) == 16, "SP: descriptor");
static_assert(offsetof(struct imgu_descriptor, stats.data) == 20, "SP: descriptor");
static_assert(offsetof(struct imgu_descriptor, cookie) == 40, "SP: descriptor");
static_assert(offsetof(struct imgu_descriptor, end_of_frame) == 64, "SP: descriptor");
static_assert(sizeof(struct imgu_descriptor) == 72, "SP: descriptor");

/* ---- Rings, in SP0's memory ---- */

/* Entries of a ring; one of them is always free. */
#define IMGU_TO_SP_BUFFERS	3
#define IMGU_FROM_SP_BUFFERS	8
#define IMGU_TO_SP_EVENTS	80
#define IMGU_FROM_SP_EVENTS	24

/**
 * struct imgu_ring_info - a ring
 * @size: Its entries.
 * @step: Bytes an entry.
 * @start: Number of the oldest entry.
 * @end: Number of the next one that will be written.
 */
struct imgu_ring_info {
	u8 size;
	u8 step;
	u8 start;
	u8 end;
};

/**
 * struct imgu_rings - all rings
 * @to_sp: Buffers for the SP, of each pipe and queue.
 * @to_sp_entries: Their entries, addresses.
 * @from_sp: Buffers that come back, of each queue.
 * @from_sp_entries: Their entries, addresses.
 * @events_to_sp: Events for the SP.
 * @events_to_sp_entries: Their entries.
 * @events_from_sp: Events from the SP.
 * @events_from_sp_entries: Their entries.
 */
struct imgu_rings {
	struct imgu_ring_info to_sp[IMGU_SP_PIPES][IMGU_QUEUES];
	u32 to_sp_entries[IMGU_SP_PIPES][IMGU_QUEUES][IMGU_TO_SP_BUFFERS];
	struct imgu_ring_info from_sp[IMGU_QUEUES];
	u32 from_sp_entries[IMGU_QUEUES][IMGU_FROM_SP_BUFFERS];
	struct imgu_ring_info events_to_sp;
	u32 events_to_sp_entries[IMGU_TO_SP_EVENTS];
	struct imgu_ring_info events_from_sp;
	u32 events_from_sp_entries[IMGU_FROM_SP_EVENTS];
};

static_assert(offsetof(struct imgu_rings, to_sp_entries) == 128, "SP: rings");
static_assert(offsetof(struct imgu_rings, from_sp) == 512, "SP: rings");
static_assert(offsetof(struct imgu_rings, from_sp_entries) == 544, "SP: rings");
static_assert(offsetof(struct imgu_rings, events_to_sp) == 800, "SP: rings");
static_assert(offsetof(struct imgu_rings, events_from_sp) == 1124, "SP: rings");
static_assert(sizeof(struct imgu_rings) == 1224, "SP: rings");

/* ---- Start ---- */

/* In the SPs' and the bootloader's memory. */
#define IMGU_SP_STATE_TERMINATED	0
#define IMGU_SP_STATE_INITIALIZED	1
#define IMGU_BOOT_STATE_OK		0x100
#define IMGU_BOOT_STATE_BUSY		0x101
#define IMGU_BOOT_STATE_ERROR		0x102

/* Words from the host_sp_com variable on: a command, and of each pipe which events interrupt. */
#define IMGU_SP_COMMAND			0x00
#define IMGU_SP_COMMAND_READY		1
#define IMGU_SP_COMMAND_TERMINATE	4
#define IMGU_SP_EVENT_MASK(pipe)	(0x60 + 4 * (pipe))
#define IMGU_SP_EVENT_MASKS		6

#define IMGU_BOOT_TO_SP_PROGRAM		1

/**
 * struct imgu_boot_command - what the bootloader copies
 * @source: Address in memory.
 * @size: Bytes.
 * @type: IMGU_BOOT_TO_SP_PROGRAM.
 * @target: Where to, among the registers.
 */
struct imgu_boot_command {
	u32 source;
	u32 size;
	u32 type;
	u32 target;
};

/**
 * struct imgu_sp_boot - what an SP begins with
 * @data: Address of its initial data.
 * @data_target: Where in its memory they go.
 * @bss_target: Where in its memory it is to be zeroed.
 * @data_size: Bytes of @data.
 * @bss_size: Bytes to zero.
 * @number: The SP's.
 */
struct imgu_sp_boot {
	u32 data;
	u32 data_target;
	u32 bss_target;
	u32 data_size;
	u32 bss_size;
	u32 number;
};

static_assert(sizeof(struct imgu_boot_command) == 16, "start: bootloader's command");
static_assert(sizeof(struct imgu_sp_boot) == 24, "start: SP");

#endif
