// SPDX-License-Identifier: GPL-2.0-only
/*
 * The receiver as a sub-device: "ipu3-csi2 N".
 */
#include <linux/minmax.h>
#include <linux/pci.h>
#include <media/v4l2-event.h>

#include "ipu3-cio2.h"

/* ---- events ---- */

static int cio2_subscribe_event(struct v4l2_subdev *subdev, struct v4l2_fh *fh,
				struct v4l2_event_subscription *subscription)
{
	if (subscription->type != V4L2_EVENT_FRAME_SYNC || subscription->id)
		return -EINVAL;
	return v4l2_event_subscribe(fh, subscription, 0, NULL);
}

/**
 * cio2_subdev_frame_sync() - tell user space that a frame has begun
 * @port: The port.
 * @sequence: The frame's number.
 *
 * Context: Any, hard interrupt included.
 */
void cio2_subdev_frame_sync(struct cio2_port *port, u32 sequence)
{
	const struct v4l2_event event = {
		.type = V4L2_EVENT_FRAME_SYNC,
		.u.frame_sync.frame_sequence = sequence,
	};

	if (port->subdev.devnode)
		v4l2_event_queue(port->subdev.devnode, &event);
}

/* ---- formats ---- */

static int cio2_init_state(struct v4l2_subdev *subdev, struct v4l2_subdev_state *state)
{
	const struct v4l2_mbus_framefmt format = {
		.width = CIO2_DEFAULT_WIDTH,
		.height = CIO2_DEFAULT_HEIGHT,
		.code = cio2_format_at(0)->mbus_code,
		.field = V4L2_FIELD_NONE,
		.colorspace = V4L2_COLORSPACE_RAW,
		.ycbcr_enc = V4L2_YCBCR_ENC_DEFAULT,
		.quantization = V4L2_QUANTIZATION_DEFAULT,
		.xfer_func = V4L2_XFER_FUNC_DEFAULT,
	};

	*v4l2_subdev_state_get_format(state, CIO2_PAD_SINK) = format;
	*v4l2_subdev_state_get_format(state, CIO2_PAD_SOURCE) = format;
	return 0;
}

static int cio2_set_fmt(struct v4l2_subdev *subdev, struct v4l2_subdev_state *state,
			struct v4l2_subdev_format *format)
{
	struct v4l2_mbus_framefmt *asked = &format->format;

	/* The source's format is the sink's. */
	if (format->pad == CIO2_PAD_SOURCE)
		return v4l2_subdev_get_fmt(subdev, state, format);
	if (format->which == V4L2_SUBDEV_FORMAT_ACTIVE &&
	    media_entity_is_streaming(&subdev->entity))
		return -EBUSY;
	if (!cio2_format_of_code(asked->code))
		asked->code = cio2_format_at(0)->mbus_code;
	asked->width = clamp(asked->width, 1U, CIO2_MAX_WIDTH);
	asked->height = clamp(asked->height, 1U, CIO2_MAX_HEIGHT);
	asked->field = V4L2_FIELD_NONE;
	*v4l2_subdev_state_get_format(state, CIO2_PAD_SINK) = *asked;
	*v4l2_subdev_state_get_format(state, CIO2_PAD_SOURCE) = *asked;
	return 0;
}

static int cio2_enum_mbus_code(struct v4l2_subdev *subdev, struct v4l2_subdev_state *state,
			       struct v4l2_subdev_mbus_code_enum *code)
{
	const struct cio2_format *format = cio2_format_at(code->index);

	if (!format)
		return -EINVAL;
	code->code = format->mbus_code;
	return 0;
}

/* The core says why to those only who have its debugging messages. */
static int cio2_link_validate(struct v4l2_subdev *subdev, struct media_link *link,
			      struct v4l2_subdev_format *sent, struct v4l2_subdev_format *received)
{
	struct cio2_port *port = container_of(subdev, struct cio2_port, subdev);
	int ret = v4l2_subdev_link_validate_default(subdev, link, sent, received);

	if (ret)
		dev_warn_ratelimited(cio2_dev(port),
				     "port %u: does not stream: \"%s\" is set to %ux%u code %#x, \"%s\" to %ux%u code %#x\n",
				     port->index, link->source->entity->name, sent->format.width,
				     sent->format.height, sent->format.code, subdev->name,
				     received->format.width, received->format.height,
				     received->format.code);
	return ret;
}

/**
 * cio2_subdev_format() - what a port receives
 * @port: The port.
 *
 * Context: Process context. Takes the lock of the sub-device's state.
 * Return: The format; %NULL for one that the receiver does not know.
 */
const struct cio2_format *cio2_subdev_format(struct cio2_port *port)
{
	struct v4l2_subdev_state *state = v4l2_subdev_lock_and_get_active_state(&port->subdev);
	u32 code = v4l2_subdev_state_get_format(state, CIO2_PAD_SINK)->code;

	v4l2_subdev_unlock_state(state);
	return cio2_format_of_code(code);
}

/* ---- life ---- */

static const struct v4l2_subdev_core_ops cio2_core_ops = {
	.subscribe_event = cio2_subscribe_event,
	.unsubscribe_event = v4l2_event_subdev_unsubscribe,
};

static const struct v4l2_subdev_pad_ops cio2_pad_ops = {
	.link_validate = cio2_link_validate,
	.get_fmt = v4l2_subdev_get_fmt,
	.set_fmt = cio2_set_fmt,
	.enum_mbus_code = cio2_enum_mbus_code,
};

static const struct v4l2_subdev_ops cio2_subdev_ops = {
	.core = &cio2_core_ops,
	.pad = &cio2_pad_ops,
};

static const struct v4l2_subdev_internal_ops cio2_internal_ops = {
	.init_state = cio2_init_state,
};

static const struct media_entity_operations cio2_entity_ops = {
	.link_validate = v4l2_subdev_link_validate,
};

/**
 * cio2_subdev_init() - prepare a port's sub-device
 * @port: The port.
 *
 * Context: Process context, probe.
 * Return: 0, or what the media or the V4L2 core said.
 */
int cio2_subdev_init(struct cio2_port *port)
{
	struct v4l2_subdev *subdev = &port->subdev;
	int ret;

	v4l2_subdev_init(subdev, &cio2_subdev_ops);
	subdev->internal_ops = &cio2_internal_ops;
	subdev->flags = V4L2_SUBDEV_FL_HAS_DEVNODE | V4L2_SUBDEV_FL_HAS_EVENTS;
	subdev->owner = THIS_MODULE;
	subdev->dev = cio2_dev(port);
	snprintf(subdev->name, sizeof(subdev->name), "ipu3-csi2 %u", port->index);
	subdev->entity.function = MEDIA_ENT_F_VID_IF_BRIDGE;
	subdev->entity.ops = &cio2_entity_ops;
	port->subdev_pads[CIO2_PAD_SINK].flags = MEDIA_PAD_FL_SINK | MEDIA_PAD_FL_MUST_CONNECT;
	port->subdev_pads[CIO2_PAD_SOURCE].flags = MEDIA_PAD_FL_SOURCE;
	ret = media_entity_pads_init(&subdev->entity, CIO2_PADS, port->subdev_pads);
	if (ret)
		return ret;
	ret = v4l2_subdev_init_finalize(subdev);
	if (ret)
		media_entity_cleanup(&subdev->entity);
	return ret;
}
