// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues of buffers: what videobuf2 asks of a node of any kind.
 *
 * Of the parameters the device never reads what user space wrote, only what was made of it. Their
 * buffers are memory of the kernel's and know no device; each is copied once, and what user space
 * does to it afterwards has no effect.
 */
#include <linux/mm.h>
#include <linux/pci.h>
#include <media/v4l2-ioctl.h>
#include <media/vb2-ipu-iommu.h>
#include <media/videobuf2-vmalloc.h>

#include "compat.h"
#include "ipu3-imgu.h"

/* Of a node that has them, the bytes of a whole buffer. */
static u32 imgu_needed(const struct imgu_node *node)
{
	const struct v4l2_format *format = &node->format;

	return V4L2_TYPE_IS_MULTIPLANAR(format->type) ? format->fmt.pix_mp.plane_fmt[0].sizeimage :
							format->fmt.meta.buffersize;
}

/* ---- buffers ---- */

static int imgu_queue_setup(struct vb2_queue *vbq, unsigned int *num_buffers,
			    unsigned int *num_planes, unsigned int sizes[],
			    struct device *alloc_devs[])
{
	struct imgu_node *node = imgu_node_of(vbq);

	if (node->pipe->gone)
		return -ENODEV;
	/* VIDIOC_CREATE_BUFS brings sizes of its own. */
	if (*num_planes)
		return *num_planes == 1 && sizes[0] >= imgu_needed(node) ? 0 : -EINVAL;
	*num_planes = 1;
	sizes[0] = imgu_needed(node);
	return 0;
}

/*
 * The format may have changed since memory was given, and user space says how much of it is used.
 * Of a RAW frame it may be less than all: libcamera hands on one that came short from the receiver,
 * and would wait for ever for a picture that is refused.
 */
static int imgu_buf_prepare(struct vb2_buffer *vb)
{
	struct imgu_node *node = imgu_node_of(vb->vb2_queue);
	const u32 needed = imgu_needed(node);

	if (vb2_plane_size(vb, 0) < needed)
		return -EINVAL;
	if (V4L2_TYPE_IS_OUTPUT(vb->type) && vb->planes[0].data_offset)
		return -EINVAL;
	vb2_set_plane_payload(vb, 0, needed);
	return 0;
}

static void imgu_buf_queue(struct vb2_buffer *vb)
{
	imgu_stream_queue(imgu_node_of(vb->vb2_queue), imgu_buffer_of(vb));
}

/* ---- buffers of parameters ---- */

static int imgu_params_init(struct vb2_buffer *vb)
{
	struct imgu_buffer *buf = imgu_buffer_of(vb);

	buf->params = kvmalloc(sizeof(*buf->params), GFP_KERNEL);
	return buf->params ? 0 : -ENOMEM;
}

static void imgu_params_cleanup(struct vb2_buffer *vb)
{
	struct imgu_buffer *buf = imgu_buffer_of(vb);

	kvfree(buf->params);
	buf->params = NULL;
}

static int imgu_params_prepare(struct vb2_buffer *vb)
{
	struct imgu_buffer *buf = imgu_buffer_of(vb);
	const void *given = vb2_plane_vaddr(vb, 0);

	/* An empty one would be said to be full by videobuf2. */
	if (vb2_plane_size(vb, 0) < sizeof(*buf->params) ||
	    vb2_get_plane_payload(vb, 0) < sizeof(*buf->params))
		return -EINVAL;
	/* A dma-buf whose exporter has no mapping. */
	if (!given)
		return -EFAULT;
	memcpy(buf->params, given, sizeof(*buf->params));
	return 0;
}

/* ---- streaming ---- */

static void imgu_return_waiting(struct imgu_node *node, enum vb2_buffer_state state)
{
	struct imgu_device *imgu = node->pipe->imgu;
	struct imgu_buffer *buf, *next;

	mutex_lock(&imgu->engine_lock);
	list_for_each_entry_safe(buf, next, &node->waiting, list) {
		list_del(&buf->list);
		vb2_buffer_done(&buf->vb.vb2_buf, state);
	}
	mutex_unlock(&imgu->engine_lock);
}

/* Changed by link_setup only, and the media core lets nobody in between this and STREAMOFF. */
static int imgu_check_links(const struct imgu_node *node)
{
	if (node->linked && node->pipe->nodes[IMGU_NODE_IN].linked)
		return 0;
	dev_dbg(imgu_dev(node->pipe->imgu), "%s: the link of this node or of the input is disabled\n",
		node->vdev.name);
	return -ENOLINK;
}

static int imgu_start_streaming(struct vb2_queue *vbq, unsigned int count)
{
	struct imgu_node *node = imgu_node_of(vbq);
	struct imgu_pipe *pipe = node->pipe;
	int ret = -ENODEV;

	if (pipe->gone)
		goto err_return;
	ret = video_device_pipeline_start(&node->vdev, &pipe->pipeline);
	if (ret)
		goto err_return;
	ret = imgu_check_links(node);
	if (ret)
		goto err_pipeline;
	ret = imgu_stream_start_node(node);
	if (ret)
		goto err_pipeline;
	__v4l2_ctrl_grab(pipe->mode, true);
	return 0;

err_pipeline:
	video_device_pipeline_stop(&node->vdev);
err_return:
	imgu_return_waiting(node, VB2_BUF_STATE_QUEUED);
	return ret;
}

static void imgu_stop_streaming(struct vb2_queue *vbq)
{
	struct imgu_node *node = imgu_node_of(vbq);
	struct imgu_pipe *pipe = node->pipe;

	imgu_stream_stop_node(node);
	imgu_return_waiting(node, VB2_BUF_STATE_ERROR);
	video_device_pipeline_stop(&node->vdev);
	if (!imgu_queue_any_streams(pipe))
		__v4l2_ctrl_grab(pipe->mode, false);
}

/**
 * imgu_queue_any_streams() - whether a node of a pipe streams
 * @pipe: The pipe.
 *
 * Meanwhile what its nodes share stays as it is: mode, rectangles and pads.
 *
 * Context: Process context, with &imgu_pipe.lock held.
 * Return: Whether one does, be it that it waits for the others.
 */
bool imgu_queue_any_streams(const struct imgu_pipe *pipe)
{
	unsigned int i;

	lockdep_assert_held(&pipe->lock);
	for (i = 0; i < IMGU_NODES; i++)
		if (pipe->nodes[i].streaming)
			return true;
	return false;
}

/**
 * imgu_queue_done() - give a buffer back to user space
 * @node: The node.
 * @buf: The buffer, in no list any more; it is no longer the driver's.
 * @state: %VB2_BUF_STATE_DONE or %VB2_BUF_STATE_ERROR.
 * @sequence: Number of the frame that it belongs to.
 * @timestamp: When the frame was done, nanoseconds of the monotonic clock.
 *
 * Context: Any.
 */
void imgu_queue_done(struct imgu_node *node, struct imgu_buffer *buf, enum vb2_buffer_state state,
		     u32 sequence, u64 timestamp)
{
	buf->vb.sequence = sequence;
	buf->vb.field = V4L2_FIELD_NONE;
	buf->vb.vb2_buf.timestamp = timestamp;
	vb2_buffer_done(&buf->vb.vb2_buf, state);
}

/* ---- ioctls ---- */

/**
 * imgu_queue_querycap() - VIDIOC_QUERYCAP of all nodes
 * @file: An open node.
 * @priv: Not used.
 * @cap: Filled in.
 *
 * Context: Process context.
 * Return: 0.
 */
int imgu_queue_querycap(struct file *file, void *priv, struct v4l2_capability *cap)
{
	strscpy(cap->driver, IMGU_NAME);
	strscpy(cap->card, IMGU_NAME);
	return 0;
}

/* ---- life ---- */

static const struct vb2_ops imgu_frame_ops = {
	.queue_setup = imgu_queue_setup,
	.buf_prepare = imgu_buf_prepare,
	.buf_finish = vb2_ipu_iommu_buf_finish,
	.buf_queue = imgu_buf_queue,
	.start_streaming = imgu_start_streaming,
	.stop_streaming = imgu_stop_streaming,
	IMGU_VB2_OPS_WAIT
};

static const struct vb2_ops imgu_params_ops = {
	.queue_setup = imgu_queue_setup,
	.buf_init = imgu_params_init,
	.buf_cleanup = imgu_params_cleanup,
	.buf_prepare = imgu_params_prepare,
	.buf_queue = imgu_buf_queue,
	.start_streaming = imgu_start_streaming,
	.stop_streaming = imgu_stop_streaming,
	IMGU_VB2_OPS_WAIT
};

/**
 * imgu_queue_init() - prepare a node's queue
 * @node: The node, with its kind and its format's type; its device has its memory backend.
 *
 * Context: Process context, probe.
 * Return: 0, or what videobuf2 said.
 */
int imgu_queue_init(struct imgu_node *node)
{
	struct vb2_queue *vbq = &node->vbq;

	INIT_LIST_HEAD(&node->waiting);
	vbq->type = node->format.type;
	vbq->io_modes = VB2_MMAP | VB2_USERPTR | VB2_DMABUF;
	vbq->drv_priv = node;
	vbq->buf_struct_size = sizeof(struct imgu_buffer);
	vbq->timestamp_flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
	vbq->lock = &node->pipe->lock;
	if (node->kind == IMGU_NODE_PARAMS) {
		vbq->ops = &imgu_params_ops;
		vbq->mem_ops = &vb2_vmalloc_memops;
	} else {
		vbq->dev = vb2_ipu_device_dma_dev(node->pipe->imgu->vid);
		vbq->ops = &imgu_frame_ops;
		vbq->mem_ops = &vb2_ipu_iommu_memops;
		vbq->allow_cache_hints = 1;
	}
	return vb2_queue_init(vbq);
}
