// SPDX-License-Identifier: GPL-2.0-only
/*
 * The firmware file. It comes from a distribution's package, and may be damaged, of another device
 * or made to do harm: every number in it that the driver goes by is held against what it is about,
 * in 64 bits, where no sum of two 32-bit numbers wraps.
 */
#include "firmware.h"

/* Programs of a file, and bytes of a program's block in one of the ISP's memories: far more than
 * any file has, and few enough to count and to allocate.
 */
#define PROGRAMS_MAX	1000
#define SEGMENT_MAX	0x10000
/* Of struct imgu_isp_program, block's size. */
#define BLOCK_MAX	0x10000
/* Pixels and lines of the largest frame that a program says it works on. */
#define INTERNAL_MAX	0x4000
/* A cell of the grid of black levels: pixels and lines of each colour. */
#define OBGRID_CELL	32
/* The vector memory's lines hold so many cells, and the grid starts anew for each stripe here. */
#define OBGRID_VECTOR	16
#define OBGRID_ALIGN	4096

static bool lies_within(u64 start, u64 size, u64 whole)
{
	return start <= whole && size <= whole - start;
}

/* A word, or more of them, that the driver reads or writes. */
static bool is_variable(u32 at, u32 size)
{
	return at % sizeof(u32) == 0 && lies_within(at, size, IMGU_DATA_MEMORY);
}

/**
 * imgu_firmware_get_info() - what the file says of a program
 * @firmware: A file that has been judged.
 * @number: Of the program, below @firmware->programs.
 *
 * Context: any.
 * Return: a place in the file.
 */
const struct imgu_firmware_info *imgu_firmware_get_info(const struct imgu_firmware *firmware,
							u32 number)
{
	const void *infos = firmware->file + sizeof(struct imgu_firmware_header);

	return (const struct imgu_firmware_info *)infos + number;
}

/**
 * imgu_firmware_name() - a program's name
 * @firmware: A file that has been judged.
 * @number: Of the program, below @firmware->programs.
 *
 * Context: any.
 * Return: a string in the file, shorter than IMGU_PROGRAM_NAME with its end.
 */
const char *imgu_firmware_name(const struct imgu_firmware *firmware, u32 number)
{
	return (const char *)firmware->file + imgu_firmware_get_info(firmware, number)->blob.name;
}

/**
 * imgu_firmware_body() - a program's body
 * @firmware: A file that has been judged.
 * @number: Of the program, below @firmware->programs.
 *
 * Context: any.
 * Return: a place in the file, @blob.size bytes of the program's info, 1 at least.
 */
const u8 *imgu_firmware_body(const struct imgu_firmware *firmware, u32 number)
{
	return firmware->file + imgu_firmware_get_info(firmware, number)->blob.offset;
}

static bool has_name(const struct imgu_firmware *firmware, const struct imgu_blob *blob)
{
	size_t room;

	if (blob->name >= firmware->size)
		return false;
	room = firmware->size - blob->name;
	if (room > IMGU_PROGRAM_NAME - 1)
		room = IMGU_PROGRAM_NAME - 1;
	return memchr(firmware->file + blob->name, 0, room);
}

static enum imgu_reason judge_blob(const struct imgu_firmware *firmware,
				   const struct imgu_blob *blob)
{
	u64 parts = (u64)blob->icache_size + blob->text_size + blob->data_size +
		    blob->padding_size;

	if (!has_name(firmware, blob))
		return IMGU_REASON_FIRMWARE_NAME;
	if (!blob->size || !lies_within(blob->offset, blob->size, firmware->size))
		return IMGU_REASON_FIRMWARE_BODY;
	if (parts != blob->size ||
	    !lies_within(blob->text_source, blob->text_size, blob->size) ||
	    !lies_within(blob->data_source, blob->data_size, blob->size))
		return IMGU_REASON_FIRMWARE_PARTS;
	return IMGU_OK;
}

static enum imgu_reason judge_sp(const struct imgu_firmware_info *info)
{
	const struct imgu_blob *blob = &info->blob;
	const struct imgu_firmware_sp *sp = &info->sp;
	/* SP1 has no rings, no interrupts and a command only. */
	bool first = info->type == IMGU_FIRMWARE_SP0;

	if (blob->text_size > IMGU_TEXT_MEMORY ||
	    !lies_within(blob->data_target, blob->data_size, IMGU_DATA_MEMORY) ||
	    !lies_within(blob->bss_target, blob->bss_size, IMGU_DATA_MEMORY))
		return IMGU_REASON_FIRMWARE_SP_MEMORY;
	if (!is_variable(sp->init_dmem_data, sizeof(struct imgu_sp_boot)) ||
	    !is_variable(sp->per_frame_data, sizeof(u32)) ||
	    !is_variable(sp->output, first ? 4 * sizeof(u32) : sizeof(u32)) ||
	    !is_variable(sp->host_sp_queue, first ? sizeof(struct imgu_rings) : sizeof(u32)) ||
	    !is_variable(sp->host_sp_com, first ? IMGU_SP_EVENT_MASK(IMGU_SP_EVENT_MASKS) :
						  sizeof(u32)) ||
	    !is_variable(sp->isp_started, sizeof(u32)) ||
	    !is_variable(sp->sw_state, sizeof(u32)) ||
	    !is_variable(sp->queues_initialized, sizeof(u32)) ||
	    !is_variable(sp->sleep_mode, sizeof(u32)) ||
	    !is_variable(sp->invalidate_tlb, sizeof(u32)))
		return IMGU_REASON_FIRMWARE_VARIABLE;
	return IMGU_OK;
}

static enum imgu_reason judge_bootloader(const struct imgu_firmware_info *info)
{
	const struct imgu_firmware_bootloader *bootloader = &info->bootloader;

	if (!is_variable(bootloader->commands, sizeof(u32)) ||
	    !is_variable(bootloader->command_list, IMGU_SPS * sizeof(struct imgu_boot_command)) ||
	    !is_variable(bootloader->sw_state, sizeof(u32)))
		return IMGU_REASON_FIRMWARE_VARIABLE;
	return IMGU_OK;
}

/* Numbers of formats, and formats. */
static bool are_formats(u32 count, const u32 *formats)
{
	u32 i;

	if (count > IMGU_FORMATS)
		return false;
	for (i = 0; i < count; i++)
		if (formats[i] >= IMGU_FORMATS)
			return false;
	return true;
}

static enum imgu_reason judge_isp(const struct imgu_firmware *firmware,
				  const struct imgu_firmware_info *info)
{
	const struct imgu_firmware_isp *isp = &info->isp;
	const struct imgu_isp_program *program = &isp->program;
	const u32 *tables = info->blob.tables;

	if (program->mode >= IMGU_MODES)
		return IMGU_REASON_FIRMWARE_MODE;
	if (program->stripes < 1 || program->stripes > IPU3_UAPI_MAX_STRIPES)
		return IMGU_REASON_FIRMWARE_STRIPES;
	if (!are_formats(isp->output_formats, isp->output_format) ||
	    !are_formats(isp->vf_formats, isp->vf_format))
		return IMGU_REASON_FIRMWARE_FORMATS;
	if (program->block_width < 1 || program->block_width > BLOCK_MAX ||
	    program->output_block_height < 1 || program->output_block_height > BLOCK_MAX)
		return IMGU_REASON_FIRMWARE_BLOCK;
	if (!lies_within(tables[IMGU_CLASS_PARAM], sizeof(struct imgu_firmware_params),
			 firmware->size) ||
	    !lies_within(tables[IMGU_CLASS_CONFIG], sizeof(struct imgu_firmware_config),
			 firmware->size) ||
	    !lies_within(tables[IMGU_CLASS_STATE], sizeof(struct imgu_firmware_state),
			 firmware->size))
		return IMGU_REASON_FIRMWARE_TABLES;
	return IMGU_OK;
}

static enum imgu_reason judge_program(const struct imgu_firmware *firmware,
				      const struct imgu_firmware_info *info)
{
	enum imgu_reason reason = judge_blob(firmware, &info->blob);

	if (reason)
		return reason;
	switch (info->type) {
	case IMGU_FIRMWARE_SP0:
	case IMGU_FIRMWARE_SP1:
		return judge_sp(info);
	case IMGU_FIRMWARE_BOOTLOADER:
		return judge_bootloader(info);
	case IMGU_FIRMWARE_ISP:
		return judge_isp(firmware, info);
	default: /* never used */
		return IMGU_OK;
	}
}

/**
 * imgu_firmware_judge() - look whether a file can be used
 * @file: Its first byte, at a multiple of 8 in memory; may be %NULL if @size is 0.
 * @size: Bytes.
 * @firmware: Set if it can; valid as long as @file is.
 * @number: Set to the program that is at fault, or to 0 if it is the file.
 *
 * Context: any.
 * Return: %IMGU_OK or what is wrong with it.
 */
enum imgu_reason imgu_firmware_judge(const void *file, size_t size, struct imgu_firmware *firmware,
				     u32 *number)
{
	const struct imgu_firmware_header *header = file;
	struct imgu_firmware judged = { .file = file, .size = size };
	bool has_sp[IMGU_SPS] = {}, has_bootloader = false;
	u32 i;

	*number = 0;
	if (size < sizeof(*header))
		return IMGU_REASON_FIRMWARE_SHORT;
	if (header->header_size != sizeof(*header))
		return IMGU_REASON_FIRMWARE_HEADER;
	if (header->programs < 1 || header->programs > PROGRAMS_MAX)
		return IMGU_REASON_FIRMWARE_PROGRAMS;
	if (!lies_within(sizeof(*header), header->programs * sizeof(struct imgu_firmware_info),
			 size))
		return IMGU_REASON_FIRMWARE_SHORT;
	judged.programs = header->programs;

	for (i = 0; i < judged.programs; i++) {
		const struct imgu_firmware_info *info = imgu_firmware_get_info(&judged, i);
		enum imgu_reason reason = judge_program(&judged, info);

		if (reason) {
			*number = i;
			return reason;
		}
		/* The last one of a kind counts, as it does for the staging driver. */
		if (info->type == IMGU_FIRMWARE_SP0 || info->type == IMGU_FIRMWARE_SP1) {
			judged.sp[info->type] = i;
			has_sp[info->type] = true;
		} else if (info->type == IMGU_FIRMWARE_BOOTLOADER) {
			judged.bootloader = i;
			has_bootloader = true;
		}
	}
	if (!has_sp[0] || !has_sp[1] || !has_bootloader)
		return IMGU_REASON_FIRMWARE_INCOMPLETE;
	*firmware = judged;
	return IMGU_OK;
}

static bool is_between(u32 value, u32 least, u32 most)
{
	return value >= least && value <= most;
}

static bool writes_nv12(const struct imgu_firmware_isp *isp)
{
	u32 i;

	for (i = 0; i < isp->output_formats; i++)
		if (isp->output_format[i] == IMGU_FORMAT_NV12)
			return true;
	return false;
}

static bool writes(const struct imgu_isp_program *program, const struct imgu_size *size)
{
	return is_between(size->width, program->output.min_width, program->output.max_width) &&
	       is_between(size->height, program->output.min_height, program->output.max_height);
}

/* Packed RAW frames of these sizes come from memory, and become pictures. */
static bool suits(const struct imgu_firmware_isp *isp, u32 mode, const struct imgu_geometry *g)
{
	const struct imgu_isp_program *program = &isp->program;

	return program->source == IMGU_SOURCE_MEMORY &&
	       (program->enable.input_feeder || program->enable.input_raw) &&
	       program->mode == mode && !program->enable.luma_only &&
	       is_between(g->in.width, program->input.min_width, program->input.max_width) &&
	       is_between(g->in.height, program->input.min_height, program->input.max_height) &&
	       isp->output_pins > (g->vf_enabled ? 1 : 0) && writes_nv12(isp) &&
	       writes(program, &g->out) && g->out.width <= program->internal_max_width &&
	       g->out.height <= program->internal_max_height &&
	       (!g->vf_enabled || writes(program, &g->vf));
}

static bool has_place(const struct imgu_firmware_place *place, size_t size, u32 memory)
{
	return place->size >= size && lies_within(place->offset, place->size, memory);
}

static bool are_segments(const struct imgu_segments *segments)
{
	unsigned int class, memory;

	for (class = 0; class < IMGU_CLASSES; class++)
		for (memory = 0; memory < IMGU_MEMORIES; memory++)
			if (segments->in[class][memory].size > SEGMENT_MAX)
				return false;
	return true;
}

static void copy_table(const struct imgu_firmware *firmware, const struct imgu_firmware_info *info,
		       enum imgu_class class, void *table, size_t size)
{
	memcpy(table, firmware->file + info->blob.tables[class], size);
}

static enum imgu_reason judge_late(const struct imgu_firmware *firmware,
				   const struct imgu_firmware_info *info, bool tnr,
				   struct imgu_late_layout *late)
{
	const struct imgu_segment *in = info->isp.program.initializers.in[IMGU_CLASS_PARAM];
	u32 vmem = in[IMGU_MEMORY_VMEM0].size, dmem = in[IMGU_MEMORY_DMEM0].size;
	struct imgu_firmware_params params;

	copy_table(firmware, info, IMGU_CLASS_PARAM, &params, sizeof(params));
	if (!has_place(&params.vmem_lin, sizeof(struct ipu3_uapi_isp_lin_vmem_params), vmem) ||
	    !has_place(&params.vmem_xnr3, sizeof(struct ipu3_uapi_isp_xnr3_vmem_params), vmem) ||
	    !has_place(&params.dmem_xnr3, sizeof(struct ipu3_uapi_isp_xnr3_params), dmem))
		return IMGU_REASON_FIRMWARE_PLACES;
	if (tnr &&
	    (!has_place(&params.vmem_tnr3, sizeof(struct ipu3_uapi_isp_tnr3_vmem_params), vmem) ||
	     !has_place(&params.dmem_tnr3, sizeof(struct ipu3_uapi_isp_tnr3_params), dmem)))
		return IMGU_REASON_FIRMWARE_PLACES;
	*late = (struct imgu_late_layout){
		.vmem_size = vmem,
		.vmem_lin = params.vmem_lin.offset,
		.vmem_tnr3 = tnr ? params.vmem_tnr3.offset : IMGU_LATE_ABSENT,
		.vmem_xnr3 = params.vmem_xnr3.offset,
		.dmem_size = dmem,
		.dmem_tnr3 = tnr ? params.dmem_tnr3.offset : IMGU_LATE_ABSENT,
		.dmem_xnr3 = params.dmem_xnr3.offset,
	};
	return IMGU_OK;
}

static enum imgu_reason judge_start(const struct imgu_firmware *firmware,
				    const struct imgu_firmware_info *info, bool tnr,
				    struct imgu_firmware_config *config,
				    struct imgu_firmware_state *state)
{
	const struct imgu_segments *segments = &info->isp.program.initializers;
	u32 of_config = segments->in[IMGU_CLASS_CONFIG][IMGU_MEMORY_DMEM0].size;
	u32 of_state = segments->in[IMGU_CLASS_STATE][IMGU_MEMORY_DMEM0].size;

	copy_table(firmware, info, IMGU_CLASS_CONFIG, config, sizeof(*config));
	copy_table(firmware, info, IMGU_CLASS_STATE, state, sizeof(*state));
	if (!has_place(&config->iterator, sizeof(struct imgu_config_iterator), of_config) ||
	    !has_place(&config->ref, sizeof(struct imgu_config_ref), of_config) ||
	    !has_place(&config->dvs, sizeof(struct imgu_config_dvs), of_config) ||
	    !has_place(&state->ref, sizeof(struct imgu_state_ref), of_state))
		return IMGU_REASON_FIRMWARE_PLACES;
	if (tnr && (!has_place(&config->tnr3, sizeof(struct imgu_config_tnr3), of_config) ||
		    !has_place(&state->tnr3, sizeof(struct imgu_state_tnr3), of_state)))
		return IMGU_REASON_FIRMWARE_PLACES;
	return IMGU_OK;
}

/**
 * imgu_firmware_choose() - choose the program of a pipe
 * @firmware: A file that has been judged.
 * @mode: %IMGU_MODE_VIDEO or %IMGU_MODE_STILL.
 * @g: The pipe's sizes: the input's, the main picture's, and the viewfinder's if it is enabled.
 * @chosen: Set to the file's first program that suits, if all that this driver asks of it is
 *	there.
 *
 * Context: any.
 * Return: %IMGU_OK; %IMGU_REASON_FIRMWARE_NONE if no program suits, or what is wrong with the one
 * that does: another is not tried, since nobody has seen it run.
 */
enum imgu_reason imgu_firmware_choose(const struct imgu_firmware *firmware, u32 mode,
				      const struct imgu_geometry *g,
				      struct imgu_firmware_program *chosen)
{
	const struct imgu_firmware_info *info = NULL;
	const struct imgu_isp_program *program;
	enum imgu_reason reason;
	u32 i, columns, rows;

	for (i = 0; i < firmware->programs; i++) {
		info = imgu_firmware_get_info(firmware, i);
		if (info->type == IMGU_FIRMWARE_ISP && suits(&info->isp, mode, g))
			break;
	}
	if (i == firmware->programs)
		return IMGU_REASON_FIRMWARE_NONE;

	program = &info->isp.program;
	if (!are_segments(&program->initializers))
		return IMGU_REASON_FIRMWARE_SEGMENT;
	if (!is_between(program->internal_max_width, 1, INTERNAL_MAX) ||
	    !is_between(program->internal_max_height, 1, INTERNAL_MAX))
		return IMGU_REASON_FIRMWARE_INTERNAL;
	columns = ALIGN(DIV_ROUND_UP(program->internal_max_width, OBGRID_CELL) + 1, OBGRID_VECTOR);
	rows = DIV_ROUND_UP(program->internal_max_height, OBGRID_CELL) + 1;

	*chosen = (struct imgu_firmware_program){
		.number = i,
		.program = {
			.stripes = program->stripes,
			.block_width = program->block_width,
			.block_height = program->output_block_height,
			.has_af = program->enable.af,
			.has_awb = program->enable.awb,
			.has_awb_fr = program->enable.awb_fr,
			.has_ae = program->enable.ae,
		},
		.tnr = mode == IMGU_MODE_VIDEO,
		.obgrid_cells = ALIGN(columns * rows * sizeof(struct ipu3_uapi_obgrid_param),
				      OBGRID_ALIGN) / sizeof(struct ipu3_uapi_obgrid_param),
	};
	reason = judge_late(firmware, info, chosen->tnr, &chosen->late);
	return reason ?: judge_start(firmware, info, chosen->tnr, &chosen->config,
				     &chosen->state);
}
