// SPDX-License-Identifier: GPL-2.0-only
/*
 * The output system.
 *
 * Blocks of 128x32 pixels come in at the one side. The pin of the main picture cuts it out of
 * them; the viewfinder's scales first, if it has another size. With two stripes, the seam is chosen
 * in the scaler's output; where the second one has to begin in the input, and with which phase,
 * follows.
 *
 * Positions count in phases, see scaler.c. Figures and the order of rounding: the staging driver's
 * (drivers/staging/media/ipu3, Intel 2018).
 */
#include "osys.h"
#include "osys-memory.h"
#include "scaler.h"

#define STEP		IMGU_SCALER_STEP
/* Chroma has half the columns. */
#define CHROMA		2
/* Seams and crops are at multiples of these. */
#define SEAM		IMGU_VECTOR
#define CROP_COLUMNS	64
#define CROP_LINES	4
/* A stripe's input is a multiple of this. */
#define IN_COLUMNS	8

/**
 * struct pin - one of the two pictures
 * @size: In memory.
 * @stride: Bytes a line of luma.
 * @scaled: It goes through the scaler.
 * @crop_left: Columns that are cut off.
 * @crop_top: Lines that are cut off.
 */
struct pin {
	struct imgu_size size;
	u32 stride;
	bool scaled;
	u32 crop_left;
	u32 crop_top;
};

/**
 * struct plane - where the scaler begins in a stripe, luma or chroma
 * @column: First column of the input, from the stripe's first block.
 * @phase: Phase of the first pixel that comes out.
 * @pad_left: Columns in front of the first.
 * @pad_right: Columns behind the last.
 * @crop: Columns that are dropped, of what comes out.
 */
struct plane {
	u32 column;
	u32 phase;
	u32 pad_left;
	u32 pad_right;
	u32 crop;
};

/**
 * struct part - one stripe
 * @in_offset: First column of its first block.
 * @in_width: Columns from there on.
 * @out_offset: First column of what the scaler makes of it.
 * @out_width: Columns of that, of which the last ones may belong to the next stripe.
 * @luma: Luma.
 * @chroma: Chroma.
 */
struct part {
	u32 in_offset;
	u32 in_width;
	u32 out_offset;
	u32 out_width;
	struct plane luma;
	struct plane chroma;
};

/**
 * struct plan - all that is computed before it is written down
 * @scaler: The scaler.
 * @pin: The pictures.
 * @part: The stripes.
 * @chunk_width: Columns of a block that the scaler takes at once.
 * @chunk_height: Lines likewise.
 */
struct plan {
	struct imgu_scaler scaler;
	struct pin pin[IMGU_OSYS_PINS];
	struct part part[IPU3_UAPI_MAX_STRIPES];
	u32 chunk_width;
	u32 chunk_height;
};

/* To the nearest multiple, the lower one of two. */
static u32 nearest_down(u32 value, u32 multiple)
{
	return (value + multiple / 2 - 1) / multiple * multiple;
}

static void plan_pins(const struct imgu_geometry *g, struct plan *plan)
{
	struct pin *const out = &plan->pin[IMGU_OSYS_PIN_OUT];
	struct pin *const vf = &plan->pin[IMGU_OSYS_PIN_VF];
	const struct imgu_size scaled = plan->scaler.scaled;

	*out = (struct pin){
		.size = g->out,
		.stride = g->out_stride,
		.crop_left = nearest_down((g->gdc.width - g->out.width) / 2, CROP_COLUMNS),
		.crop_top = nearest_down((g->gdc.height - g->out.height) / 2, CROP_LINES),
	};
	*vf = (struct pin){
		.size = g->vf,
		.stride = g->vf_stride,
		.scaled = g->vf.width != g->gdc.width || g->vf.height != g->gdc.height,
		.crop_left = nearest_down((scaled.width - g->vf.width) / 2, CROP_COLUMNS),
		.crop_top = nearest_down((scaled.height - g->vf.height) / 2, CROP_LINES),
	};
}

static void plan_chunks(const struct imgu_geometry *g, struct plan *plan)
{
	const u32 in = g->gdc.width, out = plan->scaler.scaled.width;

	plan->chunk_width = out < in / 2 ? OSYS_BLOCK_WIDTH : OSYS_BLOCK_WIDTH / 2;
	plan->chunk_height = out <= in * 7 / 8 ? OSYS_BLOCK_HEIGHT : OSYS_BLOCK_HEIGHT / 2;
}

/* Phases in front of the whole picture. */
static u32 lead(const struct imgu_scaler_plane *plane, u32 step)
{
	return plane->phase_init + plane->pad_left * step;
}

/* Input columns that @out output columns are made of, padding left out. */
static u32 in_columns(const struct plane *plane, u32 out, u32 taps, u32 step)
{
	return DIV_ROUND_UP((out + taps - 1) * STEP - plane->phase, step) - plane->pad_left -
	       plane->pad_right;
}

/* Output columns that are made of @in input columns. */
static u32 out_columns(const struct plane *plane, u32 in, u32 taps, u32 step)
{
	const u32 columns = plane->pad_left + in + plane->pad_right - plane->column;

	return (columns * step + plane->phase) / STEP - (taps - 1);
}

static struct plane whole_plane(const struct imgu_scaler_plane *plane)
{
	return (struct plane){
		.phase = plane->phase_init,
		.pad_left = plane->pad_left,
		.pad_right = plane->pad_right,
		.crop = plane->crop,
	};
}

/* Begins at output column @out: at the input column that @in is set to. */
static struct plane begin_plane(const struct imgu_scaler_plane *plane, u32 out, u32 step, u32 *in)
{
	*in = DIV_ROUND_UP(out * STEP - lead(plane, step), step);
	return (struct plane){
		.phase = lead(plane, step) + *in * step - out * STEP,
		.pad_right = plane->pad_right,
		.crop = plane->crop,
	};
}

/* One column further left. Returns whether one more comes out for that. */
static bool step_back(struct plane *plane, u32 step)
{
	const bool more = plane->phase < step;

	plane->phase = (plane->phase + (more ? STEP : 0)) - step;
	return more;
}

/*
 * Where chroma begins follows luma's chunks: the hardware takes both of one block. And it may lose
 * a pixel that comes out exactly at the end of a chunk.
 */
static void shift_chroma(const struct plan *plan, struct plane *chroma, u32 luma_in, u32 *chroma_in)
{
	const u32 chunk = plan->chunk_width / CHROMA, step = plan->scaler.phase_step;

	if (luma_in / plan->chunk_width != *chroma_in / chunk) {
		(*chroma_in)--;
		step_back(chroma, step);
		chroma->crop++;
	}
	if (*chroma_in + IMGU_SCALER_CHROMA_TAPS == ALIGN(*chroma_in, chunk)) {
		(*chroma_in)--;
		if (step_back(chroma, step))
			chroma->crop++;
	}
}

static void plan_one_part(const struct imgu_geometry *g, struct plan *plan)
{
	plan->part[0] = (struct part){
		.in_width = g->gdc.width,
		.out_width = plan->scaler.scaled.width,
		.luma = whole_plane(&plan->scaler.luma),
		.chroma = whole_plane(&plan->scaler.chroma),
	};
}

static void set_widths(struct part *part, u32 in_width, u32 step)
{
	part->in_width = ALIGN(in_width, IN_COLUMNS);
	part->out_width = ALIGN_DOWN(out_columns(&part->luma, part->in_width,
						 IMGU_SCALER_LUMA_TAPS, step), CHROMA);
}

static void plan_first_part(struct plan *plan, u32 seam)
{
	struct part *const part = &plan->part[0];
	const u32 step = plan->scaler.phase_step;
	u32 luma, chroma;

	*part = (struct part){
		.luma = whole_plane(&plan->scaler.luma),
		.chroma = whole_plane(&plan->scaler.chroma),
	};
	part->luma.pad_right = 0;
	part->chroma.pad_right = 0;
	luma = in_columns(&part->luma, seam, IMGU_SCALER_LUMA_TAPS, step);
	chroma = in_columns(&part->chroma, seam / CHROMA, IMGU_SCALER_CHROMA_TAPS, step);
	luma = DIV_ROUND_UP(luma, CHROMA);
	set_widths(part, CHROMA * max(luma, chroma), step);
}

static void plan_last_part(const struct imgu_geometry *g, struct plan *plan, u32 seam)
{
	struct part *const part = &plan->part[1];
	const u32 step = plan->scaler.phase_step;
	u32 luma, chroma;

	*part = (struct part){ .out_offset = seam };
	part->luma = begin_plane(&plan->scaler.luma, seam, step, &luma);
	part->chroma = begin_plane(&plan->scaler.chroma, seam / CHROMA, step, &chroma);
	shift_chroma(plan, &part->chroma, luma, &chroma);
	part->in_offset = ALIGN_DOWN(luma, OSYS_BLOCK_WIDTH);
	part->luma.column = luma % OSYS_BLOCK_WIDTH;
	part->chroma.column = chroma % (OSYS_BLOCK_WIDTH / CHROMA);
	set_widths(part, g->gdc.width - part->in_offset, step);
}

/*
 * Each stripe has to add something to each picture: what one would be told that cuts off more than
 * it has, nobody has tried.
 */
static enum imgu_reason judge_plan(const struct plan *plan, const struct imgu_program *p)
{
	const struct part *const last = &plan->part[1];

	if (p->stripes == 1) {
		if (plan->scaler.downscales && plan->scaler.scaled.width > OSYS_MAX_SCALED_WIDTH)
			return IMGU_REASON_VF_WIDE;
		return IMGU_OK;
	}
	if (plan->part[0].in_width <= plan->pin[IMGU_OSYS_PIN_OUT].crop_left)
		return IMGU_REASON_OUT_NARROW;
	if (last->out_offset < plan->pin[IMGU_OSYS_PIN_VF].crop_left)
		return IMGU_REASON_VF_NARROW;
	return IMGU_OK;
}

static enum imgu_reason make_plan(const struct imgu_geometry *g, const struct imgu_program *p,
				  struct plan *plan)
{
	u32 seam;

	memset(plan, 0, sizeof(*plan));
	imgu_scaler_set(g->gdc, g->vf, &plan->scaler);
	plan_pins(g, plan);
	plan_chunks(g, plan);
	if (p->stripes == 1) {
		plan_one_part(g, plan);
		return judge_plan(plan, p);
	}
	seam = ALIGN_DOWN(plan->scaler.scaled.width / 2, SEAM);
	/* The filter's run-in needs columns on the seam's left. */
	if (plan->scaler.downscales && !seam)
		return IMGU_REASON_VF_NARROW;
	plan_first_part(plan, seam);
	plan_last_part(g, plan, seam);
	return judge_plan(plan, p);
}

/**
 * imgu_osys_judge() - whether the two pictures can be made in stripes
 * @g: Sizes that imgu_geometry_judge() has found nothing else wrong with: it calls this.
 * @p: The program.
 *
 * Context: any.
 * Return: %IMGU_OK, or the rule that is broken.
 */
enum imgu_reason imgu_osys_judge(const struct imgu_geometry *g, const struct imgu_program *p)
{
	struct plan plan;

	return make_plan(g, p, &plan);
}

static void write_scaler(const struct imgu_geometry *g, const struct plan *plan,
			 const struct part *part, struct imgu_acc_osys_scaler *scaler)
{
	const struct imgu_scaler *const set = &plan->scaler;

	*scaler = (struct imgu_acc_osys_scaler){
		.in_y = OSYS_MEM1_IN,
		.in_y_line = OSYS_MEM1_Y_LINE,
		.in_y_buffer = OSYS_MEM1_BUFFER,
		.in_u = OSYS_MEM1_IN + OSYS_MEM1_U,
		.in_v = OSYS_MEM1_IN + OSYS_MEM1_V,
		.in_uv_line = OSYS_MEM1_UV_LINE,
		.in_uv_buffer = OSYS_MEM1_BUFFER,
		.in_width = plan->chunk_width,
		.in_buffers = OSYS_MEM1_BUFFERS,
		.out_y = OSYS_MEM1_SCALED,
		.out_y_line = OSYS_MEM1_Y_LINE,
		.out_y_buffer = OSYS_MEM1_BUFFER,
		.out_u = OSYS_MEM1_SCALED + OSYS_MEM1_U,
		.out_v = OSYS_MEM1_SCALED + OSYS_MEM1_V,
		.out_uv_line = OSYS_MEM1_UV_LINE,
		.out_uv_buffer = OSYS_MEM1_BUFFER,
		.out_buffers = OSYS_MEM1_BUFFERS,
		.mid_y = OSYS_MEM2_Y,
		.mid_y_line = OSYS_MEM2_Y_LINE,
		.mid_u = OSYS_MEM2_U,
		.mid_v = OSYS_MEM2_V,
		.mid_uv_line = OSYS_MEM2_UV_LINE,
		.mid_height = OSYS_MEM2_LINES,
		/* On its side. */
		.mid_width = plan->chunk_height,
		.mid_block_height = OSYS_BLOCK_WIDTH,
		.context_hor_y = OSYS_MEM3_HOR_Y,
		.context_hor_u = OSYS_MEM3_HOR_U,
		.context_hor_v = OSYS_MEM3_HOR_V,
		.context_ver_y = OSYS_MEM3_VER_Y,
		.context_ver_u = OSYS_MEM3_VER_U,
		.context_ver_v = OSYS_MEM3_VER_V,
		.release_in_address = OSYS_FIFO_SCALER_TO_SP,
		.release_in_enable = 1,
		.release_out_enable = 1,
		.process_out_address = OSYS_FIFO_SCALER_TO_FORMATTER,
		.width = part->in_width,
		.height = g->gdc.height,
		.y_start = part->luma.column,
		.uv_start = part->chroma.column,
		.y_left_pad = part->luma.pad_left,
		.uv_left_pad = part->chroma.pad_left,
		.y_right_pad = part->luma.pad_right,
		.uv_right_pad = part->chroma.pad_right,
		.y_top_pad = set->luma.pad_left,
		.uv_top_pad = set->chroma.pad_left,
		.y_bottom_pad = set->luma.pad_right,
		.uv_bottom_pad = set->chroma.pad_right,
		.mode = set->downscales ? IMGU_OSYS_MODE_DOWNSCALE : IMGU_OSYS_MODE_BYPASS,
		.ratio = set->phase_step,
		.y_left_phase = part->luma.phase,
		.uv_left_phase = part->chroma.phase,
		.y_top_phase = set->luma.phase_init,
		.uv_top_phase = set->chroma.phase_init,
		.exponent = set->exp_shift,
		.y_left_crop = part->luma.crop,
		.uv_left_crop = part->chroma.crop,
		.y_top_crop = set->luma.crop,
		.uv_top_crop = set->chroma.crop,
	};
}

/* What a pin has of a stripe before it cuts. */
static struct imgu_size produced(const struct imgu_geometry *g, const struct plan *plan,
				 const struct pin *pin, const struct part *part)
{
	if (pin->scaled)
		return (struct imgu_size){ part->out_width, plan->scaler.scaled.height };
	return (struct imgu_size){ part->in_width, g->gdc.height };
}

static void write_formatter(const struct pin *pin, struct imgu_size from,
			    struct imgu_acc_osys_formatter *formatter)
{
	/* The scaler's blocks, or those that it reads, too. */
	const u32 in = pin->scaled ? OSYS_MEM1_SCALED : OSYS_MEM1_IN;

	*formatter = (struct imgu_acc_osys_formatter){
		.format = IMGU_OSYS_FORMAT_NV12,
		.tiling = IMGU_OSYS_TILING_NONE,
		.release_in_address = pin->scaled ? OSYS_FIFO_FORMATTER_TO_SCALER :
						    OSYS_FIFO_FORMATTER_TO_SP,
		.release_in_enable = 1,
		.process_out_address = OSYS_FIFO_FORMATTER_TO_SP,
		/* Whole blocks: else it misses a line's end, and may hang. */
		.width_vectors = ALIGN(from.width, OSYS_BLOCK_WIDTH) / OSYS_MEM1_VECTOR,
		.height_lines = from.height,
		.in_y = in,
		.in_y_line = OSYS_MEM1_Y_LINE,
		.in_y_buffer = OSYS_MEM1_BUFFER,
		.in_u = in + OSYS_MEM1_U,
		.in_v = in + OSYS_MEM1_V,
		.in_uv_line = OSYS_MEM1_UV_LINE,
		.in_uv_buffer = OSYS_MEM1_BUFFER,
		.out_y_lines = OSYS_BLOCK_HEIGHT,
		.out_u = OSYS_MEM1_U,
		.out_v = OSYS_MEM1_V,
		.out_y_line = OSYS_MEM1_Y_LINE,
		/* NV12: both colours in one line. */
		.out_uv_line = OSYS_MEM1_Y_LINE,
		.history = OSYS_MEM1_HISTORY,
		.history_line = OSYS_MEM1_HISTORY_LINE,
		.history_lines = OSYS_MEM1_HISTORY_LINES,
	};
}

static void write_frame(const struct pin *pin, struct imgu_acc_osys_frame *frame)
{
	*frame = (struct imgu_acc_osys_frame){
		.enable = 1,
		.format = IMGU_OSYS_FORMAT_NV12,
		.tiling = IMGU_OSYS_TILING_NONE,
		.width = pin->size.width,
		.height = pin->size.height,
		.stride = pin->stride,
		.scaled = pin->scaled,
	};
}

static void write_stripe(const struct imgu_geometry *g, const struct plan *plan, bool first,
			 const struct part *part, struct imgu_acc_osys_stripe *stripe)
{
	u32 i;

	*stripe = (struct imgu_acc_osys_stripe){
		.in_width = part->in_width,
		.in_height = g->gdc.height,
		.block_width = OSYS_BLOCK_WIDTH,
		.block_height = OSYS_BLOCK_HEIGHT,
	};
	for (i = 0; i < IMGU_OSYS_PINS; i++) {
		const struct pin *const pin = &plan->pin[i];
		const struct imgu_size from = produced(g, plan, pin, part);
		const u32 offset = pin->scaled ? part->out_offset : part->in_offset;
		const u32 cut = first || pin->crop_left > offset ? pin->crop_left - offset : 0;

		stripe->out_width[i] = from.width;
		stripe->out_height[i] = from.height;
		stripe->stride[i] = OSYS_BLOCK_WIDTH;
		stripe->crop_top[i] = pin->crop_top;
		/*
		 * The second stripe's columns follow the first one's, less what that cut off. They
		 * may begin left of the picture, and it must not begin before its buffer.
		 */
		stripe->crop_left[i] = cut;
		stripe->out_offset[i] = offset + cut - pin->crop_left;
	}
}

static void write_block_stripes(const struct imgu_geometry *g, const struct imgu_program *p,
				const struct plan *plan, struct imgu_acc_slice *block)
{
	const u32 width = g->gdc.width, unit = p->block_width * IMGU_VECTOR;

	block[0].height = g->gdc.height;
	if (p->stripes == 1) {
		block[0].width = width;
		return;
	}
	block[0].width = roundup(plan->part[0].in_width, unit);
	block[1].offset = rounddown(width - plan->part[1].in_width, unit);
	block[1].width = roundup(width - block[1].offset, unit);
	block[1].height = g->gdc.height;
}

/**
 * imgu_osys() - what the firmware is told about the output system
 * @g: Judged sizes.
 * @p: The program that they were judged with.
 * @osys: Where it goes.
 * @stripe: What imgu_stripes() made of @g; @stripe->block is added.
 *
 * The viewfinder's pin is always on: without its node the picture goes where nobody looks.
 *
 * Context: any.
 */
void imgu_osys(const struct imgu_geometry *g, const struct imgu_program *p,
	       struct imgu_acc_osys *osys, struct imgu_acc_stripe *stripe)
{
	struct plan plan;
	u32 s, i;

	memset(osys, 0, sizeof(*osys));
	make_plan(g, p, &plan);
	for (s = 0; s < p->stripes; s++) {
		const struct part *const part = &plan.part[s];

		write_scaler(g, &plan, part, &osys->scaler[s]);
		write_stripe(g, &plan, !s, part, &osys->stripe[s]);
		for (i = 0; i < IMGU_OSYS_PINS; i++)
			write_formatter(&plan.pin[i], produced(g, &plan, &plan.pin[i], part),
					&osys->formatter[s][i]);
	}
	for (i = 0; i < IMGU_OSYS_PINS; i++)
		write_frame(&plan.pin[i], &osys->frame[i]);
	imgu_scaler_coefficients(g->gdc.width, plan.scaler.target_width, osys->luma_taps,
				 osys->chroma_taps);
	write_block_stripes(g, p, &plan, stripe->block);
}
