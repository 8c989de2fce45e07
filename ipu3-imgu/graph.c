// SPDX-License-Identifier: GPL-2.0-only
/*
 * The media graph: which nodes a pipe has, how they are linked to its sub-device, in which order
 * all of it comes and goes. Names, numbers and order are the staging driver's, for scripts and
 * libcamera find things by them.
 */
#include <linux/pci.h>
#include <media/v4l2-ioctl.h>

#include "ipu3-imgu.h"

/**
 * struct imgu_node_model - a kind of node
 * @name: What is added to the sub-device's name.
 * @type: Of its buffers.
 * @caps: What it can do.
 * @ioctl_ops: Its ioctls.
 * @init_format: Sets its first format.
 * @link_flags: Its link's, of %MEDIA_LNK_FL_*.
 */
struct imgu_node_model {
	const char *name;
	enum v4l2_buf_type type;
	u32 caps;
	const struct v4l2_ioctl_ops *ioctl_ops;
	void (*init_format)(struct imgu_node *node);
	u32 link_flags;
};

static const struct imgu_node_model imgu_node_models[IMGU_NODES] = {
	[IMGU_NODE_IN] = {
		.name = "input",
		.type = V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE,
		.caps = V4L2_CAP_VIDEO_OUTPUT_MPLANE,
		.ioctl_ops = &imgu_image_out_ioctl_ops,
		.init_format = imgu_image_init_format,
	},
	[IMGU_NODE_PARAMS] = {
		.name = "parameters",
		.type = V4L2_BUF_TYPE_META_OUTPUT,
		.caps = V4L2_CAP_META_OUTPUT,
		.ioctl_ops = &imgu_meta_ioctl_ops,
		.init_format = imgu_meta_init_format,
	},
	[IMGU_NODE_OUT] = {
		.name = "output",
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE,
		.caps = V4L2_CAP_VIDEO_CAPTURE_MPLANE,
		.ioctl_ops = &imgu_image_cap_ioctl_ops,
		.init_format = imgu_image_init_format,
		.link_flags = MEDIA_LNK_FL_ENABLED | MEDIA_LNK_FL_IMMUTABLE,
	},
	[IMGU_NODE_VF] = {
		.name = "viewfinder",
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE,
		.caps = V4L2_CAP_VIDEO_CAPTURE_MPLANE,
		.ioctl_ops = &imgu_image_cap_ioctl_ops,
		.init_format = imgu_image_init_format,
	},
	[IMGU_NODE_STATS] = {
		.name = "3a stat",
		.type = V4L2_BUF_TYPE_META_CAPTURE,
		.caps = V4L2_CAP_META_CAPTURE,
		.ioctl_ops = &imgu_meta_ioctl_ops,
		.init_format = imgu_meta_init_format,
	},
};

static const struct v4l2_file_operations imgu_fops = {
	.owner = THIS_MODULE,
	.open = v4l2_fh_open,
	.release = vb2_fop_release,
	.unlocked_ioctl = video_ioctl2,
	.poll = vb2_fop_poll,
	.mmap = vb2_fop_mmap,
};

/* ---- before anybody sees it ---- */

static int imgu_node_init(struct imgu_pipe *pipe, enum imgu_node_kind kind)
{
	const struct imgu_node_model *model = &imgu_node_models[kind];
	struct imgu_node *node = &pipe->nodes[kind];
	struct video_device *vdev = &node->vdev;
	int ret;

	node->pipe = pipe;
	node->kind = kind;
	node->linked = model->link_flags & MEDIA_LNK_FL_ENABLED;
	node->format.type = model->type;
	model->init_format(node);
	ret = imgu_queue_init(node);
	if (ret)
		return ret;

	snprintf(vdev->name, sizeof(vdev->name), IMGU_NAME " %u %s", pipe->number, model->name);
	vdev->fops = &imgu_fops;
	vdev->ioctl_ops = model->ioctl_ops;
	vdev->device_caps = V4L2_CAP_STREAMING | V4L2_CAP_IO_MC | model->caps;
	vdev->vfl_dir = V4L2_TYPE_IS_OUTPUT(model->type) ? VFL_DIR_TX : VFL_DIR_RX;
	vdev->v4l2_dev = &pipe->imgu->v4l2_dev;
	vdev->queue = &node->vbq;
	vdev->lock = &pipe->lock;
	vdev->release = video_device_release_empty;
	video_set_drvdata(vdev, node);
	node->pad.flags = V4L2_TYPE_IS_OUTPUT(model->type) ? MEDIA_PAD_FL_SOURCE :
							     MEDIA_PAD_FL_SINK;
	return media_entity_pads_init(&vdev->entity, 1, &node->pad);
}

static void imgu_nodes_cleanup(struct imgu_pipe *pipe, unsigned int count)
{
	while (count--)
		media_entity_cleanup(&pipe->nodes[count].vdev.entity);
}

static int imgu_pipe_init(struct imgu_pipe *pipe)
{
	unsigned int kind;
	int ret = 0;

	for (kind = 0; kind < IMGU_NODES && !ret; kind++)
		ret = imgu_node_init(pipe, kind);
	/* The last one has failed, or all stand and the sub-device has. */
	if (ret)
		kind--;
	else
		ret = imgu_subdev_init(pipe);
	if (ret)
		imgu_nodes_cleanup(pipe, kind);
	return ret;
}

static void imgu_pipe_cleanup(struct imgu_pipe *pipe)
{
	imgu_subdev_cleanup(pipe);
	imgu_nodes_cleanup(pipe, IMGU_NODES);
}

/**
 * imgu_graph_init() - prepare all entities
 * @imgu: The device, with its memory backend; its pipes have their locks and numbers.
 *
 * Context: Process context, probe.
 * Return: 0, or a negative errno; then there is nothing to clean up.
 */
int imgu_graph_init(struct imgu_device *imgu)
{
	unsigned int i;
	int ret;

	for (i = 0; i < IMGU_PIPES; i++) {
		ret = imgu_pipe_init(&imgu->pipes[i]);
		if (ret)
			goto err_pipes;
	}
	return 0;

err_pipes:
	while (i--)
		imgu_pipe_cleanup(&imgu->pipes[i]);
	return ret;
}

/**
 * imgu_graph_cleanup() - undo imgu_graph_init()
 * @imgu: The device. Nothing of it is registered, and nobody has a node open.
 *
 * Context: Process context.
 */
void imgu_graph_cleanup(struct imgu_device *imgu)
{
	unsigned int i;

	for (i = 0; i < IMGU_PIPES; i++)
		imgu_pipe_cleanup(&imgu->pipes[i]);
}

/* ---- where user space finds it ---- */

static int imgu_link(struct imgu_node *node)
{
	struct media_entity *subdev = &node->pipe->subdev.entity, *vdev = &node->vdev.entity;
	const u32 flags = imgu_node_models[node->kind].link_flags;

	if (node->pad.flags & MEDIA_PAD_FL_SOURCE)
		return media_create_pad_link(vdev, 0, subdev, node->kind, flags);
	return media_create_pad_link(subdev, node->kind, vdev, 0, flags);
}

static int imgu_pipe_register(struct imgu_pipe *pipe)
{
	unsigned int kind;
	int ret;

	ret = v4l2_device_register_subdev(&pipe->imgu->v4l2_dev, &pipe->subdev);
	for (kind = 0; kind < IMGU_NODES && !ret; kind++) {
		struct imgu_node *node = &pipe->nodes[kind];

		ret = video_register_device(&node->vdev, VFL_TYPE_VIDEO, -1);
		if (!ret)
			ret = imgu_link(node);
	}
	return ret;
}

/**
 * imgu_graph_register() - show all nodes to user space
 * @imgu: The device, able to stream.
 *
 * The media device is to be registered after this, so that whoever sees it finds all of its graph.
 *
 * Context: Process context, probe.
 * Return: 0, or what the V4L2 or the media core said; then nothing is registered any more.
 */
int imgu_graph_register(struct imgu_device *imgu)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < IMGU_PIPES && !ret; i++)
		ret = imgu_pipe_register(&imgu->pipes[i]);
	if (!ret)
		ret = v4l2_device_register_subdev_nodes(&imgu->v4l2_dev);
	if (ret)
		imgu_graph_unregister(imgu);
	return ret;
}

/**
 * imgu_graph_unregister() - end all nodes, whatever they are doing
 * @imgu: The device. What was not registered is passed over.
 *
 * Context: Process context. When it returns, all streams have ended and all buffers are freed;
 * files may still be open.
 */
void imgu_graph_unregister(struct imgu_device *imgu)
{
	unsigned int i, kind;

	for (i = 0; i < IMGU_PIPES; i++) {
		struct imgu_pipe *pipe = &imgu->pipes[i];

		mutex_lock(&pipe->lock);
		pipe->gone = true;
		mutex_unlock(&pipe->lock);
		for (kind = 0; kind < IMGU_NODES; kind++)
			vb2_video_unregister_device(&pipe->nodes[kind].vdev);
		v4l2_device_unregister_subdev(&pipe->subdev);
	}
}
