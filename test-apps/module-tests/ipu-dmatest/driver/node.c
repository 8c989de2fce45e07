// SPDX-License-Identifier: GPL-2.0-only
/*
 * The video nodes: formats and ioctls.
 */
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/videodev2.h>
#include <media/v4l2-event.h>
#include <media/v4l2-ioctl.h>

#include "ipu-dmatest.h"

#define DMT_MIN_SIZE		1
#define DMT_MAX_SIZE		8192
#define DMT_MAX_STRIDE		(4 * DMT_MAX_SIZE)
#define DMT_DEFAULT_WIDTH	640
#define DMT_DEFAULT_HEIGHT	480

struct dmt_pixel_format {
	u32 fourcc;
	u32 bytes;
};

static const struct dmt_pixel_format dmt_formats[] = {
	{ V4L2_PIX_FMT_GREY, 1 },
	{ V4L2_PIX_FMT_Y16, 2 },
};

static const struct dmt_pixel_format *dmt_find_format(u32 fourcc)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dmt_formats); i++)
		if (dmt_formats[i].fourcc == fourcc)
			return &dmt_formats[i];
	return NULL;
}

/**
 * dmt_line_bytes() - bytes of a line's pixels
 * @format: A format that dmt_adjust() made.
 *
 * Return: The bytes, without what pads the line.
 */
u32 dmt_line_bytes(const struct v4l2_pix_format *format)
{
	return format->width * dmt_find_format(format->pixelformat)->bytes;
}

/**
 * dmt_frame_bytes() - bytes of a frame
 * @format: A format that dmt_adjust() made.
 *
 * Return: The bytes, lines with their padding.
 */
u32 dmt_frame_bytes(const struct v4l2_pix_format *format)
{
	return format->bytesperline * format->height;
}

/* Make a format of what was asked for. */
static void dmt_adjust(struct v4l2_pix_format *format)
{
	u32 line;

	if (!dmt_find_format(format->pixelformat))
		format->pixelformat = dmt_formats[0].fourcc;
	format->width = clamp(format->width, DMT_MIN_SIZE, DMT_MAX_SIZE);
	line = dmt_line_bytes(format);
	/*
	 * The size is what was asked for, not the padding: that gets what the device's limit
	 * leaves.
	 */
	format->height =
		clamp(format->height, DMT_MIN_SIZE, min(DMT_MAX_SIZE, DMT_MAX_BYTES / line));
	format->bytesperline = clamp(format->bytesperline, line,
				     min(DMT_MAX_STRIDE, DMT_MAX_BYTES / format->height));
	format->sizeimage = dmt_frame_bytes(format);
	format->field = V4L2_FIELD_NONE;
	format->colorspace = V4L2_COLORSPACE_RAW;
	format->ycbcr_enc = V4L2_YCBCR_ENC_DEFAULT;
	format->quantization = V4L2_QUANTIZATION_DEFAULT;
	format->xfer_func = V4L2_XFER_FUNC_DEFAULT;
	format->flags = 0;
}

/* ---- ioctls ---- */

static int dmt_querycap(struct file *file, void *priv, struct v4l2_capability *cap)
{
	strscpy(cap->driver, DMT_NAME);
	strscpy(cap->card, video_devdata(file)->name);
	return 0;
}

static int dmt_enum_fmt(struct file *file, void *priv, struct v4l2_fmtdesc *desc)
{
	if (desc->index >= ARRAY_SIZE(dmt_formats))
		return -EINVAL;
	desc->pixelformat = dmt_formats[desc->index].fourcc;
	return 0;
}

static int dmt_enum_framesizes(struct file *file, void *priv, struct v4l2_frmsizeenum *sizes)
{
	if (sizes->index || !dmt_find_format(sizes->pixel_format))
		return -EINVAL;
	sizes->type = V4L2_FRMSIZE_TYPE_CONTINUOUS;
	sizes->stepwise.min_width = DMT_MIN_SIZE;
	sizes->stepwise.max_width = DMT_MAX_SIZE;
	sizes->stepwise.step_width = 1;
	sizes->stepwise.min_height = DMT_MIN_SIZE;
	sizes->stepwise.max_height = DMT_MAX_SIZE;
	sizes->stepwise.step_height = 1;
	return 0;
}

static int dmt_g_fmt(struct file *file, void *priv, struct v4l2_format *format)
{
	struct dmt_node *node = video_drvdata(file);

	format->fmt.pix = node->format;
	return 0;
}

static int dmt_try_fmt(struct file *file, void *priv, struct v4l2_format *format)
{
	dmt_adjust(&format->fmt.pix);
	return 0;
}

static int dmt_s_fmt(struct file *file, void *priv, struct v4l2_format *format)
{
	struct dmt_node *node = video_drvdata(file);

	if (vb2_is_busy(&node->queue))
		return -EBUSY;
	dmt_adjust(&format->fmt.pix);
	node->format = format->fmt.pix;
	return 0;
}

static int dmt_enum_input(struct file *file, void *priv, struct v4l2_input *input)
{
	if (input->index)
		return -EINVAL;
	input->type = V4L2_INPUT_TYPE_CAMERA;
	strscpy(input->name, "Pattern");
	return 0;
}

static int dmt_enum_output(struct file *file, void *priv, struct v4l2_output *output)
{
	if (output->index)
		return -EINVAL;
	output->type = V4L2_OUTPUT_TYPE_ANALOG;
	strscpy(output->name, "Checker");
	return 0;
}

static int dmt_g_index(struct file *file, void *priv, unsigned int *index)
{
	*index = 0;
	return 0;
}

static int dmt_s_index(struct file *file, void *priv, unsigned int index)
{
	return index ? -EINVAL : 0;
}

static const struct v4l2_ioctl_ops dmt_ioctl_ops = {
	.vidioc_querycap = dmt_querycap,
	.vidioc_enum_fmt_vid_cap = dmt_enum_fmt,
	.vidioc_enum_fmt_vid_out = dmt_enum_fmt,
	.vidioc_enum_framesizes = dmt_enum_framesizes,
	.vidioc_g_fmt_vid_cap = dmt_g_fmt,
	.vidioc_g_fmt_vid_out = dmt_g_fmt,
	.vidioc_try_fmt_vid_cap = dmt_try_fmt,
	.vidioc_try_fmt_vid_out = dmt_try_fmt,
	.vidioc_s_fmt_vid_cap = dmt_s_fmt,
	.vidioc_s_fmt_vid_out = dmt_s_fmt,
	.vidioc_enum_input = dmt_enum_input,
	.vidioc_g_input = dmt_g_index,
	.vidioc_s_input = dmt_s_index,
	.vidioc_enum_output = dmt_enum_output,
	.vidioc_g_output = dmt_g_index,
	.vidioc_s_output = dmt_s_index,
	.vidioc_reqbufs = vb2_ioctl_reqbufs,
	.vidioc_create_bufs = vb2_ioctl_create_bufs,
	.vidioc_remove_bufs = vb2_ioctl_remove_bufs,
	.vidioc_prepare_buf = vb2_ioctl_prepare_buf,
	.vidioc_querybuf = vb2_ioctl_querybuf,
	.vidioc_qbuf = vb2_ioctl_qbuf,
	.vidioc_dqbuf = vb2_ioctl_dqbuf,
	.vidioc_expbuf = vb2_ioctl_expbuf,
	.vidioc_streamon = vb2_ioctl_streamon,
	.vidioc_streamoff = vb2_ioctl_streamoff,
	.vidioc_log_status = v4l2_ctrl_log_status,
	.vidioc_subscribe_event = v4l2_ctrl_subscribe_event,
	.vidioc_unsubscribe_event = v4l2_event_unsubscribe,
};

static const struct v4l2_file_operations dmt_fops = {
	.owner = THIS_MODULE,
	.open = v4l2_fh_open,
	.release = vb2_fop_release,
	.unlocked_ioctl = video_ioctl2,
	.read = vb2_fop_read,
	.write = vb2_fop_write,
	.poll = vb2_fop_poll,
	.mmap = vb2_fop_mmap,
};

/* ---- life ---- */

/**
 * dmt_node_init() - prepare a node
 * @dmt: The device, with its @vid and @v4l2_dev.
 * @index: Which node.
 *
 * Context: Process context, probe.
 * Return: 0, or an error; dmt_node_free() is to be called in any case.
 */
int dmt_node_init(struct dmt_device *dmt, enum dmt_node_index index)
{
	struct dmt_node *node = &dmt->nodes[index];
	struct video_device *vdev = &node->vdev;
	int ret;

	node->dmt = dmt;
	node->channel = index;
	node->output = index == DMT_OUTPUT;
	mutex_init(&node->lock);
	mutex_init(&node->hw_lock);
	INIT_LIST_HEAD(&node->waiting);
	INIT_DELAYED_WORK(&node->watchdog, dmt_queue_watch);
	node->format.width = DMT_DEFAULT_WIDTH;
	node->format.height = DMT_DEFAULT_HEIGHT;
	dmt_adjust(&node->format);

	ret = dmt_controls_init(node);
	if (ret)
		return ret;
	ret = dmt_queue_init(node);
	if (ret)
		return ret;

	snprintf(vdev->name, sizeof(vdev->name), DMT_NAME " %s %s",
		 node->output ? "output" : "capture", pci_name(dmt->pdev) + 5);
	vdev->fops = &dmt_fops;
	vdev->ioctl_ops = &dmt_ioctl_ops;
	vdev->device_caps = V4L2_CAP_STREAMING | V4L2_CAP_READWRITE |
			    (node->output ? V4L2_CAP_VIDEO_OUTPUT : V4L2_CAP_VIDEO_CAPTURE);
	vdev->vfl_dir = node->output ? VFL_DIR_TX : VFL_DIR_RX;
	vdev->v4l2_dev = &dmt->v4l2_dev;
	vdev->ctrl_handler = &node->controls;
	vdev->queue = &node->queue;
	vdev->lock = &node->lock;
	vdev->release = video_device_release_empty;
	video_set_drvdata(vdev, node);
	return 0;
}

/**
 * dmt_node_register() - show a node to user space
 * @node: The node, initialised.
 *
 * Context: Process context, probe.
 * Return: 0, or what the V4L2 core said.
 */
int dmt_node_register(struct dmt_node *node)
{
	return video_register_device(&node->vdev, VFL_TYPE_VIDEO, -1);
}

/**
 * dmt_node_unregister() - end a node, whatever it is doing
 * @node: The node; nothing is done if it was not registered.
 *
 * Context: Process context, remove; the device has power. When it returns, the node's DMA has ended
 * and its buffers are freed; files may still be open.
 */
void dmt_node_unregister(struct dmt_node *node)
{
	mutex_lock(&node->lock);
	node->gone = true;
	mutex_unlock(&node->lock);
	vb2_video_unregister_device(&node->vdev);
	/* No ioctl is under way any more, and so no control is being set. */
	mutex_lock(&node->hw_lock);
	dmt_queue_end_keep(node);
	mutex_unlock(&node->hw_lock);
}

/**
 * dmt_node_free() - free what dmt_node_init() made
 * @node: The node, which nobody has open.
 *
 * Context: Process context.
 */
void dmt_node_free(struct dmt_node *node)
{
	v4l2_ctrl_handler_free(&node->controls);
	mutex_destroy(&node->hw_lock);
	mutex_destroy(&node->lock);
}
