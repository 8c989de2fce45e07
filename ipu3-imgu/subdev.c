// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pipe as a sub-device: "ipu3-imgu N".
 *
 * What its pads and rectangles mean is what the staging driver's programs expect: pad 0's format is
 * the size after geometric correction, its crop rectangle is what is used of the input, its compose
 * rectangle the size after the Bayer scaler. Formats of the other pads are kept and have no effect.
 * Any size is taken, for sizes come one at a time: whether they go together is judged when the pipe
 * starts.
 */
#include <linux/media-bus-format.h>
#include <linux/pci.h>
#include <media/v4l2-common.h>
#include <media/v4l2-event.h>

#include "compat.h"
#include "ipu3-imgu.h"

static struct imgu_pipe *imgu_pipe_of(struct v4l2_subdev *subdev)
{
	return container_of(subdev, struct imgu_pipe, subdev);
}

static bool imgu_is_active_and_busy(struct imgu_pipe *pipe, u32 which)
{
	return which == V4L2_SUBDEV_FORMAT_ACTIVE && imgu_queue_any_streams(pipe);
}

/* ---- formats ---- */

static int imgu_init_state(struct v4l2_subdev *subdev, struct v4l2_subdev_state *state)
{
	struct imgu_pipe *pipe = imgu_pipe_of(subdev);
	const struct v4l2_pix_format_mplane *in = &pipe->nodes[IMGU_NODE_IN].format.fmt.pix_mp;
	const struct v4l2_rect whole = { .width = in->width, .height = in->height };
	unsigned int pad;

	for (pad = 0; pad < IMGU_NODES; pad++)
		*v4l2_subdev_state_get_format(state, pad) = (struct v4l2_mbus_framefmt){
			.width = whole.width,
			.height = whole.height,
			.code = MEDIA_BUS_FMT_FIXED,
			.field = V4L2_FIELD_NONE,
			.colorspace = V4L2_COLORSPACE_RAW,
		};
	*v4l2_subdev_state_get_crop(state, IMGU_NODE_IN) = whole;
	*v4l2_subdev_state_get_compose(state, IMGU_NODE_IN) = whole;
	return 0;
}

/* Nothing depends on these; programs read back what they set. */
static void imgu_adjust_colours(struct v4l2_mbus_framefmt *format)
{
	if (format->colorspace >= V4L2_COLORSPACE_LAST)
		format->colorspace = V4L2_COLORSPACE_RAW;
	if (!v4l2_is_ycbcr_enc_valid(format->ycbcr_enc))
		format->ycbcr_enc = V4L2_YCBCR_ENC_DEFAULT;
	if (!v4l2_is_quant_valid(format->quantization))
		format->quantization = V4L2_QUANTIZATION_DEFAULT;
	if (!v4l2_is_xfer_func_valid(format->xfer_func))
		format->xfer_func = V4L2_XFER_FUNC_DEFAULT;
}

static bool imgu_is_source(struct imgu_pipe *pipe, u32 pad)
{
	return pipe->pads[pad].flags & MEDIA_PAD_FL_SOURCE;
}

static int imgu_set_fmt(struct v4l2_subdev *subdev, struct v4l2_subdev_state *state,
			struct v4l2_subdev_format *format)
{
	struct imgu_pipe *pipe = imgu_pipe_of(subdev);
	struct v4l2_mbus_framefmt *asked = &format->format;
	struct imgu_size size = { .width = asked->width, .height = asked->height };

	if (imgu_is_active_and_busy(pipe, format->which))
		return -EBUSY;
	size = imgu_geometry_adjust_pad(imgu_is_source(pipe, format->pad), size);
	asked->width = size.width;
	asked->height = size.height;
	asked->code = MEDIA_BUS_FMT_FIXED;
	asked->field = V4L2_FIELD_NONE;
	asked->flags = 0;
	imgu_adjust_colours(asked);
	*v4l2_subdev_state_get_format(state, format->pad) = *asked;
	return 0;
}

static int imgu_enum_mbus_code(struct v4l2_subdev *subdev, struct v4l2_subdev_state *state,
			       struct v4l2_subdev_mbus_code_enum *code)
{
	if (code->index)
		return -EINVAL;
	code->code = MEDIA_BUS_FMT_FIXED;
	return 0;
}

static int imgu_enum_frame_size(struct v4l2_subdev *subdev, struct v4l2_subdev_state *state,
				struct v4l2_subdev_frame_size_enum *sizes)
{
	const bool source = imgu_is_source(imgu_pipe_of(subdev), sizes->pad);
	const struct imgu_size nothing = { 0, 0 }, everything = { U32_MAX, U32_MAX };
	const struct imgu_size least = imgu_geometry_adjust_pad(source, nothing);
	const struct imgu_size most = imgu_geometry_adjust_pad(source, everything);

	if (sizes->index || sizes->code != MEDIA_BUS_FMT_FIXED)
		return -EINVAL;
	/* A sink takes 0 as well, which says "the main picture's size" and is none of its own. */
	sizes->min_width = max(least.width, 1U);
	sizes->min_height = max(least.height, 1U);
	sizes->max_width = most.width;
	sizes->max_height = most.height;
	return 0;
}

/* ---- rectangles ---- */

static struct v4l2_rect *imgu_rectangle(struct v4l2_subdev_state *state, u32 target)
{
	switch (target) {
	case V4L2_SEL_TGT_CROP:
		return v4l2_subdev_state_get_crop(state, IMGU_NODE_IN);
	case V4L2_SEL_TGT_COMPOSE:
		return v4l2_subdev_state_get_compose(state, IMGU_NODE_IN);
	default:
		return NULL;
	}
}

static int imgu_get_selection(struct v4l2_subdev *subdev, struct v4l2_subdev_state *state,
			      struct v4l2_subdev_selection *selection)
{
	struct imgu_pipe *pipe = imgu_pipe_of(subdev);
	const struct v4l2_pix_format_mplane *in = &pipe->nodes[IMGU_NODE_IN].format.fmt.pix_mp;
	struct v4l2_rect crop;

	if (selection->pad != IMGU_NODE_IN)
		return -EINVAL;
	crop = *imgu_rectangle(state, V4L2_SEL_TGT_CROP);
	/* An empty one stands for all of the input. */
	if (!crop.width || !crop.height)
		crop = (struct v4l2_rect){ 0, 0, in->width, in->height };
	switch (selection->target) {
	case V4L2_SEL_TGT_CROP:
	case V4L2_SEL_TGT_COMPOSE:
		selection->r = *imgu_rectangle(state, selection->target);
		return 0;
	case V4L2_SEL_TGT_CROP_DEFAULT:
		selection->r = (struct v4l2_rect){ 0, 0, in->width, in->height };
		return 0;
	case V4L2_SEL_TGT_CROP_BOUNDS:
		selection->r = (struct v4l2_rect){ 0, 0, in->width, in->height + IMGU_CROP_BEYOND };
		return 0;
	case V4L2_SEL_TGT_COMPOSE_DEFAULT:
	case V4L2_SEL_TGT_COMPOSE_BOUNDS:
		selection->r = (struct v4l2_rect){ 0, 0, crop.width, crop.height };
		return 0;
	default:
		return -EINVAL;
	}
}

/*
 * Both are sizes and no places: what is used of the input lies in its middle. They are not limited
 * by the bounds, for the input's format may well be set after them.
 */
static int imgu_set_selection(struct v4l2_subdev *subdev, struct v4l2_subdev_state *state,
			      struct v4l2_subdev_selection *selection)
{
	struct v4l2_rect *rectangle;

	if (selection->pad != IMGU_NODE_IN)
		return -EINVAL;
	rectangle = imgu_rectangle(state, selection->target);
	if (!rectangle)
		return -EINVAL;
	if (imgu_is_active_and_busy(imgu_pipe_of(subdev), selection->which))
		return -EBUSY;
	selection->r.left = 0;
	selection->r.top = 0;
	*rectangle = selection->r;
	return 0;
}

/* ---- what others want to know ---- */

static struct imgu_size imgu_format_size(const struct imgu_node *node)
{
	return (struct imgu_size){
		.width = node->format.fmt.pix_mp.width,
		.height = node->format.fmt.pix_mp.height,
	};
}

static struct imgu_size imgu_rectangle_size(const struct v4l2_rect *rectangle)
{
	return (struct imgu_size){ .width = rectangle->width, .height = rectangle->height };
}

/**
 * imgu_subdev_geometry() - all sizes of a pipe
 * @pipe: The pipe.
 * @g: Set to what its nodes' formats and the sub-device's active state say, made complete by
 *	imgu_geometry_complete(), not judged.
 *
 * Context: Process context, with &imgu_pipe.lock held. Whether there is a viewfinder is certain
 * only while a node of the pipe streams, for links cannot be changed then.
 */
void imgu_subdev_geometry(struct imgu_pipe *pipe, struct imgu_geometry *g)
{
	struct v4l2_subdev_state *state = v4l2_subdev_get_locked_active_state(&pipe->subdev);
	const struct v4l2_mbus_framefmt *gdc = v4l2_subdev_state_get_format(state, IMGU_NODE_IN);

	*g = (struct imgu_geometry){
		.in = imgu_format_size(&pipe->nodes[IMGU_NODE_IN]),
		.bayer = imgu_image_bayer(&pipe->nodes[IMGU_NODE_IN]),
		.crop = imgu_rectangle_size(imgu_rectangle(state, V4L2_SEL_TGT_CROP)),
		.bds = imgu_rectangle_size(imgu_rectangle(state, V4L2_SEL_TGT_COMPOSE)),
		.gdc = { .width = gdc->width, .height = gdc->height },
		.out = imgu_format_size(&pipe->nodes[IMGU_NODE_OUT]),
		.vf = imgu_format_size(&pipe->nodes[IMGU_NODE_VF]),
		.vf_enabled = pipe->nodes[IMGU_NODE_VF].linked,
	};
	imgu_geometry_complete(g);
}

/**
 * imgu_subdev_settle() - make a pipe's rectangles those that are possible
 * @pipe: The pipe, of whose nodes one has got a format.
 *
 * They read back as they were set before, and aligned from here on, as the staging driver has it.
 *
 * Context: Process context, with &imgu_pipe.lock held.
 */
void imgu_subdev_settle(struct imgu_pipe *pipe)
{
	struct v4l2_subdev_state *state = v4l2_subdev_get_locked_active_state(&pipe->subdev);
	struct imgu_geometry g;

	imgu_subdev_geometry(pipe, &g);
	*imgu_rectangle(state, V4L2_SEL_TGT_CROP) = (struct v4l2_rect){
		.width = g.crop.width,
		.height = g.crop.height,
	};
	*imgu_rectangle(state, V4L2_SEL_TGT_COMPOSE) = (struct v4l2_rect){
		.width = g.bds.width,
		.height = g.bds.height,
	};
}

/**
 * imgu_subdev_mode() - what a pipe's program is to be made for
 * @pipe: The pipe.
 *
 * Context: Process context, with &imgu_pipe.lock held.
 * Return: %IMGU_MODE_VIDEO or %IMGU_MODE_STILL.
 */
u32 imgu_subdev_mode(struct imgu_pipe *pipe)
{
	lockdep_assert_held(&pipe->lock);
	return pipe->mode->cur.val ? IMGU_MODE_STILL : IMGU_MODE_VIDEO;
}

/* ---- life ---- */

/* Without power nothing depends on the mode; it is looked at when the pipe starts. */
static const char * const imgu_modes[] = {
	"Video mode",
	"Still mode",
};

static const struct v4l2_ctrl_config imgu_mode_control = {
	.id = V4L2_CID_INTEL_IPU3_MODE,
	.name = "IPU3 Pipe Mode",
	.type = V4L2_CTRL_TYPE_MENU,
	.max = ARRAY_SIZE(imgu_modes) - 1,
	.qmenu = imgu_modes,
};

static const struct v4l2_subdev_core_ops imgu_core_ops = {
	.subscribe_event = v4l2_ctrl_subdev_subscribe_event,
	.unsubscribe_event = v4l2_event_subdev_unsubscribe,
};

static const struct v4l2_subdev_pad_ops imgu_pad_ops = {
	.get_fmt = v4l2_subdev_get_fmt,
	.set_fmt = imgu_set_fmt,
	.enum_mbus_code = imgu_enum_mbus_code,
	.enum_frame_size = imgu_enum_frame_size,
	.get_selection = imgu_get_selection,
	.set_selection = imgu_set_selection,
};

static const struct v4l2_subdev_ops imgu_subdev_ops = {
	.core = &imgu_core_ops,
	.pad = &imgu_pad_ops,
};

static const struct v4l2_subdev_internal_ops imgu_internal_ops = {
	.init_state = imgu_init_state,
};

/*
 * The media core calls it within its graph mutex, in which no lock of the driver's may be taken,
 * and refuses to while a node of the pipe streams.
 */
static int imgu_link_setup(struct media_entity *entity, const struct media_pad *local,
			   const struct media_pad *remote, u32 flags)
{
	struct imgu_pipe *pipe = imgu_pipe_of(media_entity_to_v4l2_subdev(entity));

	pipe->nodes[local->index].linked = flags & MEDIA_LNK_FL_ENABLED;
	return 0;
}

/*
 * No link_validate: it would be called when the first node begins to stream, and formats of others
 * may follow. stream.c judges all sizes together when the last one begins to.
 */
static const struct media_entity_operations imgu_entity_ops = {
	.link_setup = imgu_link_setup,
};

static int imgu_controls_init(struct imgu_pipe *pipe)
{
	int ret = v4l2_ctrl_handler_init(&pipe->controls, 1);

	if (ret)
		return ret;
	pipe->controls.lock = &pipe->lock;
	pipe->mode = v4l2_ctrl_new_custom(&pipe->controls, &imgu_mode_control, NULL);
	ret = pipe->controls.error;
	if (ret)
		v4l2_ctrl_handler_free(&pipe->controls);
	return ret;
}

/**
 * imgu_subdev_init() - prepare a pipe's sub-device
 * @pipe: The pipe, whose nodes have their formats.
 *
 * Context: Process context, probe.
 * Return: 0, or what the media or the V4L2 core said; then there is nothing to clean up.
 */
int imgu_subdev_init(struct imgu_pipe *pipe)
{
	struct v4l2_subdev *subdev = &pipe->subdev;
	unsigned int pad;
	int ret;

	v4l2_subdev_init(subdev, &imgu_subdev_ops);
	subdev->internal_ops = &imgu_internal_ops;
	subdev->flags = V4L2_SUBDEV_FL_HAS_DEVNODE | V4L2_SUBDEV_FL_HAS_EVENTS;
	subdev->owner = THIS_MODULE;
	subdev->dev = imgu_dev(pipe->imgu);
	subdev->state_lock = &pipe->lock;
	snprintf(subdev->name, sizeof(subdev->name), IMGU_NAME " %u", pipe->number);
	subdev->entity.function = MEDIA_ENT_F_PROC_VIDEO_STATISTICS;
	subdev->entity.ops = &imgu_entity_ops;
	for (pad = 0; pad < IMGU_NODES; pad++)
		pipe->pads[pad].flags = pipe->nodes[pad].pad.flags & MEDIA_PAD_FL_SOURCE ?
						MEDIA_PAD_FL_SINK : MEDIA_PAD_FL_SOURCE;
	ret = media_entity_pads_init(&subdev->entity, IMGU_NODES, pipe->pads);
	if (ret)
		return ret;
	ret = imgu_controls_init(pipe);
	if (ret)
		goto err_entity;
	subdev->ctrl_handler = &pipe->controls;
	ret = v4l2_subdev_init_finalize(subdev);
	if (ret)
		goto err_controls;
	return 0;

err_controls:
	v4l2_ctrl_handler_free(&pipe->controls);
err_entity:
	media_entity_cleanup(&subdev->entity);
	return ret;
}

/**
 * imgu_subdev_cleanup() - undo imgu_subdev_init()
 * @pipe: The pipe. Its sub-device is not registered, and nobody has it open.
 *
 * Context: Process context.
 */
void imgu_subdev_cleanup(struct imgu_pipe *pipe)
{
	v4l2_subdev_cleanup(&pipe->subdev);
	v4l2_ctrl_handler_free(&pipe->controls);
	media_entity_cleanup(&pipe->subdev.entity);
}
