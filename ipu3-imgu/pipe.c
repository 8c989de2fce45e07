// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frame sets: what the firmware gets for a frame, and gives back.
 *
 * The input decides: for each of its buffers there is a set, with the next parameters, and with the
 * next buffer of each other node that is linked, or with a sink. The firmware has two sets at most,
 * and gets new ones only when it has none: so the kernel's staging driver does it, and that is all
 * that has been seen on silicon. A set is given as a whole, its input last, for that begins the
 * frame.
 */
#include <linux/ktime.h>
#include <linux/pci.h>
#include <media/vb2-ipu-iommu.h>

#include "run.h"
#include "trace.h"

/* In this order, but for the parameters, which come before the input. */
static const enum imgu_node_kind imgu_pipe_order[] = {
	IMGU_NODE_STATS, IMGU_NODE_VF, IMGU_NODE_OUT, IMGU_NODE_PARAMS, IMGU_NODE_IN,
};

static const enum imgu_queue imgu_pipe_queue[IMGU_NODES] = {
	[IMGU_NODE_IN] = IMGU_QUEUE_IN,
	[IMGU_NODE_PARAMS] = IMGU_QUEUE_PARAMS,
	[IMGU_NODE_OUT] = IMGU_QUEUE_OUT,
	[IMGU_NODE_VF] = IMGU_QUEUE_VF,
	[IMGU_NODE_STATS] = IMGU_QUEUE_STATS,
};

/* ---- to the firmware ---- */

static struct imgu_block *imgu_pipe_descriptor(struct imgu_run *run, unsigned int entry,
					       enum imgu_node_kind kind)
{
	return &run->shared_block[IMGU_SHARED_DESCRIPTOR + entry * IMGU_NODES + kind];
}

static void imgu_pipe_describe(struct imgu_run *run, struct imgu_block *block,
			       enum imgu_node_kind kind, u32 address)
{
	struct imgu_descriptor *descriptor = block->vaddr;

	memset(descriptor, 0, sizeof(*descriptor));
	if (kind == IMGU_NODE_STATS) {
		descriptor->stats.table = address;
		descriptor->stats.data = address;
	} else {
		descriptor->frame.address = address;
	}
	if (kind == IMGU_NODE_OUT)
		descriptor->frame.padded_width = run->geometry.out_stride;
	if (kind == IMGU_NODE_VF)
		descriptor->frame.padded_width = run->geometry.vf_stride;
	imgu_blocks_sync(&run->shared, block, 0, sizeof(*descriptor));
}

static struct imgu_buffer *imgu_pipe_next(struct imgu_run *run, enum imgu_node_kind kind)
{
	struct imgu_buffer *buf;

	buf = list_first_entry_or_null(&run->pipe->nodes[kind].waiting, struct imgu_buffer, list);
	if (buf)
		list_del_init(&buf->list);
	return buf;
}

static int imgu_pipe_put(struct imgu_run *run, enum imgu_node_kind kind, u32 address)
{
	struct imgu_device *imgu = imgu_run_device(run);
	unsigned int pipe = run->pipe->number;
	int ret;

	ret = imgu_dmem_put(imgu, pipe, imgu_pipe_queue[kind], address);
	if (ret)
		return ret;
	return imgu_dmem_put(imgu, pipe, IMGU_QUEUE_EVENT,
			     imgu_event_queued(pipe, imgu_pipe_queue[kind]));
}

static int imgu_pipe_give(struct imgu_run *run, struct imgu_frame_set *frame,
			  enum imgu_node_kind kind)
{
	struct imgu_block *block = imgu_pipe_descriptor(run, frame - run->frames, kind);
	struct imgu_buffer *buf = imgu_pipe_next(run, kind);
	u32 address;

	if (buf) {
		address = vb2_ipu_iommu_plane_dma_addr(&buf->vb.vb2_buf, 0);
	} else {
		address = vb2_ipu_mem_dma_addr(run->sink);
		run->pipe->stats.sinks++;
	}
	frame->buffer[kind] = buf;
	frame->pending |= BIT(kind);
	imgu_pipe_describe(run, block, kind, address);
	return imgu_pipe_put(run, kind, block->dma);
}

/* A frame that is given once more: its parameters are in the settings, and their buffer is back. */
static bool imgu_pipe_has_had_params(const struct imgu_run *run)
{
	return list_first_entry(&run->pipe->nodes[IMGU_NODE_IN].waiting, struct imgu_buffer,
				list)->had_params;
}

/* Parameters are the driver's copy: their buffer goes back at once. */
static int imgu_pipe_give_params(struct imgu_run *run, struct imgu_frame_set *frame)
{
	struct imgu_device *imgu = imgu_run_device(run);
	enum imgu_reason reason = IMGU_OK;
	struct imgu_buffer *buf = NULL;
	int ret = 0;

	if (!imgu_pipe_has_had_params(run))
		buf = imgu_pipe_next(run, IMGU_NODE_PARAMS);
	if (buf)
		reason = imgu_params_merge(run, buf->params);
	if (reason) {
		trace_imgu_params_refused(imgu_dev(imgu), run->pipe->number, frame->sequence,
					  imgu_reason_text(reason));
		run->pipe->stats.params_refused++;
	}
	if (run->due) {
		ret = imgu_params_give(run);
		if (!ret)
			ret = imgu_params_drain(imgu);
		/* They stay due, for the next frame. */
		if (ret == -EBUSY)
			ret = 0;
	}
	if (!buf)
		return ret;
	if (!reason)
		run->pipe->stats.params++;
	imgu_queue_done(&run->pipe->nodes[IMGU_NODE_PARAMS], buf,
			reason ? VB2_BUF_STATE_ERROR : VB2_BUF_STATE_DONE, frame->sequence,
			ktime_get_ns());
	return ret;
}

static bool imgu_pipe_wants(const struct imgu_run *run, enum imgu_node_kind kind)
{
	const struct imgu_node *node = &run->pipe->nodes[kind];

	if (kind == IMGU_NODE_PARAMS)
		return run->due || !list_empty(&node->waiting);
	return node->linked;
}

/* What is given now: an event each, and one for each parameter set that may come back. */
static bool imgu_pipe_has_room(struct imgu_run *run)
{
	struct imgu_device *imgu = imgu_run_device(run);
	unsigned int i;

	for (i = 0; i < IMGU_NODES; i++)
		if (imgu_pipe_wants(run, i) &&
		    !imgu_dmem_room(imgu, run->pipe->number, imgu_pipe_queue[i], 1))
			return false;
	return imgu_dmem_room(imgu, run->pipe->number, IMGU_QUEUE_EVENT,
			      IMGU_NODES + IMGU_FROM_SP_BUFFERS);
}

static unsigned int imgu_pipe_step(unsigned int entry, unsigned int by)
{
	return (entry + by) % IMGU_TO_SP_BUFFERS;
}

static int imgu_pipe_send(struct imgu_run *run)
{
	struct imgu_frame_set *frame = &run->frames[run->entry];
	unsigned int i;
	int ret;

	*frame = (struct imgu_frame_set){ .sequence = run->pipe->sequence++ };
	/* From here on, for what the firmware has of it is to be taken back even if this fails. */
	run->entry = imgu_pipe_step(run->entry, 1);
	if (!run->on_way++)
		run->progress_ns = ktime_get_ns();
	imgu_params_frame_begins(run, frame);
	for (i = 0; i < ARRAY_SIZE(imgu_pipe_order); i++) {
		enum imgu_node_kind kind = imgu_pipe_order[i];

		if (kind == IMGU_NODE_PARAMS) {
			ret = imgu_pipe_give_params(run, frame);
			/* There may be a newer set now. */
			imgu_params_frame_ends(run, frame);
			imgu_params_frame_begins(run, frame);
		} else if (imgu_pipe_wants(run, kind)) {
			ret = imgu_pipe_give(run, frame, kind);
		} else {
			continue;
		}
		if (ret)
			return ret;
	}
	trace_imgu_frame_begin(imgu_dev(imgu_run_device(run)), run->pipe->number,
			       frame->sequence, frame->pending, run->sets[frame->params].number);
	return 0;
}

/**
 * imgu_pipe_fill() - give the firmware frame sets, if it has none
 * @run: A run; nothing is done if it is not up.
 *
 * Context: Process context, within &imgu_device.engine_lock.
 * Return: 0, or what imgu_dmem_put() said: nothing more can be expected of the firmware then.
 */
int imgu_pipe_fill(struct imgu_run *run)
{
	struct imgu_node *input = &run->pipe->nodes[IMGU_NODE_IN];
	int ret;

	lockdep_assert_held(&imgu_run_device(run)->engine_lock);
	if (!run->up || run->on_way)
		return 0;
	while (run->on_way < IMGU_SETS && !list_empty(&input->waiting) &&
	       imgu_pipe_has_room(run)) {
		ret = imgu_pipe_send(run);
		if (ret)
			return ret;
	}
	return 0;
}

/* ---- and back ---- */

static struct imgu_frame_set *imgu_pipe_oldest(struct imgu_run *run, unsigned int which)
{
	return &run->frames[imgu_pipe_step(run->entry,
					   IMGU_TO_SP_BUFFERS - run->on_way + which)];
}

static void imgu_pipe_end_frames(struct imgu_run *run)
{
	struct imgu_device *imgu = imgu_run_device(run);

	while (run->on_way && !imgu_pipe_oldest(run, 0)->pending) {
		struct imgu_frame_set *frame = imgu_pipe_oldest(run, 0);

		trace_imgu_frame_end(imgu_dev(imgu), run->pipe->number, frame->sequence);
		imgu_params_frame_ends(run, frame);
		run->pipe->stats.frames++;
		run->progress_ns = ktime_get_ns();
		run->may_restart = true;
		run->on_way--;
	}
	if (!run->on_way)
		wake_up_all(&imgu->drained);
}

static int imgu_pipe_node(enum imgu_queue queue)
{
	int kind;

	for (kind = 0; kind < IMGU_NODES; kind++)
		if (kind != IMGU_NODE_PARAMS && imgu_pipe_queue[kind] == queue)
			return kind;
	return -EINVAL;
}

/**
 * imgu_pipe_take() - the firmware has given back a buffer
 * @run: A run that is up.
 * @queue: Through which ring.
 * @address: Of its descriptor.
 * @ns: When it did.
 *
 * Context: Process context, within &imgu_device.engine_lock.
 * Return: 0; -EINVAL if it is no buffer that the firmware has.
 */
int imgu_pipe_take(struct imgu_run *run, enum imgu_queue queue, u32 address, u64 ns)
{
	int kind = imgu_pipe_node(queue);
	struct imgu_frame_set *frame;
	struct imgu_buffer *buf;
	unsigned int i;

	lockdep_assert_held(&imgu_run_device(run)->engine_lock);
	if (kind < 0)
		return kind;
	for (i = 0; i < run->on_way; i++)
		if (imgu_pipe_oldest(run, i)->pending & BIT(kind))
			break;
	if (i == run->on_way)
		return -EINVAL;
	frame = imgu_pipe_oldest(run, i);
	if (imgu_pipe_descriptor(run, frame - run->frames, kind)->dma != address)
		return -EINVAL;
	buf = frame->buffer[kind];
	frame->buffer[kind] = NULL;
	frame->pending &= ~BIT(kind);
	if (!frame->touched)
		frame->ns = ns;
	frame->touched = true;
	if (buf)
		imgu_queue_done(&run->pipe->nodes[kind], buf, VB2_BUF_STATE_DONE,
				frame->sequence, frame->ns);
	imgu_pipe_end_frames(run);
	return 0;
}

static void imgu_pipe_take_back_frame(struct imgu_run *run, struct imgu_frame_set *frame)
{
	enum imgu_node_kind kind;

	for (kind = 0; kind < IMGU_NODES; kind++) {
		struct imgu_node *node = &run->pipe->nodes[kind];
		struct imgu_buffer *buf = frame->buffer[kind];

		if (!buf)
			continue;
		frame->buffer[kind] = NULL;
		if (frame->touched) {
			imgu_queue_done(node, buf, VB2_BUF_STATE_ERROR, frame->sequence, frame->ns);
		} else {
			buf->had_params = true;
			list_add(&buf->list, &node->waiting);
		}
	}
	/* At most its parameters have told its number, and they do not come again. */
	if (!frame->touched)
		run->pipe->sequence = frame->sequence;
	imgu_params_frame_ends(run, frame);
	run->pipe->stats.returned++;
}

/**
 * imgu_pipe_take_back() - take all buffers from the firmware, to be given to it again later
 * @run: A run; the firmware no longer runs.
 *
 * What is left of a frame of which something has come back already goes back as well, with an error,
 * so that all nodes stay at the same frame.
 *
 * Context: Process context, within &imgu_device.engine_lock.
 */
void imgu_pipe_take_back(struct imgu_run *run)
{
	lockdep_assert_held(&imgu_run_device(run)->engine_lock);
	/* The newest first, each to the front of those that wait. */
	while (run->on_way) {
		imgu_pipe_take_back_frame(run, imgu_pipe_oldest(run, run->on_way - 1));
		run->entry = imgu_pipe_step(run->entry, IMGU_TO_SP_BUFFERS - 1);
		run->on_way--;
	}
	run->up = false;
}

/**
 * imgu_pipe_begin() - give the firmware the first parameter set
 * @run: A run that the firmware has been told of, with imgu_run_fill().
 *
 * Context: Process context, within &imgu_device.engine_lock.
 * Return: 0, or what imgu_params_give() said.
 */
int imgu_pipe_begin(struct imgu_run *run)
{
	struct imgu_device *imgu = imgu_run_device(run);
	int ret;

	lockdep_assert_held(&imgu->engine_lock);
	run->entry = imgu->rings.to_sp[run->pipe->number][IMGU_QUEUE_IN].ring.own;
	imgu_params_reset(run);
	ret = imgu_params_give(run);
	if (ret)
		return ret;
	return imgu_params_drain(imgu);
}
