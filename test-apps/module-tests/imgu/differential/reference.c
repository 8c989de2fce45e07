// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Asks the packaged driver's ipu3-css-params.c. What calls that file in the driver also holds the hardware, so the part of
 * it that matters is told anew here: which memory a set goes to, which is the one before it, and when a block is made at
 * all. Source: Linux drivers/staging/media/ipu3/ipu3-css.c, imgu_css_set_parameters(); ipu3-css-pool.c; ipu3-css-fw.c.
 */
#include "reference.h"

#include <linux/device.h>

#include "ipu3-css.h"
#include "ipu3-css-fw.h"
#include "ipu3-css-params.h"

_Static_assert(sizeof(struct ipu3_uapi_params) == REFERENCE_PARAMS_BYTES, "another layout of parameters");
_Static_assert(sizeof(struct imgu_abi_acc_param) == REFERENCE_ACC_BYTES, "another layout of acc_param");
_Static_assert(sizeof(struct imgu_abi_gdc_warp_param) == REFERENCE_WARP_BLOCK_BYTES, "another layout of warp blocks");
_Static_assert(IPU3_CSS_POOL_SIZE == REFERENCE_SETS, "the pools are of another size");

enum {
	BYTES_PER_REFERENCE_PIXEL = 2,
};

/* The firmware file, as far as it is read here: one program, behind it the table of what is where in its memories. */
struct file {
	struct imgu_fw_header header;
	struct imgu_fw_info program;
	struct imgu_fw_param_memory_offsets places;
};

struct world {
	struct imgu_css css;
	struct imgu_css_format in_format, out_format;
	struct file file;
};

/* Where the programs that the driver chooses have them: facts of the firmware file of 2016-12-08. */
static void place_memories(struct file *file, bool video)
{
	struct imgu_abi_isp_data *sizes =
		file->program.info.isp.sp.mem_initializers.params[IMGU_ABI_PARAM_CLASS_PARAM];

	sizes[IMGU_ABI_MEM_ISP_VMEM0].size = video ? REFERENCE_VMEM_BYTES : 1536;
	sizes[IMGU_ABI_MEM_ISP_DMEM0].size = video ? REFERENCE_DMEM_BYTES : 48;
	file->places.vmem.lin = (struct imgu_fw_isp_parameter){ 0, 1024 };
	file->places.vmem.xnr3 = (struct imgu_fw_isp_parameter){ 1024, 512 };
	file->places.dmem.xnr3 = (struct imgu_fw_isp_parameter){ 4, 44 };
	if (video) {
		file->places.vmem.tnr3 = (struct imgu_fw_isp_parameter){ 1536, 256 };
		file->places.dmem.tnr3 = (struct imgu_fw_isp_parameter){ 48, 36 };
	}
}

static void set_queue(struct imgu_css_queue *queue, const struct reference_size *size, const struct imgu_css_format *format,
		      u32 stride)
{
	queue->fmt.mpix.width = size->width;
	queue->fmt.mpix.height = size->height;
	queue->fmt.mpix.plane_fmt[0].bytesperline = stride;
	queue->css_fmt = format;
	queue->width_pad = stride;
}

static void set_rectangle(struct v4l2_rect *rectangle, const struct reference_size *size)
{
	rectangle->width = size->width;
	rectangle->height = size->height;
}

static void make_world(struct world *world, const struct reference_pipe *from)
{
	struct imgu_css_pipe *pipe = &world->css.pipes[0];
	struct imgu_abi_binary_info *program = &world->file.program.info.isp.sp;

	memset(world, 0, sizeof(*world));
	world->css.fwp = &world->file.header;
	world->css.streaming = true;
	pipe->pipe_id = from->video ? IPU3_CSS_PIPE_ID_VIDEO : IPU3_CSS_PIPE_ID_CAPTURE;

	program->iterator.num_stripes = from->stripes;
	program->block.block_width = from->block_width;
	program->enable.af = from->has_af;
	program->enable.awb_acc = from->has_awb;
	program->enable.awb_fr_acc = from->has_awb_fr;
	program->enable.ae = from->has_ae;
	program->enable.dvs_6axis = 1;
	world->file.program.blob.memory_offsets.offsets[IMGU_ABI_PARAM_CLASS_PARAM] = offsetof(struct file, places);
	place_memories(&world->file, from->video);

	world->in_format.frame_format = IMGU_ABI_FRAME_FORMAT_RAW_PACKED;
	world->in_format.bayer_order = from->bayer;
	world->out_format.frame_format = IMGU_ABI_FRAME_FORMAT_NV12;
	set_queue(&pipe->queue[IPU3_CSS_QUEUE_IN], &from->in, &world->in_format, from->in_stride);
	set_queue(&pipe->queue[IPU3_CSS_QUEUE_OUT], &from->out, &world->out_format, from->out_stride);
	set_queue(&pipe->queue[IPU3_CSS_QUEUE_VF], &from->vf, &world->out_format, from->vf_stride);
	set_rectangle(&pipe->rect[IPU3_CSS_RECT_EFFECTIVE], &from->crop);
	set_rectangle(&pipe->rect[IPU3_CSS_RECT_BDS], &from->bds);
	set_rectangle(&pipe->rect[IPU3_CSS_RECT_ENVELOPE], &from->envelope);
	set_rectangle(&pipe->rect[IPU3_CSS_RECT_GDC], &from->gdc);
	pipe->aux_frames[IPU3_CSS_AUX_FRAME_REF].bytesperpixel = BYTES_PER_REFERENCE_PIXEL;
	pipe->aux_frames[IPU3_CSS_AUX_FRAME_REF].bytesperline = BYTES_PER_REFERENCE_PIXEL * from->ref.width;
	pipe->aux_frames[IPU3_CSS_AUX_FRAME_REF].height = from->ref.height;
}

/* Defined in the driver's ipu3-css-fw.c, which needs the kernel's firmware loader: where a block lies in a memory. */
void *imgu_css_fw_pipeline_params(struct imgu_css *css, unsigned int pipe, enum imgu_abi_param_class cls,
				  enum imgu_abi_memories mem, struct imgu_fw_isp_parameter *par, size_t par_size,
				  void *binary_params)
{
	const struct imgu_fw_info *program = &css->fwp->binary_header[css->pipes[pipe].bindex];
	const u32 memory_bytes = program->info.isp.sp.mem_initializers.params[cls][mem].size;

	return par->offset + par->size <= memory_bytes && par->size >= par_size ? (u8 *)binary_params + par->offset : NULL;
}

/* A pool of four: the entry that was handed out last, and which of them hold something. */
struct pool {
	unsigned int last;
	bool valid[REFERENCE_SETS];
};

static unsigned int pool_get(struct pool *pool)
{
	pool->last = (pool->last + 1) % REFERENCE_SETS;
	pool->valid[pool->last] = true;
	return pool->last;
}

static void pool_put(struct pool *pool)
{
	pool->valid[pool->last] = false;
	pool->last = (pool->last + REFERENCE_SETS - 1) % REFERENCE_SETS;
}

static bool pool_is_empty(const struct pool *pool)
{
	return !pool->valid[pool->last % REFERENCE_SETS];
}

/* The entry before the last, or NULL; @entries: where they are, of @bytes each. */
static void *pool_before(const struct pool *pool, void *entries, size_t bytes)
{
	const unsigned int index = (pool->last + REFERENCE_SETS - 1) % REFERENCE_SETS;

	return pool->valid[index] ? (u8 *)entries + index * bytes : NULL;
}

void reference_run(struct reference_exchange *exchange)
{
	static struct world world;
	struct pool acc = { .last = REFERENCE_SETS }, vmem = acc, dmem = acc;
	bool acc_used[REFERENCE_SETS] = { 0 };
	bool warp_made = false;

	make_world(&world, &exchange->pipe);
	exchange->sets_done = 0;
	exchange->warp_blocks = 0;
	memset(exchange->vmem, 0, sizeof(exchange->vmem));
	memset(exchange->dmem, 0, sizeof(exchange->dmem));
	for (unsigned int i = 0; i < exchange->sets; i++) {
		struct reference_set *set = &exchange->set[i];
		struct ipu3_uapi_params *user = set->given ? (void *)set->params : NULL;
		struct ipu3_uapi_flags *use = user ? &user->use : NULL;
		struct reference_verdict *verdict = &exchange->verdicts[i];
		const bool new_acc = user || pool_is_empty(&acc);
		const bool new_vmem = pool_is_empty(&vmem) ||
				      (use && (use->lin_vmem_params || use->tnr3_vmem_params || use->xnr3_vmem_params));
		const bool new_dmem = pool_is_empty(&dmem) || (use && (use->tnr3_dmem_params || use->xnr3_dmem_params));

		verdict->error = 0;
		if (new_acc) {
			const unsigned int entry = pool_get(&acc);

			/* Fresh from the allocator. */
			if (!acc_used[entry])
				memset(exchange->acc[entry], 0, sizeof(exchange->acc[entry]));
			acc_used[entry] = true;
			verdict->error = imgu_css_cfg_acc(&world.css, 0, use, (void *)exchange->acc[entry],
							  pool_before(&acc, exchange->acc, sizeof(exchange->acc[0])),
							  user ? &user->acc_param : NULL);
		}
		if (new_vmem) {
			const unsigned int entry = pool_get(&vmem);

			if (!verdict->error)
				verdict->error = imgu_css_cfg_vmem0(&world.css, 0, use, exchange->vmem[entry],
								    pool_before(&vmem, exchange->vmem, sizeof(exchange->vmem[0])),
								    user);
		}
		if (new_dmem) {
			const unsigned int entry = pool_get(&dmem);

			if (!verdict->error)
				verdict->error = imgu_css_cfg_dmem0(&world.css, 0, use, exchange->dmem[entry],
								    pool_before(&dmem, exchange->dmem, sizeof(exchange->dmem[0])),
								    user);
		}
		verdict->acc = acc.last % REFERENCE_SETS;
		verdict->vmem = vmem.last % REFERENCE_SETS;
		verdict->dmem = dmem.last % REFERENCE_SETS;
		if (verdict->error) {
			if (new_acc)
				pool_put(&acc);
			if (new_vmem)
				pool_put(&vmem);
			if (new_dmem)
				pool_put(&dmem);
		} else if (!warp_made && exchange->want_warp) {
			const struct reference_pipe *pipe = &exchange->pipe;
			const u32 across = ALIGN(DIV_ROUND_UP(pipe->gdc.width, IMGU_DVS_BLOCK_W), 2);

			imgu_css_cfg_gdc_table((void *)exchange->warp, pipe->ref.width, pipe->ref.height, pipe->gdc.width,
					       pipe->gdc.height, pipe->envelope.width, pipe->envelope.height);
			exchange->warp_blocks = across / 2 * 3 * DIV_ROUND_UP(pipe->gdc.height, IMGU_DVS_BLOCK_H);
			warp_made = true;
		}
		exchange->sets_done = i + 1;
	}
}

int reference_acc(const struct reference_pipe *pipe, struct reference_set *set, uint8_t *acc, uint8_t *old)
{
	static struct world world;
	struct ipu3_uapi_params *user = set->given ? (void *)set->params : NULL;

	make_world(&world, pipe);
	return imgu_css_cfg_acc(&world.css, 0, user ? &user->use : NULL, (void *)acc, (void *)old,
				user ? &user->acc_param : NULL);
}
