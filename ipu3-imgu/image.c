// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nodes of frames: RAW ones that go in, NV12 pictures that come out.
 */
#include <linux/media-bus-format.h>
#include <media/v4l2-ioctl.h>

#include "ipu3-imgu.h"

#define IMGU_DEFAULT_WIDTH	1920
#define IMGU_DEFAULT_HEIGHT	1080

/**
 * struct imgu_raw - a format of RAW frames
 * @fourcc: In memory.
 * @bayer: The order of its pixels.
 */
struct imgu_raw {
	u32 fourcc;
	enum imgu_bayer bayer;
};

/* The first one is the default. */
static const struct imgu_raw imgu_raws[] = {
	{ V4L2_PIX_FMT_IPU3_SGRBG10, IMGU_BAYER_GRBG },
	{ V4L2_PIX_FMT_IPU3_SBGGR10, IMGU_BAYER_BGGR },
	{ V4L2_PIX_FMT_IPU3_SGBRG10, IMGU_BAYER_GBRG },
	{ V4L2_PIX_FMT_IPU3_SRGGB10, IMGU_BAYER_RGGB },
};

static const struct imgu_raw *imgu_raw_of(u32 fourcc)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(imgu_raws); i++)
		if (imgu_raws[i].fourcc == fourcc)
			return &imgu_raws[i];
	return NULL;
}

static bool imgu_is_input(const struct imgu_node *node)
{
	return node->kind == IMGU_NODE_IN;
}

static bool imgu_has_format(const struct imgu_node *node, u32 fourcc)
{
	return imgu_is_input(node) ? !!imgu_raw_of(fourcc) : fourcc == V4L2_PIX_FMT_NV12;
}

static enum imgu_place imgu_place_of(const struct imgu_node *node)
{
	switch (node->kind) {
	case IMGU_NODE_OUT:
		return IMGU_PLACE_OUT;
	case IMGU_NODE_VF:
		return IMGU_PLACE_VF;
	default:
		return IMGU_PLACE_IN;
	}
}

/* Fourcc and size are respected where they can be; all else follows. */
static void imgu_adjust_pix(const struct imgu_node *node, struct v4l2_pix_format_mplane *pix)
{
	const bool input = imgu_is_input(node);
	const struct imgu_size size =
		imgu_geometry_adjust(imgu_place_of(node), (struct imgu_size){
			.width = pix->width,
			.height = pix->height,
		});
	const u32 stride = input ? imgu_geometry_raw_stride(size.width) :
				   imgu_geometry_picture_stride(size.width);

	if (!imgu_has_format(node, pix->pixelformat))
		pix->pixelformat = input ? imgu_raws[0].fourcc : V4L2_PIX_FMT_NV12;
	pix->width = size.width;
	pix->height = size.height;
	pix->field = V4L2_FIELD_NONE;
	pix->colorspace = input ? V4L2_COLORSPACE_RAW : V4L2_COLORSPACE_SRGB;
	pix->num_planes = 1;
	memset(pix->plane_fmt, 0, sizeof(pix->plane_fmt));
	pix->plane_fmt[0].bytesperline = stride;
	pix->plane_fmt[0].sizeimage = stride * size.height;
	/* Chroma has half as many bytes as luma. */
	if (!input)
		pix->plane_fmt[0].sizeimage += stride * size.height / 2;
	pix->flags = 0;
	pix->ycbcr_enc = V4L2_YCBCR_ENC_DEFAULT;
	pix->quantization = V4L2_QUANTIZATION_DEFAULT;
	pix->xfer_func = V4L2_XFER_FUNC_DEFAULT;
}

/* ---- ioctls ---- */

static int imgu_enum_fmt(struct file *file, void *priv, struct v4l2_fmtdesc *desc)
{
	struct imgu_node *node = imgu_node_of_file(file);

	if (desc->mbus_code && desc->mbus_code != MEDIA_BUS_FMT_FIXED)
		return -EINVAL;
	if (desc->index >= (imgu_is_input(node) ? ARRAY_SIZE(imgu_raws) : 1))
		return -EINVAL;
	desc->pixelformat = imgu_is_input(node) ? imgu_raws[desc->index].fourcc :
						  V4L2_PIX_FMT_NV12;
	return 0;
}

/* Alignments are of both sides, and a size is made an even one before all else. */
static int imgu_enum_framesizes(struct file *file, void *priv, struct v4l2_frmsizeenum *sizes)
{
	struct imgu_node *node = imgu_node_of_file(file);

	if (sizes->index || !imgu_has_format(node, sizes->pixel_format))
		return -EINVAL;
	sizes->type = V4L2_FRMSIZE_TYPE_STEPWISE;
	sizes->stepwise = (struct v4l2_frmsize_stepwise){
		.min_width = IMGU_MIN_SIZE,
		.max_width = IMGU_MAX_WIDTH,
		.step_width = node->kind == IMGU_NODE_OUT ? 8 : 2,
		.min_height = IMGU_MIN_SIZE,
		.max_height = IMGU_MAX_HEIGHT,
		.step_height = node->kind == IMGU_NODE_OUT ? 4 : 2,
	};
	return 0;
}

static int imgu_g_fmt(struct file *file, void *priv, struct v4l2_format *format)
{
	format->fmt.pix_mp = imgu_node_of_file(file)->format.fmt.pix_mp;
	return 0;
}

static int imgu_try_fmt(struct file *file, void *priv, struct v4l2_format *format)
{
	imgu_adjust_pix(imgu_node_of_file(file), &format->fmt.pix_mp);
	return 0;
}

static int imgu_s_fmt(struct file *file, void *priv, struct v4l2_format *format)
{
	struct imgu_node *node = imgu_node_of_file(file);

	if (vb2_is_busy(&node->vbq))
		return -EBUSY;
	imgu_adjust_pix(node, &format->fmt.pix_mp);
	node->format.fmt.pix_mp = format->fmt.pix_mp;
	/* While others stream, the rectangles are theirs, too. */
	if (!imgu_queue_any_streams(node->pipe))
		imgu_subdev_settle(node->pipe);
	return 0;
}

const struct v4l2_ioctl_ops imgu_image_out_ioctl_ops = {
	.vidioc_enum_fmt_vid_out = imgu_enum_fmt,
	.vidioc_enum_framesizes = imgu_enum_framesizes,
	.vidioc_g_fmt_vid_out_mplane = imgu_g_fmt,
	.vidioc_try_fmt_vid_out_mplane = imgu_try_fmt,
	.vidioc_s_fmt_vid_out_mplane = imgu_s_fmt,
	IMGU_QUEUE_IOCTLS
};

const struct v4l2_ioctl_ops imgu_image_cap_ioctl_ops = {
	.vidioc_enum_fmt_vid_cap = imgu_enum_fmt,
	.vidioc_enum_framesizes = imgu_enum_framesizes,
	.vidioc_g_fmt_vid_cap_mplane = imgu_g_fmt,
	.vidioc_try_fmt_vid_cap_mplane = imgu_try_fmt,
	.vidioc_s_fmt_vid_cap_mplane = imgu_s_fmt,
	IMGU_QUEUE_IOCTLS
};

/**
 * imgu_image_init_format() - a frame node's format before anybody has set one
 * @node: The node, with its kind.
 *
 * Context: Process context, probe.
 */
void imgu_image_init_format(struct imgu_node *node)
{
	struct v4l2_pix_format_mplane *pix = &node->format.fmt.pix_mp;

	pix->width = IMGU_DEFAULT_WIDTH;
	pix->height = IMGU_DEFAULT_HEIGHT;
	imgu_adjust_pix(node, pix);
}

/**
 * imgu_image_bayer() - the order of the pixels that go in
 * @node: The input.
 *
 * Context: Process context, with &imgu_pipe.lock held.
 * Return: The order, as the firmware numbers it.
 */
enum imgu_bayer imgu_image_bayer(const struct imgu_node *node)
{
	const struct imgu_raw *raw = imgu_raw_of(node->format.fmt.pix_mp.pixelformat);

	/* imgu_adjust_pix() lets no other one in. */
	return raw ? raw->bayer : IMGU_BAYER_GRBG;
}
