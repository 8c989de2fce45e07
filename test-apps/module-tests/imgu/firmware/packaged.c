// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The two files of the kernel's own driver are part of this one, so that their internal functions can be called. What is
 * left out of their headers is what needs the rest of the kernel.
 */
#include "packaged.h"

#include <errno.h>
#include <linux/device.h>
#include <linux/videodev2.h>
#include <string.h>

#include <linux/firmware.h>
#include <linux/iopoll.h>
#include <linux/mm.h>
#include <linux/slab.h>

#define dev_info(device, ...) ((void)(device))
#define dev_warn(device, ...) ((void)(device))
#define dev_notice(device, ...) ((void)(device))
#define dev_get_drvdata(device) ((struct imgu_device *)(device))
#define pr_warn(...) ((void)0)

/* Of ipu3.h, which the rest of V4L2 comes with. */
#define __IPU3_H
#include "ipu3-css.h"
static u32 imgu_bytesperline(unsigned int width, enum imgu_abi_frame_format format)
{
	return format == IMGU_ABI_FRAME_FORMAT_NV12 ? ALIGN(width, 64) : DIV_ROUND_UP(width, 50) * 64;
}

/* A copy out of the file, if the file has it. */
static struct firmware loaded;
static bool reads_beyond;
static void copy_of_file(void *to, const void *from, size_t size)
{
	const u8 *at = from;

	if (at >= loaded.data && at <= loaded.data + loaded.size && size <= (size_t)(loaded.data + loaded.size - at))
		memcpy(to, from, size);
	else
		reads_beyond = true;
}

#define memcpy copy_of_file
#include "ipu3-css-fw.c"
#undef memcpy
#include "ipu3-css.c"

_Static_assert(sizeof(struct imgu_abi_sp_stage) == PACKAGED_SP_STAGE, "another layout of stages");
_Static_assert(sizeof(struct imgu_abi_isp_stage) == PACKAGED_ISP_STAGE, "another layout of the ISP's stages");
_Static_assert(sizeof(struct imgu_abi_sp_group) == PACKAGED_SP_GROUP, "another layout of pipes");
_Static_assert(IMGU_ABI_NUM_MEMORIES == PACKAGED_MEMORIES, "another number of memories");

enum {
	REGISTERS = 0x400000,
	LOOKED_AT = 0x100000, /* no block that is looked at is larger */
};

static struct imgu_css css;
static u8 registers[REGISTERS] __aligned(64);
static u32 next_address = 0x10000000;

/* ---- The kernel ---- */

int request_firmware(const struct firmware **firmware, const char *name, struct device *device)
{
	(void)name;
	(void)device;
	*firmware = &loaded;
	return 0;
}

void release_firmware(const struct firmware *firmware)
{
	(void)firmware;
}

/* Addresses grow; what is too large to be looked at has one, but no memory. */
void *imgu_dmamap_alloc(struct imgu_device *imgu, struct imgu_css_map *map, size_t size)
{
	(void)imgu;
	map->vaddr = size ? calloc(1, size < LOOKED_AT ? size : 1) : NULL;
	if (!map->vaddr)
		return NULL;
	map->size = size;
	map->daddr = next_address;
	next_address += (u32)PAGE_ALIGN(size);
	return map->vaddr;
}

void imgu_dmamap_free(struct imgu_device *imgu, struct imgu_css_map *map)
{
	(void)imgu;
	free(map->vaddr);
	*map = (struct imgu_css_map){};
}

/* To the very size that is asked for, and not only to more: that is what the driver takes it to need. */
int imgu_css_dma_buffer_resize(struct imgu_device *imgu, struct imgu_css_map *map, size_t size)
{
	if (!size || map->size == size)
		return 0;
	imgu_dmamap_free(imgu, map);
	return imgu_dmamap_alloc(imgu, map, size) ? 0 : -ENOMEM;
}

int imgu_css_pool_init(struct imgu_device *imgu, struct imgu_css_pool *pool, size_t size)
{
	(void)imgu;
	pool->entry[0].param.size = size;
	return 0;
}

void imgu_css_pool_cleanup(struct imgu_device *imgu, struct imgu_css_pool *pool)
{
	(void)imgu;
	(void)pool;
}

/* Nothing that is asked for here sets parameters. */
const s16 imgu_css_gdc_lut[4][256];

void imgu_css_pool_get(struct imgu_css_pool *pool)
{
	(void)pool;
	abort();
}

void imgu_css_pool_put(struct imgu_css_pool *pool)
{
	(void)pool;
	abort();
}

const struct imgu_css_map *imgu_css_pool_last(struct imgu_css_pool *pool, u32 last)
{
	(void)pool;
	(void)last;
	abort();
}

int imgu_css_cfg_acc(struct imgu_css *unused, unsigned int pipe, struct ipu3_uapi_flags *use,
		     struct imgu_abi_acc_param *acc, struct imgu_abi_acc_param *acc_old,
		     struct ipu3_uapi_acc_param *acc_user)
{
	(void)unused, (void)pipe, (void)use, (void)acc, (void)acc_old, (void)acc_user;
	abort();
}

int imgu_css_cfg_vmem0(struct imgu_css *unused, unsigned int pipe, struct ipu3_uapi_flags *use, void *vmem0,
		       void *vmem0_old, struct ipu3_uapi_params *user)
{
	(void)unused, (void)pipe, (void)use, (void)vmem0, (void)vmem0_old, (void)user;
	abort();
}

int imgu_css_cfg_dmem0(struct imgu_css *unused, unsigned int pipe, struct ipu3_uapi_flags *use, void *dmem0,
		       void *dmem0_old, struct ipu3_uapi_params *user)
{
	(void)unused, (void)pipe, (void)use, (void)dmem0, (void)dmem0_old, (void)user;
	abort();
}

void imgu_css_cfg_gdc_table(struct imgu_abi_gdc_warp_param *gdc, int frame_in_x, int frame_in_y, int frame_out_x,
			    int frame_out_y, int env_w, int env_h)
{
	(void)gdc, (void)frame_in_x, (void)frame_in_y, (void)frame_out_x, (void)frame_out_y, (void)env_w, (void)env_h;
	abort();
}

/* ---- Questions ---- */

void packaged_load(const void *file, size_t size, struct packaged_verdict *verdict)
{
	loaded = (struct firmware){.size = size, .data = file};
	css = (struct imgu_css){.base = registers, .iomem_length = REGISTERS};
	reads_beyond = false;
	*verdict = (struct packaged_verdict){.accepted = !imgu_css_fw_init(&css)};
	verdict->reads_beyond = reads_beyond;
	if (verdict->accepted) {
		verdict->sp[0] = (u32)css.fw_sp[0];
		verdict->sp[1] = (u32)css.fw_sp[1];
		verdict->bootloader = (u32)css.fw_bl;
	}
}

void packaged_unload(void)
{
	imgu_css_fw_cleanup(&css);
	css.fwp = NULL;
}

static void set_size(struct v4l2_rect *rectangle, struct packaged_size size)
{
	*rectangle = (struct v4l2_rect){.width = size.width, .height = size.height};
}

static int set_queue(struct imgu_css_queue *queue, struct packaged_size size, u32 format, u32 flags)
{
	struct v4l2_pix_format_mplane wanted = {.width = size.width, .height = size.height, .pixelformat = format};

	return imgu_css_queue_init(queue, &wanted, flags);
}

/* Negative if no program suits. */
static int set_pipe(const struct packaged_pipe *pipe)
{
	static const u32 raw_formats[] = {
		V4L2_PIX_FMT_IPU3_SGRBG10,
		V4L2_PIX_FMT_IPU3_SRGGB10,
		V4L2_PIX_FMT_IPU3_SBGGR10,
		V4L2_PIX_FMT_IPU3_SGBRG10,
	};
	struct imgu_css_pipe *css_pipe = &css.pipes[pipe->number];
	struct imgu_css_queue *queues = css_pipe->queue;
	int r;

	css_pipe->pipe_id = pipe->still ? IPU3_CSS_PIPE_ID_CAPTURE : IPU3_CSS_PIPE_ID_VIDEO;
	css_pipe->vf_output_en = pipe->vf_enabled;
	set_size(&css_pipe->rect[IPU3_CSS_RECT_EFFECTIVE], pipe->crop);
	set_size(&css_pipe->rect[IPU3_CSS_RECT_BDS], pipe->bds);
	set_size(&css_pipe->rect[IPU3_CSS_RECT_ENVELOPE], pipe->envelope);
	set_size(&css_pipe->rect[IPU3_CSS_RECT_GDC], pipe->gdc);
	if (set_queue(&queues[IPU3_CSS_QUEUE_IN], pipe->in, raw_formats[pipe->bayer], IPU3_CSS_FORMAT_FL_IN) ||
	    set_queue(&queues[IPU3_CSS_QUEUE_OUT], pipe->out, V4L2_PIX_FMT_NV12, IPU3_CSS_FORMAT_FL_OUT))
		return -EINVAL;
	if (pipe->vf_enabled)
		r = set_queue(&queues[IPU3_CSS_QUEUE_VF], pipe->vf, V4L2_PIX_FMT_NV12, IPU3_CSS_FORMAT_FL_VF);
	else
		r = imgu_css_queue_init(&queues[IPU3_CSS_QUEUE_VF], NULL, 0);
	if (r)
		return r;
	r = imgu_css_find_binary(&css, pipe->number, queues, css_pipe->rect);
	if (r >= 0)
		css_pipe->bindex = (u32)r;
	return r;
}

int packaged_choose(const struct packaged_pipe *pipe)
{
	return set_pipe(pipe);
}

int packaged_try(const struct packaged_pipe *streams, const struct packaged_pipe *asked)
{
	struct v4l2_pix_format_mplane in = {
		.width = asked->in.width, .height = asked->in.height, .pixelformat = V4L2_PIX_FMT_IPU3_SGRBG10};
	struct v4l2_pix_format_mplane out = {
		.width = asked->out.width, .height = asked->out.height, .pixelformat = V4L2_PIX_FMT_NV12};
	struct v4l2_pix_format_mplane *formats[IPU3_CSS_QUEUES] = {[IPU3_CSS_QUEUE_IN] = &in, [IPU3_CSS_QUEUE_OUT] = &out};
	struct v4l2_rect *rectangles[IPU3_CSS_RECTS] = {NULL};

	if (set_pipe(streams) < 0 || imgu_css_fmt_try(&css, formats, rectangles, streams->number))
		return -EINVAL;
	return (int)css.pipes[streams->number].bindex;
}

static void copy_addresses(u32 to[PACKAGED_MEMORIES], const struct imgu_css_map from[PACKAGED_MEMORIES])
{
	for (int i = 0; i < PACKAGED_MEMORIES; ++i)
		to[i] = (u32)from[i].daddr;
}

static size_t copy_block(u8 *to, size_t room, const struct imgu_css_map *from, size_t size)
{
	memcpy(to, from->vaddr, size < room ? size : room);
	return size;
}

/* It reads the viewfinder's format whether there is one or not, so that must be there. */
void packaged_start(const struct packaged_pipe *pipe, struct packaged_stage *stage)
{
	struct imgu_css_pipe *css_pipe = &css.pipes[pipe->number];
	struct imgu_css_map *sp_stage = &css_pipe->xmem_sp_stage_ptrs[pipe->number][0];
	struct imgu_css_map *isp_stage = &css_pipe->xmem_isp_stage_ptrs[pipe->number][0];
	const struct imgu_abi_isp_data(*sizes)[IMGU_ABI_NUM_MEMORIES];
	int chosen = set_pipe(pipe);

	*stage = (struct packaged_stage){};
	if (chosen < 0)
		return;
	if (!pipe->vf_enabled)
		set_queue(&css_pipe->queue[IPU3_CSS_QUEUE_VF], pipe->vf, V4L2_PIX_FMT_NV12, IPU3_CSS_FORMAT_FL_VF);
	if (!imgu_dmamap_alloc(NULL, &css.xmem_sp_group_ptrs, sizeof(struct imgu_abi_sp_group)) ||
	    imgu_css_map_init(&css, pipe->number))
		abort();
	stage->accepted = !imgu_css_binary_setup(&css, pipe->number) && !imgu_css_pipeline_init(&css, pipe->number);
	if (stage->accepted) {
		sizes = css.fwp->binary_header[chosen].info.isp.sp.mem_initializers.params;
		for (int i = 0; i < 2; ++i) {
			stage->gdc[i] = (u32)css_pipe->aux_frames[IPU3_CSS_AUX_FRAME_REF].mem[i].daddr;
			stage->tnr[i] = (u32)css_pipe->aux_frames[IPU3_CSS_AUX_FRAME_TNR].mem[i].daddr;
		}
		copy_addresses(stage->config_at, css_pipe->binary_params_cs[IMGU_ABI_PARAM_CLASS_CONFIG - 1]);
		copy_addresses(stage->state_at, css_pipe->binary_params_cs[IMGU_ABI_PARAM_CLASS_STATE - 1]);
		stage->body = (u32)css.binary[chosen].daddr;
		stage->isp_stage_at = (u32)isp_stage->daddr;
		stage->sp_stage_at = (u32)sp_stage->daddr;
		stage->map = (u32)css_pipe->sp_ddr_ptrs.daddr;
		stage->gdc_bytes = css_pipe->aux_frames[IPU3_CSS_AUX_FRAME_REF].mem[0].size;
		stage->tnr_bytes = css_pipe->aux_frames[IPU3_CSS_AUX_FRAME_TNR].mem[0].size;
		stage->map_bytes = css_pipe->sp_ddr_ptrs.size;
		stage->warp_bytes = css_pipe->pool.gdc.entry[0].param.size;
		stage->obgrid_bytes = css_pipe->pool.obgrid.entry[0].param.size;
		memcpy(stage->sp_stage, sp_stage->vaddr, sizeof(stage->sp_stage));
		memcpy(stage->isp_stage, isp_stage->vaddr, sizeof(stage->isp_stage));
		memcpy(stage->sp_group, css.xmem_sp_group_ptrs.vaddr, sizeof(stage->sp_group));
		stage->config_bytes = copy_block(
			stage->config, sizeof(stage->config),
			&css_pipe->binary_params_cs[IMGU_ABI_PARAM_CLASS_CONFIG - 1][IMGU_ABI_MEM_ISP_DMEM0],
			sizes[IMGU_ABI_PARAM_CLASS_CONFIG][IMGU_ABI_MEM_ISP_DMEM0].size);
		stage->state_bytes = copy_block(
			stage->state, sizeof(stage->state),
			&css_pipe->binary_params_cs[IMGU_ABI_PARAM_CLASS_STATE - 1][IMGU_ABI_MEM_ISP_DMEM0],
			sizes[IMGU_ABI_PARAM_CLASS_STATE][IMGU_ABI_MEM_ISP_DMEM0].size);
	}
	imgu_css_pipe_cleanup(&css, pipe->number);
	imgu_dmamap_free(NULL, &css.xmem_sp_group_ptrs);
}

bool packaged_fits(uint32_t offset, uint32_t size, uint32_t memory)
{
	static u64 file[(sizeof(struct imgu_fw_header) + sizeof(struct imgu_fw_info)) / sizeof(u64)];
	struct imgu_css world = {.fwp = (struct imgu_fw_header *)file};
	struct imgu_fw_isp_parameter place = {.offset = offset, .size = size};
	static u8 block[1];

	world.fwp->binary_header[0].info.isp.sp.mem_initializers.params[0][IMGU_ABI_MEM_ISP_DMEM0].size = memory;
	return imgu_css_fw_pipeline_params(&world, 0, IMGU_ABI_PARAM_CLASS_PARAM, IMGU_ABI_MEM_ISP_DMEM0, &place, size,
					   block);
}

uint8_t *packaged_rings(void)
{
	return registers + IMGU_REG_SP_DMEM_BASE(0) + css.fwp->binary_header[css.fw_sp[0]].info.sp.host_sp_queue;
}

int packaged_put(int queue, int pipe, uint32_t data)
{
	return imgu_css_queue_data(&css, queue, pipe, data);
}

int packaged_take(int queue, uint32_t *data)
{
	return imgu_css_dequeue_data(&css, queue, data);
}
