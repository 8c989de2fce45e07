// SPDX-License-Identifier: GPL-2.0-only
/*
 * A port's video node: "ipu3-cio2 N".
 */
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <media/v4l2-ioctl.h>
#include <media/vb2-ipu-iommu.h>

#include "compat.h"
#include "ipu3-cio2.h"

static struct cio2_buffer *cio2_buffer_of(struct vb2_buffer *vb)
{
	return container_of(to_vb2_v4l2_buffer(vb), struct cio2_buffer, vb);
}

static struct cio2_port *cio2_port_of(struct vb2_buffer *vb)
{
	return vb2_get_drv_priv(vb->vb2_queue);
}

/* ---- the queue's operations ---- */

static int cio2_queue_setup(struct vb2_queue *queue, unsigned int *num_buffers,
			    unsigned int *num_planes, unsigned int sizes[],
			    struct device *alloc_devs[])
{
	struct cio2_port *port = vb2_get_drv_priv(queue);
	u32 needed = port->format.plane_fmt[0].sizeimage;

	if (port->gone)
		return -ENODEV;
	if (*num_planes) {
		/* VIDIOC_CREATE_BUFS: before memory is taken for what the DMA has no lists for. */
		if (*num_planes != 1 || sizes[0] < needed ||
		    sizes[0] > CIO2_MAX_PAGES * CIO2_PAGE_SIZE)
			return -EINVAL;
		return 0;
	}
	*num_planes = 1;
	sizes[0] = needed;
	return 0;
}

static int cio2_buf_init(struct vb2_buffer *vb)
{
	return cio2_lop_make(cio2_port_of(vb)->cio2, cio2_buffer_of(vb));
}

static void cio2_buf_cleanup(struct vb2_buffer *vb)
{
	cio2_lop_free(cio2_buffer_of(vb));
}

static int cio2_buf_prepare(struct vb2_buffer *vb)
{
	u32 needed = cio2_port_of(vb)->format.plane_fmt[0].sizeimage;

	if (vb2_plane_size(vb, 0) < needed)
		return -EINVAL;
	vb2_set_plane_payload(vb, 0, needed);
	return 0;
}

static void cio2_buf_queue(struct vb2_buffer *vb)
{
	cio2_dma_queue(cio2_port_of(vb), cio2_buffer_of(vb));
}

static int cio2_sensor_stream(struct cio2_port *port, bool enable)
{
	int ret;

	if (!port->sensor)
		return enable ? -ENODEV : 0;
	ret = v4l2_subdev_call(port->sensor, video, s_stream, enable);
	if (ret && !enable)
		dev_warn(cio2_dev(port), "port %u: the sensor does not stop: %d\n", port->index,
			 ret);
	return ret;
}

static int cio2_start(struct cio2_port *port)
{
	int ret;

	ret = cio2_hw_start(port);
	if (ret)
		return ret;
	ret = cio2_sensor_stream(port, true);
	if (ret)
		cio2_hw_stop(port);
	else
		port->on = true;
	return ret;
}

/* Nothing is on where a stream did not go on after a system sleep. */
static void cio2_stop(struct cio2_port *port)
{
	if (!port->on)
		return;
	port->on = false;
	cio2_sensor_stream(port, false);
	cio2_hw_stop(port);
}

static void cio2_pipeline_stop(struct cio2_port *port)
{
	if (port->piped)
		video_device_pipeline_stop(&port->vdev);
	port->piped = false;
}

static int cio2_start_streaming(struct vb2_queue *queue, unsigned int count)
{
	struct cio2_port *port = vb2_get_drv_priv(queue);
	struct device *dev = cio2_dev(port);
	int ret = -ENODEV;

	if (port->gone)
		goto err_return;
	/* One that is about to go may still be linked. */
	if (!port->sensor) {
		dev_warn_ratelimited(dev, "port %u: does not stream: there is no sensor\n",
				     port->index);
		ret = -ENOLINK;
		goto err_return;
	}
	ret = pm_runtime_resume_and_get(dev);
	if (ret)
		goto err_return;
	ret = video_device_pipeline_start(&port->vdev, &port->pipe);
	if (ret == -ENOLINK)
		dev_warn_ratelimited(dev, "port %u: does not stream: the link from %s is off\n",
				     port->index, port->sensor->name);
	if (ret)
		goto err_power;
	port->piped = true;
	/* Both, for a start that fails before the channel is on must find an empty ring. */
	port->head = 0;
	port->tail = 0;
	port->logged = 0;
	ret = cio2_start(port);
	if (ret)
		goto err_pipeline;
	return 0;

err_pipeline:
	cio2_pipeline_stop(port);
err_power:
	pm_runtime_put(dev);
err_return:
	cio2_dma_return_all(port, VB2_BUF_STATE_QUEUED);
	return ret;
}

static void cio2_stop_streaming(struct vb2_queue *queue)
{
	struct cio2_port *port = vb2_get_drv_priv(queue);

	cio2_stop(port);
	cio2_dma_return_all(port, VB2_BUF_STATE_ERROR);
	cio2_pipeline_stop(port);
	pm_runtime_put(cio2_dev(port));
}

static const struct vb2_ops cio2_queue_ops = {
	.queue_setup = cio2_queue_setup,
	.buf_init = cio2_buf_init,
	.buf_cleanup = cio2_buf_cleanup,
	.buf_prepare = cio2_buf_prepare,
	.buf_finish = vb2_ipu_iommu_buf_finish,
	.buf_queue = cio2_buf_queue,
	.start_streaming = cio2_start_streaming,
	.stop_streaming = cio2_stop_streaming,
	CIO2_VB2_OPS_WAIT
};

/* ---- interruptions ---- */

/**
 * cio2_video_cut() - the sensor is about to go
 * @port: The port.
 *
 * A stream ends: the media core would go on to look at the sensor's pads. Who waits for a buffer
 * gets an error; the buffers come back when streaming is stopped.
 *
 * Context: Process context. Takes &cio2_port.lock.
 */
void cio2_video_cut(struct cio2_port *port)
{
	mutex_lock(&port->lock);
	cio2_dma_break(port, "the sensor has gone");
	cio2_stop(port);
	cio2_pipeline_stop(port);
	port->sensor = NULL;
	port->complete = false;
	mutex_unlock(&port->lock);
}

/**
 * cio2_video_pause() - stop a stream, to go on later
 * @port: The port.
 *
 * The buffers stay the driver's. Nothing is done without a stream.
 *
 * Context: Process context, system suspend; no ioctl is under way.
 */
void cio2_video_pause(struct cio2_port *port)
{
	if (!port->on)
		return;
	cio2_stop(port);
	cio2_dma_take_back(port);
}

/**
 * cio2_video_go_on() - start a stream again
 * @port: The port.
 *
 * Who waits for a buffer of a stream that does not start gets an error. One that was given up
 * before stays off: its reader is told, and must start it anew.
 *
 * Context: Process context, system resume; the device has power, and its channel is off.
 */
void cio2_video_go_on(struct cio2_port *port)
{
	int ret;

	if (!vb2_start_streaming_called(&port->queue) || port->broken)
		return;
	ret = cio2_start(port);
	if (ret) {
		dev_err(cio2_dev(port), "port %u: does not go on after sleep: %d\n", port->index,
			ret);
		vb2_queue_error(&port->queue);
	}
}

/* ---- ioctls ---- */

static int cio2_querycap(struct file *file, void *priv, struct v4l2_capability *cap)
{
	strscpy(cap->driver, CIO2_NAME);
	strscpy(cap->card, CIO2_MODEL);
	return 0;
}

static int cio2_enum_fmt(struct file *file, void *priv, struct v4l2_fmtdesc *desc)
{
	const struct cio2_format *format = cio2_format_at(desc->index);

	if (!format)
		return -EINVAL;
	desc->pixelformat = format->fourcc;
	return 0;
}

static int cio2_g_fmt(struct file *file, void *priv, struct v4l2_format *format)
{
	struct cio2_port *port = video_drvdata(file);

	format->fmt.pix_mp = port->format;
	return 0;
}

static int cio2_try_fmt(struct file *file, void *priv, struct v4l2_format *format)
{
	cio2_format_adjust(&format->fmt.pix_mp);
	return 0;
}

static int cio2_s_fmt(struct file *file, void *priv, struct v4l2_format *format)
{
	struct cio2_port *port = video_drvdata(file);

	if (vb2_is_busy(&port->queue))
		return -EBUSY;
	cio2_format_adjust(&format->fmt.pix_mp);
	port->format = format->fmt.pix_mp;
	return 0;
}

static int cio2_enum_input(struct file *file, void *priv, struct v4l2_input *input)
{
	if (input->index)
		return -EINVAL;
	input->type = V4L2_INPUT_TYPE_CAMERA;
	strscpy(input->name, "camera");
	return 0;
}

static int cio2_g_input(struct file *file, void *priv, unsigned int *index)
{
	*index = 0;
	return 0;
}

static int cio2_s_input(struct file *file, void *priv, unsigned int index)
{
	return index ? -EINVAL : 0;
}

static const struct v4l2_ioctl_ops cio2_ioctl_ops = {
	.vidioc_querycap = cio2_querycap,
	.vidioc_enum_fmt_vid_cap = cio2_enum_fmt,
	.vidioc_g_fmt_vid_cap_mplane = cio2_g_fmt,
	.vidioc_try_fmt_vid_cap_mplane = cio2_try_fmt,
	.vidioc_s_fmt_vid_cap_mplane = cio2_s_fmt,
	.vidioc_enum_input = cio2_enum_input,
	.vidioc_g_input = cio2_g_input,
	.vidioc_s_input = cio2_s_input,
	.vidioc_reqbufs = vb2_ioctl_reqbufs,
	.vidioc_create_bufs = vb2_ioctl_create_bufs,
	.vidioc_prepare_buf = vb2_ioctl_prepare_buf,
	.vidioc_querybuf = vb2_ioctl_querybuf,
	.vidioc_qbuf = vb2_ioctl_qbuf,
	.vidioc_dqbuf = vb2_ioctl_dqbuf,
	.vidioc_expbuf = vb2_ioctl_expbuf,
	.vidioc_streamon = vb2_ioctl_streamon,
	.vidioc_streamoff = vb2_ioctl_streamoff,
};

static const struct v4l2_file_operations cio2_fops = {
	.owner = THIS_MODULE,
	.open = v4l2_fh_open,
	.release = vb2_fop_release,
	.unlocked_ioctl = video_ioctl2,
	.poll = vb2_fop_poll,
	.mmap = vb2_fop_mmap,
};

/* ---- the link to the receiver ---- */

static int cio2_link_validate(struct media_link *link)
{
	struct video_device *vdev = media_entity_to_video_device(link->sink->entity);
	struct cio2_port *port = video_get_drvdata(vdev);
	struct v4l2_subdev_format received = {
		.which = V4L2_SUBDEV_FORMAT_ACTIVE,
		.pad = link->source->index,
	};
	const struct v4l2_pix_format_mplane *pix = &port->format;
	int ret;

	ret = v4l2_subdev_call_state_active(&port->subdev, pad, get_fmt, &received);
	if (ret)
		return ret;
	if (received.format.width == pix->width && received.format.height == pix->height &&
	    received.format.code == cio2_format_of_fourcc(pix->pixelformat)->mbus_code)
		return 0;
	dev_warn_ratelimited(cio2_dev(port),
			     "port %u: does not stream: \"%s\" is set to %ux%u code %#x, \"%s\" to %ux%u %p4cc\n",
			     port->index, port->subdev.name, received.format.width,
			     received.format.height, received.format.code, vdev->name, pix->width,
			     pix->height, &pix->pixelformat);
	return -EPIPE;
}

static const struct media_entity_operations cio2_entity_ops = {
	.link_validate = cio2_link_validate,
};

/* ---- life ---- */

static int cio2_queue_init(struct cio2_port *port)
{
	struct vb2_queue *queue = &port->queue;

	queue->type = V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;
	queue->io_modes = VB2_MMAP | VB2_USERPTR | VB2_DMABUF;
	queue->dev = vb2_ipu_device_dma_dev(port->cio2->vid);
	queue->drv_priv = port;
	queue->buf_struct_size = sizeof(struct cio2_buffer);
	queue->ops = &cio2_queue_ops;
	queue->mem_ops = &vb2_ipu_iommu_memops;
	queue->timestamp_flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
	queue->min_queued_buffers = 1;
	/* With fewer than three a frame is lost each time, see dma.c; one more is for a viewer. */
	queue->min_reqbufs_allocation = 4;
	queue->allow_cache_hints = 1;
	queue->lock = &port->lock;
	return vb2_queue_init(queue);
}

/**
 * cio2_video_init() - prepare a port's video node
 * @port: The port, with its locks; its device has its memory backend.
 *
 * Context: Process context, probe.
 * Return: 0, or what the media core or videobuf2 said.
 */
int cio2_video_init(struct cio2_port *port)
{
	struct video_device *vdev = &port->vdev;
	int ret;

	port->format.width = CIO2_DEFAULT_WIDTH;
	port->format.height = CIO2_DEFAULT_HEIGHT;
	cio2_format_adjust(&port->format);

	port->vdev_pad.flags = MEDIA_PAD_FL_SINK | MEDIA_PAD_FL_MUST_CONNECT;
	vdev->entity.ops = &cio2_entity_ops;
	ret = media_entity_pads_init(&vdev->entity, 1, &port->vdev_pad);
	if (ret)
		return ret;
	ret = cio2_queue_init(port);
	if (ret)
		return ret;
	snprintf(vdev->name, sizeof(vdev->name), CIO2_NAME " %u", port->index);
	vdev->fops = &cio2_fops;
	vdev->ioctl_ops = &cio2_ioctl_ops;
	vdev->device_caps = V4L2_CAP_VIDEO_CAPTURE_MPLANE | V4L2_CAP_STREAMING;
	vdev->v4l2_dev = &port->cio2->v4l2_dev;
	vdev->queue = &port->queue;
	vdev->lock = &port->lock;
	vdev->release = video_device_release_empty;
	video_set_drvdata(vdev, port);
	return 0;
}

/**
 * cio2_video_register() - show a port's video node to user space
 * @port: The port; its receiver is registered.
 *
 * Context: Process context, probe.
 * Return: 0, or what the V4L2 or the media core said; cio2_video_unregister() is to be called in
 * any case.
 */
int cio2_video_register(struct cio2_port *port)
{
	int ret = video_register_device(&port->vdev, VFL_TYPE_VIDEO, -1);

	if (ret)
		return ret;
	return media_create_pad_link(&port->subdev.entity, CIO2_PAD_SOURCE, &port->vdev.entity, 0,
				     MEDIA_LNK_FL_ENABLED | MEDIA_LNK_FL_IMMUTABLE);
}

/**
 * cio2_video_unregister() - end a port's video node, whatever it is doing
 * @port: The port; nothing is done if its node was not registered.
 *
 * Context: Process context, remove. When it returns, the port's DMA has ended and its buffers are
 * freed; files may still be open.
 */
void cio2_video_unregister(struct cio2_port *port)
{
	mutex_lock(&port->lock);
	port->gone = true;
	mutex_unlock(&port->lock);
	vb2_video_unregister_device(&port->vdev);
}
