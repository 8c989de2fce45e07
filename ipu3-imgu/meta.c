// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nodes of parameters and of statistics: a structure a buffer, and no choice.
 */
#include <linux/media-bus-format.h>
#include <media/v4l2-ioctl.h>

#include "ipu3-imgu.h"

static bool imgu_is_params(const struct imgu_node *node)
{
	return node->kind == IMGU_NODE_PARAMS;
}

static int imgu_enum_fmt(struct file *file, void *priv, struct v4l2_fmtdesc *desc)
{
	struct imgu_node *node = imgu_node_of_file(file);

	if (desc->mbus_code && desc->mbus_code != MEDIA_BUS_FMT_FIXED)
		return -EINVAL;
	if (desc->index)
		return -EINVAL;
	desc->pixelformat = node->format.fmt.meta.dataformat;
	/* The V4L2 core has no words for these, and wants some. */
	strscpy(desc->description, imgu_is_params(node) ? "IPU3 processing parameters" :
							  "IPU3 3A statistics");
	return 0;
}

/* TRY_FMT and S_FMT as well: whatever is asked for becomes this. */
static int imgu_g_fmt(struct file *file, void *priv, struct v4l2_format *format)
{
	format->fmt.meta = imgu_node_of_file(file)->format.fmt.meta;
	return 0;
}

const struct v4l2_ioctl_ops imgu_meta_ioctl_ops = {
	.vidioc_enum_fmt_meta_out = imgu_enum_fmt,
	.vidioc_g_fmt_meta_out = imgu_g_fmt,
	.vidioc_try_fmt_meta_out = imgu_g_fmt,
	.vidioc_s_fmt_meta_out = imgu_g_fmt,
	.vidioc_enum_fmt_meta_cap = imgu_enum_fmt,
	.vidioc_g_fmt_meta_cap = imgu_g_fmt,
	.vidioc_try_fmt_meta_cap = imgu_g_fmt,
	.vidioc_s_fmt_meta_cap = imgu_g_fmt,
	IMGU_QUEUE_IOCTLS
};

/**
 * imgu_meta_init_format() - the format of a node of parameters or statistics
 * @node: The node, with its kind.
 *
 * Context: Process context, probe.
 */
void imgu_meta_init_format(struct imgu_node *node)
{
	const bool params = imgu_is_params(node);

	node->format.fmt.meta = (struct v4l2_meta_format){
		.dataformat = params ? V4L2_META_FMT_IPU3_PARAMS : V4L2_META_FMT_IPU3_STAT_3A,
		.buffersize = params ? sizeof(struct ipu3_uapi_params) :
				       sizeof(struct ipu3_uapi_stats_3a),
	};
}
