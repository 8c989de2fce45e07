/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The firmware file: a header, an info of each program, and then, at places that the infos name,
 * bodies, names and tables.
 *
 * Layout: the kernel's staging driver, ipu3-css-fw.h, as a compiler for 64 bits lays it out.
 */
#ifndef IPU3_IMGU_FIRMWARE_FORMAT_H
#define IPU3_IMGU_FIRMWARE_FORMAT_H

#include "abi-sp.h"

/**
 * struct imgu_firmware_header - begin of the file
 * @version: A text, with zeros behind it or none.
 * @programs: How many infos follow.
 * @header_size: Bytes of this.
 */
struct imgu_firmware_header {
	char version[64];
	u32 programs;
	u32 header_size;
};

static_assert(sizeof(struct imgu_firmware_header) == 72, "firmware file: header");

/* struct imgu_firmware_info, @type. */
#define IMGU_FIRMWARE_SP0		0
#define IMGU_FIRMWARE_SP1		1
#define IMGU_FIRMWARE_ISP		2
#define IMGU_FIRMWARE_BOOTLOADER	3
#define IMGU_FIRMWARE_EXTENSION		4

/**
 * struct imgu_firmware_sp - where an SP's program has its variables, bytes in that SP's memory
 * @init_dmem_data: struct imgu_sp_boot.
 * @per_frame_data: Address of struct imgu_sp_group.
 * @group: A copy of it.
 * @output: A count of software interrupts and a word of each of them.
 * @host_sp_queue: struct imgu_rings.
 * @host_sp_com: IMGU_SP_COMMAND and what follows it.
 * @isp_started: 0 before it starts.
 * @sw_state: IMGU_SP_STATE_....
 * @queues_initialized: 1: the driver is ready.
 * @sleep_mode: 0.
 * @invalidate_tlb: 1: the MMU's tables have changed.
 * @debug: Not used, like what follows it.
 * @perf_counter: Likewise.
 * @threads_stack: Likewise.
 * @threads_stack_size: Likewise.
 * @curr_binary_id: Likewise.
 * @raw_copy_line_count: Likewise.
 * @ddr_parameter_address: Likewise.
 * @ddr_parameter_size: Likewise.
 * @entry: Where the program starts, an address of the SP's instructions.
 * @tagger: Not used.
 */
struct imgu_firmware_sp {
	u32 init_dmem_data;
	u32 per_frame_data;
	u32 group;
	u32 output;
	u32 host_sp_queue;
	u32 host_sp_com;
	u32 isp_started;
	u32 sw_state;
	u32 queues_initialized;
	u32 sleep_mode;
	u32 invalidate_tlb;
	u32 debug;
	u32 perf_counter;
	u32 threads_stack;
	u32 threads_stack_size;
	u32 curr_binary_id;
	u32 raw_copy_line_count;
	u32 ddr_parameter_address;
	u32 ddr_parameter_size;
	u32 entry;
	u32 tagger;
};

/**
 * struct imgu_firmware_bootloader - where the bootloader has its variables, bytes in ISP's memory
 * @commands: How many commands there are.
 * @command_list: struct imgu_boot_command, that many.
 * @sw_state: IMGU_BOOT_STATE_....
 * @entry: Where the program starts, an address of the ISP's instructions.
 */
struct imgu_firmware_bootloader {
	u32 commands;
	u32 command_list;
	u32 sw_state;
	u32 entry;
};

/**
 * struct imgu_firmware_isp - the ISP's program
 * @program: What the SP is told, too.
 * @extension: 0: it is none.
 * @padding: Not looked at, like the others.
 * @output_formats: How many formats it writes,
 * @output_format: and which, IMGU_FORMAT_....
 * @vf_formats: How many of them its second output writes,
 * @vf_format: and which.
 * @output_pins: Outputs.
 * @padding1: Not looked at.
 * @xmem_address: Of those who load, like what follows it.
 * @blob_descriptor: Likewise.
 * @blob_index: Likewise.
 * @padding2: Not looked at.
 * @memory_offsets: Likewise.
 * @next: Likewise.
 */
struct imgu_firmware_isp {
	struct imgu_isp_program program;
	u32 extension;
	u32 padding;
	u32 output_formats;
	u32 output_format[IMGU_FORMATS];
	u32 vf_formats;
	u32 vf_format[IMGU_FORMATS];
	u8 output_pins;
	u8 padding1[3];
	u32 xmem_address;
	u64 blob_descriptor;
	u32 blob_index;
	u32 padding2;
	u64 memory_offsets[IMGU_CLASSES];
	u64 next;
};

/**
 * struct imgu_firmware_info - one program
 * @header_size: Bytes of this.
 * @type: IMGU_FIRMWARE_....
 * @padding: Not looked at, like the others.
 * @isp: Of a program of that type, and likewise:
 * @sp: of SP0's or SP1's,
 * @bootloader: of the bootloader.
 * @blob: Where its parts are.
 * @next: Of those who load, like what follows it.
 * @loaded: Likewise.
 * @padding1: Likewise.
 * @isp_code: Likewise.
 * @handle: Likewise.
 * @initializers: Likewise.
 * @padding2: Likewise.
 */
struct imgu_firmware_info {
	u64 header_size;
	u32 type;
	u32 padding;
	union {
		struct imgu_firmware_isp isp;
		struct imgu_firmware_sp sp;
		struct imgu_firmware_bootloader bootloader;
	};
	struct imgu_blob blob;
	u64 next;
	u32 loaded;
	u32 padding1;
	u64 isp_code;
	u32 handle;
	struct imgu_segments initializers;
	u32 padding2;
};

static_assert(offsetof(struct imgu_firmware_isp, output_formats) == 520, "firmware file: ISP");
static_assert(offsetof(struct imgu_firmware_isp, vf_formats) == 640, "firmware file: ISP");
static_assert(offsetof(struct imgu_firmware_isp, output_pins) == 760, "firmware file: ISP");
static_assert(sizeof(struct imgu_firmware_isp) == 816, "firmware file: ISP");
static_assert(offsetof(struct imgu_firmware_info, type) == 8, "firmware file: info");
static_assert(offsetof(struct imgu_firmware_info, isp) == 16, "firmware file: info");
static_assert(offsetof(struct imgu_firmware_info, blob) == 832, "firmware file: info");
static_assert(sizeof(struct imgu_firmware_info) == 1200, "firmware file: info");

/**
 * struct imgu_firmware_place - where a structure is in one of the ISP's memories
 * @offset: Bytes from the begin of its class's part of that memory.
 * @size: Bytes, 0: the program has none.
 */
struct imgu_firmware_place {
	u32 offset;
	u32 size;
};

/**
 * struct imgu_firmware_params - places of PARAM
 * @vmem_lin: struct ipu3_uapi_isp_lin_vmem_params, in VMEM0.
 * @vmem_tnr3: struct ipu3_uapi_isp_tnr3_vmem_params, in VMEM0.
 * @vmem_xnr3: struct ipu3_uapi_isp_xnr3_vmem_params, in VMEM0.
 * @dmem_tnr: Not used.
 * @dmem_tnr3: struct ipu3_uapi_isp_tnr3_params, in DMEM0.
 * @dmem_xnr3: struct ipu3_uapi_isp_xnr3_params, in DMEM0.
 * @dmem_plane_io: Not used.
 * @dmem_rgbir: Not used.
 */
struct imgu_firmware_params {
	struct imgu_firmware_place vmem_lin;
	struct imgu_firmware_place vmem_tnr3;
	struct imgu_firmware_place vmem_xnr3;
	struct imgu_firmware_place dmem_tnr;
	struct imgu_firmware_place dmem_tnr3;
	struct imgu_firmware_place dmem_xnr3;
	struct imgu_firmware_place dmem_plane_io;
	struct imgu_firmware_place dmem_rgbir;
};

/**
 * struct imgu_firmware_config - places of CONFIG, all in DMEM0
 * @iterator: struct imgu_config_iterator.
 * @dvs: struct imgu_config_dvs.
 * @output: Not used.
 * @raw: Not used.
 * @input_yuv: Not used.
 * @tnr: Not used.
 * @tnr3: struct imgu_config_tnr3.
 * @ref: struct imgu_config_ref.
 */
struct imgu_firmware_config {
	struct imgu_firmware_place iterator;
	struct imgu_firmware_place dvs;
	struct imgu_firmware_place output;
	struct imgu_firmware_place raw;
	struct imgu_firmware_place input_yuv;
	struct imgu_firmware_place tnr;
	struct imgu_firmware_place tnr3;
	struct imgu_firmware_place ref;
};

/**
 * struct imgu_firmware_state - places of STATE, all in DMEM0
 * @tnr: Not used.
 * @tnr3: struct imgu_state_tnr3.
 * @ref: struct imgu_state_ref.
 */
struct imgu_firmware_state {
	struct imgu_firmware_place tnr;
	struct imgu_firmware_place tnr3;
	struct imgu_firmware_place ref;
};

static_assert(sizeof(struct imgu_firmware_params) == 64, "firmware file: PARAM");
static_assert(sizeof(struct imgu_firmware_config) == 64, "firmware file: CONFIG");
static_assert(sizeof(struct imgu_firmware_state) == 24, "firmware file: STATE");

#endif
