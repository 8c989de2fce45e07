// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the SP and the ISP are told of a pipe when it starts. Sizes have been judged, the program
 * has been chosen, addresses are numbers here; nothing can fail. Blocks are made as a whole: what
 * nobody sets is 0.
 */
#include "stage.h"

/* Numbers of what a pipe is for, struct imgu_sp_pipe, @id: not those of a program's mode. */
#define PIPE_VIDEO	2
#define PIPE_STILL	3

#define RAW_BITS	10
/* Pixels of a vector, and of a RAW line's unit. */
#define VECTOR		IPU3_UAPI_ISP_VEC_ELEMS
#define RAW_UNIT	(2 * VECTOR)
/* Bytes of luma's pixel in a frame of geometric correction; in one of noise reduction it is 1. */
#define GDC_BYTES	2
/* Lines that the output system may read ahead of a frame of noise reduction. */
#define TNR_AHEAD	3
/* The largest grid of the default statistics, and log2 of the sizes that its cells can have. */
#define GRID_WIDTH	80
#define GRID_HEIGHT	60
#define CELL_LOG_LEAST	3
#define CELL_LOG_MOST	5

/**
 * imgu_stage_gdc_reference() - a frame that geometric correction reads: 16 bits a component, 4:2:0
 * @g: Sizes, judged.
 * @reference: Set.
 *
 * Context: any.
 */
void imgu_stage_gdc_reference(const struct imgu_geometry *g, struct imgu_reference *reference)
{
	u32 luma = g->ref.width * g->ref.height * GDC_BYTES;

	*reference = (struct imgu_reference){
		.width = g->bds.width,
		.stride = g->ref.width * GDC_BYTES,
		.height = g->ref.height,
		.chroma = luma,
		.size = luma + luma / 2,
	};
}

static u32 round_up_to(u32 value, u32 unit)
{
	return DIV_ROUND_UP(value, unit) * unit;
}

/**
 * imgu_stage_tnr_reference() - a frame that temporal noise reduction reads: lines of luma by twos,
 * each with one of chroma
 * @g: Sizes, judged.
 * @p: The program, whose blocks the frame consists of.
 * @reference: Set.
 *
 * Context: any.
 */
void imgu_stage_tnr_reference(const struct imgu_geometry *g, const struct imgu_program *p,
			      struct imgu_reference *reference)
{
	u32 width = round_up_to(g->gdc.width, p->block_width * VECTOR);
	u32 height = round_up_to(g->gdc.height, p->block_height);

	*reference = (struct imgu_reference){
		.width = width,
		.stride = width,
		.height = height,
		.size = width * round_up_to(height * 3 / 2 + TNR_AHEAD, 2),
	};
}

/**
 * imgu_stage_warp_size() - blocks of geometric correction
 * @g: Sizes, judged.
 * @blocks: Set: blocks of luma a row, an even number, and rows.
 *
 * Context: any.
 */
void imgu_stage_warp_size(const struct imgu_geometry *g, struct imgu_config_dvs *blocks)
{
	*blocks = (struct imgu_config_dvs){
		.horizontal = round_up_to(DIV_ROUND_UP(g->gdc.width, IMGU_WARP_WIDTH), 2),
		.vertical = DIV_ROUND_UP(g->gdc.height, IMGU_WARP_HEIGHT),
	};
}

/**
 * imgu_stage_warp_blocks() - entries of the table of geometric correction
 * @g: Sizes, judged.
 *
 * Context: any.
 * Return: struct imgu_warp_block, of luma, and half as many of chroma.
 */
u32 imgu_stage_warp_blocks(const struct imgu_geometry *g)
{
	struct imgu_config_dvs blocks;

	imgu_stage_warp_size(g, &blocks);
	return blocks.horizontal / 2 * blocks.vertical * 3;
}

static struct imgu_frame_info raw_frame(const struct imgu_geometry *g)
{
	return (struct imgu_frame_info){
		.width = g->in.width,
		.height = g->in.height,
		.padded_width = round_up_to(g->in.width, RAW_UNIT),
		.format = IMGU_FORMAT_RAW_PACKED,
		.bit_depth = RAW_BITS,
		.bayer_order = g->bayer,
	};
}

static struct imgu_frame_info picture(const struct imgu_size *size, u32 padded_width)
{
	return (struct imgu_frame_info){
		.width = size->width,
		.height = size->height,
		.padded_width = padded_width,
		.format = IMGU_FORMAT_NV12,
	};
}

static struct imgu_frame_info internal_frame(const struct imgu_geometry *g)
{
	return picture(&g->bds, round_up_to(g->bds.width, RAW_UNIT));
}

static void fill_iterator(const struct imgu_geometry *g, struct imgu_config_iterator *iterator)
{
	*iterator = (struct imgu_config_iterator){
		.in = raw_frame(g),
		.internal = internal_frame(g),
		.out = picture(&g->out, g->out_stride),
		.vf = picture(&g->vf, g->vf_stride),
		.envelope_width = g->envelope.width,
		.envelope_height = g->envelope.height,
	};
}

static struct imgu_config_port port(const struct imgu_reference *reference, u8 elements)
{
	return (struct imgu_config_port){
		.elements = elements,
		.width = reference->width,
		.stride = reference->stride,
	};
}

static void fill_ref(const struct imgu_geometry *g, const struct imgu_stage_memory *memory,
		     struct imgu_config_ref *ref)
{
	struct imgu_reference reference;
	unsigned int i;

	imgu_stage_gdc_reference(g, &reference);
	*ref = (struct imgu_config_ref){
		.port = port(&reference, IMGU_DDR_WORD / GDC_BYTES),
		.a_over_b = VECTOR / (IMGU_DDR_WORD / GDC_BYTES),
		.delay = IMGU_REFERENCES - 1,
	};
	for (i = 0; i < IMGU_REFERENCES; i++) {
		ref->y[i] = memory->gdc[i];
		ref->c[i] = memory->gdc[i] + reference.chroma;
	}
}

static void fill_tnr3(const struct imgu_geometry *g, const struct imgu_program *p,
		      const struct imgu_stage_memory *memory, struct imgu_config_tnr3 *tnr3)
{
	struct imgu_reference reference;

	imgu_stage_tnr_reference(g, p, &reference);
	*tnr3 = (struct imgu_config_tnr3){
		.port = port(&reference, IMGU_DDR_WORD),
		.a_over_b = VECTOR / IMGU_DDR_WORD,
		.height = reference.height,
		.delay = IMGU_REFERENCES - 1,
		.frame = { memory->tnr[0], memory->tnr[1] },
	};
}

static const struct imgu_segment *segment(const struct imgu_firmware *firmware,
					  const struct imgu_firmware_program *chosen,
					  enum imgu_class class, enum imgu_memory memory)
{
	const struct imgu_firmware_info *info = imgu_firmware_get_info(firmware, chosen->number);

	return &info->isp.program.initializers.in[class][memory];
}

/**
 * imgu_stage_config() - the CONFIG block of the ISP's data memory
 * @g: Sizes, judged.
 * @firmware: The file.
 * @chosen: The program.
 * @memory: Addresses of @gdc and @tnr.
 * @config: Filled: as many bytes as the file says for IMGU_CLASS_CONFIG and IMGU_MEMORY_DMEM0.
 *
 * Context: any.
 */
void imgu_stage_config(const struct imgu_geometry *g, const struct imgu_firmware *firmware,
		       const struct imgu_firmware_program *chosen,
		       const struct imgu_stage_memory *memory, u8 *config)
{
	struct imgu_config_iterator iterator;
	struct imgu_config_tnr3 tnr3;
	struct imgu_config_ref ref;
	struct imgu_config_dvs dvs;

	memset(config, 0, segment(firmware, chosen, IMGU_CLASS_CONFIG, IMGU_MEMORY_DMEM0)->size);
	fill_iterator(g, &iterator);
	memcpy(config + chosen->config.iterator.offset, &iterator, sizeof(iterator));
	fill_ref(g, memory, &ref);
	memcpy(config + chosen->config.ref.offset, &ref, sizeof(ref));
	imgu_stage_warp_size(g, &dvs);
	memcpy(config + chosen->config.dvs.offset, &dvs, sizeof(dvs));
	if (chosen->tnr) {
		fill_tnr3(g, &chosen->program, memory, &tnr3);
		memcpy(config + chosen->config.tnr3.offset, &tnr3, sizeof(tnr3));
	}
}

/**
 * imgu_stage_state() - the STATE block of the ISP's data memory
 * @firmware: The file.
 * @chosen: The program.
 * @state: Filled: as many bytes as the file says for IMGU_CLASS_STATE and IMGU_MEMORY_DMEM0.
 *
 * The program reads the first reference frame and writes the second one, and has seen no frame yet.
 *
 * Context: any.
 */
void imgu_stage_state(const struct imgu_firmware *firmware,
		      const struct imgu_firmware_program *chosen, u8 *state)
{
	struct imgu_state_tnr3 tnr3 = { .out = 1 };
	struct imgu_state_ref ref = { .out = 1 };

	memset(state, 0, segment(firmware, chosen, IMGU_CLASS_STATE, IMGU_MEMORY_DMEM0)->size);
	memcpy(state + chosen->state.ref.offset, &ref, sizeof(ref));
	if (chosen->tnr)
		memcpy(state + chosen->state.tnr3.offset, &tnr3, sizeof(tnr3));
}

/**
 * imgu_stage_isp() - the stage, for the ISP
 * @firmware: The file.
 * @chosen: The program.
 * @memory: Addresses of @config and @state.
 * @stage: Filled.
 *
 * Context: any.
 */
void imgu_stage_isp(const struct imgu_firmware *firmware,
		    const struct imgu_firmware_program *chosen,
		    const struct imgu_stage_memory *memory, struct imgu_isp_stage *stage)
{
	const struct imgu_firmware_info *info = imgu_firmware_get_info(firmware, chosen->number);
	const char *name = imgu_firmware_name(firmware, chosen->number);
	struct imgu_segment (*in)[IMGU_MEMORIES] = stage->initializers.in;
	unsigned int i;

	memset(stage, 0, sizeof(*stage));
	stage->blob = info->blob;
	stage->program = info->isp.program;
	memcpy(stage->name, name, strlen(name));
	stage->initializers = info->isp.program.initializers;
	for (i = 0; i < IMGU_MEMORIES; i++) {
		in[IMGU_CLASS_CONFIG][i].address =
			in[IMGU_CLASS_CONFIG][i].size ? memory->config[i] : 0;
		in[IMGU_CLASS_STATE][i].address =
			in[IMGU_CLASS_STATE][i].size ? memory->state[i] : 0;
	}
}

/* Log2 of the cells that the frame is divided into as finely as the grid has cells for it. */
static u8 cell_log(const struct imgu_size *size)
{
	u8 log = CELL_LOG_LEAST;

	while (log < CELL_LOG_MOST && ((size->width / GRID_WIDTH) >> (log + 1) ||
				       (size->height / GRID_HEIGHT) >> (log + 1)))
		log++;
	return log;
}

static struct imgu_buffer_source source(enum imgu_queue queue, s32 type)
{
	return (struct imgu_buffer_source){ .queue = queue, .type = type };
}

/**
 * imgu_stage_sp() - the stage, for the SP
 * @g: Sizes, judged.
 * @firmware: The file.
 * @chosen: The program.
 * @memory: Addresses of @body, @isp_stage and @map.
 * @stage: Filled.
 *
 * Context: any.
 */
void imgu_stage_sp(const struct imgu_geometry *g, const struct imgu_firmware *firmware,
		   const struct imgu_firmware_program *chosen,
		   const struct imgu_stage_memory *memory, struct imgu_sp_stage *stage)
{
	const struct imgu_firmware_info *info = imgu_firmware_get_info(firmware, chosen->number);
	u32 vf_luma = g->vf_stride * g->vf.height;

	*stage = (struct imgu_sp_stage){
		.type = IMGU_STAGE_ISP,
		.deci_log = cell_log(&g->bds),
		.stripes = chosen->program.stripes,
		.pipe_version = info->isp.program.pipe_version,
		.enable = { .vf = g->vf_enabled, .stats = 1 },
		.frames = {
			.in = {
				.info = raw_frame(g),
				.source = source(IMGU_QUEUE_IN, IMGU_BUFFER_IN),
			},
			.out = {
				{
					.info = picture(&g->out, g->out_stride),
					.source = source(IMGU_QUEUE_OUT, IMGU_BUFFER_OUT),
					.planes = { 0, g->out_stride * g->out.height },
				}, {
					.source = source(IMGU_QUEUE_EVENT, IMGU_BUFFER_NONE),
				},
			},
			.effective = { g->crop.width, g->crop.height },
			.vf = {
				.info = picture(&g->vf, g->vf_stride),
				.source = source(IMGU_QUEUE_VF, IMGU_BUFFER_VF),
				.planes = { 0, vf_luma, vf_luma * 5 / 4 },
			},
			.internal = internal_frame(g),
			.stats = source(IMGU_QUEUE_STATS, IMGU_BUFFER_STATS),
			.dvs = source(IMGU_QUEUE_DVS, IMGU_BUFFER_DVS),
		},
		.envelope = { g->envelope.width, g->envelope.height },
		.isp_stage = memory->isp_stage,
		.body = memory->body,
		.map = memory->map,
		.if_config = IMGU_NO_IF_CONFIG,
	};
}

/**
 * imgu_stage_pipe() - a pipe's place among the pipes
 * @firmware: The file.
 * @chosen: The program.
 * @pipe: Number of the pipe, below IMGU_SP_PIPES.
 * @sp_stage: Address of its struct imgu_sp_stage.
 * @group: All pipes; that one is filled.
 *
 * Context: any.
 */
void imgu_stage_pipe(const struct imgu_firmware *firmware,
		     const struct imgu_firmware_program *chosen, unsigned int pipe, u32 sp_stage,
		     struct imgu_sp_group *group)
{
	const struct imgu_firmware_info *info = imgu_firmware_get_info(firmware, chosen->number);

	group->pipe[pipe] = (struct imgu_sp_pipe){
		.id = chosen->tnr ? PIPE_VIDEO : PIPE_STILL,
		.number = pipe,
		.thread = pipe,
		.config = IMGU_PIPE_ACQUIRE_ISP |
			  (info->isp.program.enable.params ? 1U << pipe : 0),
		.qos = ~0U,
		.ports = IMGU_PORT_IN_HOST | IMGU_PORT_OUT_HOST,
		.frame_delay = IMGU_REFERENCES - 1,
		.stages = 1,
		.stage = { sp_stage },
		.executions = -1,
	};
}
