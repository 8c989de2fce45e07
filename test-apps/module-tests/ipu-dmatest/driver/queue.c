// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way of a buffer: from videobuf2 to the device and back.
 */
#include <linux/device.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <media/vb2-ipu-iommu.h>

#include "compat.h"
#include "ipu-dmatest.h"
#include "ipu-dmatest-controls.h"

static unsigned int timeout_ms = 5000;
module_param(timeout_ms, uint, 0644);
MODULE_PARM_DESC(timeout_ms, "Milliseconds beyond its delay after which a command counts as stuck");

static struct dmt_node *dmt_node_of(struct vb2_queue *queue)
{
	return vb2_get_drv_priv(queue);
}

static struct dmt_buffer *dmt_buffer_of(struct vb2_buffer *vb)
{
	return container_of(to_vb2_v4l2_buffer(vb), struct dmt_buffer, vb);
}

static struct device *dmt_dev(struct dmt_node *node)
{
	return &node->dmt->pdev->dev;
}

/* ---- towards the device ---- */

static u32 dmt_take_fault(struct dmt_node *node)
{
	static const u32 flags[] = {
		[IPU_DMATEST_FAULT_NONE] = 0,
		[IPU_DMATEST_FAULT_LOST_IRQ] = DMT_COMMAND_LOSE_IRQ,
		[IPU_DMATEST_FAULT_SPURIOUS_IRQ] = DMT_COMMAND_SPURIOUS_IRQ,
		[IPU_DMATEST_FAULT_STUCK] = DMT_COMMAND_STUCK,
		[IPU_DMATEST_FAULT_ERROR] = DMT_COMMAND_FAIL,
	};
	u32 fault = node->test.fault;

	node->test.fault = IPU_DMATEST_FAULT_NONE;
	return flags[fault];
}

static void dmt_submit(struct dmt_node *node, struct dmt_buffer *buf)
{
	struct dmt_command command = {
		.address = vb2_ipu_iommu_plane_dma_addr(&buf->vb.vb2_buf, 0),
		.line_bytes = dmt_line_bytes(&node->format),
		.lines = node->format.height,
		.stride = node->format.bytesperline,
		.delay_us = node->test.delay_us,
		.beyond = node->test.beyond,
	};
	unsigned int slot = (node->head + node->count) % DMT_SLOTS;

	buf->vb.sequence = node->sequence++;
	buf->vb.field = V4L2_FIELD_NONE;
	command.frame = buf->vb.sequence;
	command.command = node->output ? DMT_COMMAND_VERIFY | DMT_COMMAND_FRAME_FROM_DATA :
					 DMT_COMMAND_FILL;
	command.command |= dmt_take_fault(node);
	if (node->test.flip_bit)
		command.command |= DMT_COMMAND_FLIP_BIT;
	if (node->test.keep) {
		command.command |= DMT_COMMAND_KEEP;
		if (!node->keeping)
			pm_runtime_get_noresume(dmt_dev(node));
		node->keeping = true;
	}
	node->slots[slot] = buf;
	node->count++;
	dmt_hw_submit(node, slot, &command);
}

static void dmt_rearm(struct dmt_node *node)
{
	unsigned int ms = timeout_ms + node->test.delay_us / USEC_PER_MSEC;

	cancel_delayed_work(&node->watchdog);
	if (node->count)
		schedule_delayed_work(&node->watchdog, msecs_to_jiffies(ms));
}

static void dmt_feed(struct dmt_node *node)
{
	bool was_idle = !node->count;

	lockdep_assert_held(&node->hw_lock);
	while (node->streaming && !node->broken && node->dmt->awake && node->count < DMT_SLOTS &&
	       !list_empty(&node->waiting)) {
		struct dmt_buffer *buf = list_first_entry(&node->waiting, struct dmt_buffer, list);

		list_del(&buf->list);
		dmt_submit(node, buf);
	}
	if (was_idle)
		dmt_rearm(node);
}

/* ---- back ---- */

static void dmt_give_back(struct dmt_node *node, struct dmt_buffer *buf,
			  const struct dmt_result *result)
{
	enum vb2_buffer_state state = VB2_BUF_STATE_DONE;

	node->stats.frames++;
	if (result->code) {
		dev_dbg(dmt_dev(node), "%s: frame %u ended with error %u after %u bytes\n",
			node->vdev.name, buf->vb.sequence, result->code, result->bytes);
		node->stats.errors++;
		state = VB2_BUF_STATE_ERROR;
	}
	if (result->bad_bytes) {
		dev_dbg(dmt_dev(node),
			"%s: %u of the bytes of frame %u are wrong, the first one at %#x\n",
			node->vdev.name, result->bad_bytes, result->frame, result->first_bad);
		node->stats.bad_bytes += result->bad_bytes;
		state = VB2_BUF_STATE_ERROR;
	}
	node->stats.leaked_bytes += result->leaked_bytes;
	if (!node->output)
		vb2_set_plane_payload(&buf->vb.vb2_buf, 0,
				      state == VB2_BUF_STATE_DONE ? dmt_frame_bytes(&node->format) :
								    0);
	buf->vb.vb2_buf.timestamp = ktime_get_ns();
	vb2_buffer_done(&buf->vb.vb2_buf, state);
}

static unsigned int dmt_collect(struct dmt_node *node)
{
	struct dmt_result result;
	unsigned int done = 0;

	lockdep_assert_held(&node->hw_lock);
	while (node->count && dmt_hw_result(node, node->head, &result)) {
		struct dmt_buffer *buf = node->slots[node->head];

		node->slots[node->head] = NULL;
		node->head = (node->head + 1) % DMT_SLOTS;
		node->count--;
		done++;
		dmt_give_back(node, buf, &result);
	}
	return done;
}

/**
 * dmt_queue_complete() - give back what the device has completed
 * @node: The node.
 *
 * Context: The interrupt's thread. Takes &dmt_node.hw_lock.
 */
void dmt_queue_complete(struct dmt_node *node)
{
	mutex_lock(&node->hw_lock);
	/* Without power there is nothing to read. */
	if (node->dmt->awake) {
		if (dmt_collect(node))
			dmt_rearm(node);
		dmt_feed(node);
	}
	mutex_unlock(&node->hw_lock);
}

/**
 * dmt_queue_watch() - see to a command that should long be done
 * @work: &dmt_node.watchdog.
 *
 * Context: Process context. Takes &dmt_node.hw_lock.
 */
void dmt_queue_watch(struct work_struct *work)
{
	struct dmt_node *node = container_of(to_delayed_work(work), struct dmt_node, watchdog);

	mutex_lock(&node->hw_lock);
	if (!node->dmt->awake || !node->count || node->broken)
		goto unlock;
	if (dmt_collect(node)) {
		dev_warn_ratelimited(dmt_dev(node), "%s: an interrupt was lost\n", node->vdev.name);
		node->stats.late++;
		dmt_rearm(node);
		dmt_feed(node);
		goto unlock;
	}
	dev_err(dmt_dev(node), "%s: frame %u is stuck\n", node->vdev.name,
		node->slots[node->head]->vb.sequence);
	node->stats.stuck++;
	node->broken = true;
	/* The device may still write to the buffers; they come back when streaming is stopped. */
	vb2_queue_error(&node->queue);
unlock:
	mutex_unlock(&node->hw_lock);
}

/*
 * All buffers that the driver has, newest first, to the front of the waiting ones. The device has
 * been stopped.
 */
static void dmt_take_back(struct dmt_node *node)
{
	lockdep_assert_held(&node->hw_lock);
	while (node->count) {
		unsigned int slot = (node->head + node->count - 1) % DMT_SLOTS;

		list_add(&node->slots[slot]->list, &node->waiting);
		node->slots[slot] = NULL;
		node->count--;
		node->sequence--;
	}
}

static void dmt_return_all(struct dmt_node *node, enum vb2_buffer_state state)
{
	struct dmt_buffer *buf, *next;

	lockdep_assert_held(&node->hw_lock);
	dmt_take_back(node);
	list_for_each_entry_safe(buf, next, &node->waiting, list) {
		list_del(&buf->list);
		vb2_buffer_done(&buf->vb.vb2_buf, state);
	}
}

/* ---- system sleep ---- */

/**
 * dmt_queue_pause() - take the buffers from the device, to be given again later
 * @node: The node.
 *
 * Context: Process context, within &dmt_node.hw_lock.
 */
void dmt_queue_pause(struct dmt_node *node)
{
	dmt_hw_abort(node);
	dmt_take_back(node);
}

/**
 * dmt_queue_go_on() - give the device buffers again
 * @node: The node.
 *
 * Context: Process context, within &dmt_node.hw_lock.
 */
void dmt_queue_go_on(struct dmt_node *node)
{
	dmt_feed(node);
}

/**
 * dmt_queue_end_keep() - end the command that is kept going, if there is one
 * @node: The node.
 *
 * Context: Process context, within &dmt_node.hw_lock.
 */
void dmt_queue_end_keep(struct dmt_node *node)
{
	lockdep_assert_held(&node->hw_lock);
	if (!node->keeping)
		return;
	node->keeping = false;
	/*
	 * The reference taken with @keeping holds the power, but for a system sleep, which ends it
	 * anyway.
	 */
	if (node->dmt->awake)
		dmt_hw_stop_keep(node);
	pm_runtime_put(dmt_dev(node));
}

/* ---- videobuf2's operations ---- */

static int dmt_queue_setup(struct vb2_queue *queue, unsigned int *num_buffers,
			   unsigned int *num_planes, unsigned int sizes[],
			   struct device *alloc_devs[])
{
	struct dmt_node *node = dmt_node_of(queue);

	/* A reader may have waited for the lock while the driver was unbound. */
	if (node->gone)
		return -ENODEV;
	if (*num_planes) {
		if (sizes[0] < node->format.sizeimage)
			return -EINVAL;
		if (sizes[0] > DMT_MAX_BYTES)
			return -EINVAL;
		return 0;
	}
	*num_planes = 1;
	sizes[0] = node->format.sizeimage;
	return 0;
}

static int dmt_buf_out_validate(struct vb2_buffer *vb)
{
	to_vb2_v4l2_buffer(vb)->field = V4L2_FIELD_NONE;
	return 0;
}

static int dmt_buf_prepare(struct vb2_buffer *vb)
{
	struct dmt_node *node = dmt_node_of(vb->vb2_queue);

	if (vb2_plane_size(vb, 0) < node->format.sizeimage)
		return -EINVAL;
	/*
	 * Only write() leads to an empty payload here: videobuf2 queues full buffers, but forgets
	 * to say so.
	 */
	if (node->output && !vb2_get_plane_payload(vb, 0))
		vb2_set_plane_payload(vb, 0, vb2_plane_size(vb, 0));
	if (node->output && vb2_get_plane_payload(vb, 0) < dmt_frame_bytes(&node->format))
		return -EINVAL;
	/* Without the MMU there is nothing that would join the pages. */
	if (node->dmt->bypass && vb2_ipu_iommu_plane_sgt(vb, 0)->nents != 1)
		return -EIO;
	return 0;
}

static void dmt_buf_queue(struct vb2_buffer *vb)
{
	struct dmt_node *node = dmt_node_of(vb->vb2_queue);

	mutex_lock(&node->hw_lock);
	list_add_tail(&dmt_buffer_of(vb)->list, &node->waiting);
	dmt_feed(node);
	mutex_unlock(&node->hw_lock);
}

static int dmt_start_streaming(struct vb2_queue *queue, unsigned int count)
{
	struct dmt_node *node = dmt_node_of(queue);
	int ret = node->gone ? -ENODEV : pm_runtime_resume_and_get(dmt_dev(node));

	mutex_lock(&node->hw_lock);
	if (ret) {
		dmt_return_all(node, VB2_BUF_STATE_QUEUED);
	} else {
		node->sequence = 0;
		node->broken = false;
		node->streaming = true;
		dmt_feed(node);
	}
	mutex_unlock(&node->hw_lock);
	return ret;
}

static void dmt_stop_streaming(struct vb2_queue *queue)
{
	struct dmt_node *node = dmt_node_of(queue);

	mutex_lock(&node->hw_lock);
	node->streaming = false;
	if (node->dmt->awake)
		dmt_hw_abort(node);
	dmt_return_all(node, VB2_BUF_STATE_ERROR);
	mutex_unlock(&node->hw_lock);
	cancel_delayed_work_sync(&node->watchdog);
	pm_runtime_put(dmt_dev(node));
}

static const struct vb2_ops dmt_queue_ops = {
	.queue_setup = dmt_queue_setup,
	.buf_out_validate = dmt_buf_out_validate,
	.buf_prepare = dmt_buf_prepare,
	.buf_finish = vb2_ipu_iommu_buf_finish,
	.buf_queue = dmt_buf_queue,
	.start_streaming = dmt_start_streaming,
	.stop_streaming = dmt_stop_streaming,
	DMT_VB2_OPS_WAIT
};

/**
 * dmt_queue_init() - make a node's queue
 * @node: The node, with its locks and its device.
 *
 * Context: Process context, probe.
 * Return: 0, or what videobuf2 said.
 */
int dmt_queue_init(struct dmt_node *node)
{
	struct vb2_queue *queue = &node->queue;

	queue->type = node->output ? V4L2_BUF_TYPE_VIDEO_OUTPUT : V4L2_BUF_TYPE_VIDEO_CAPTURE;
	queue->io_modes = VB2_MMAP | VB2_USERPTR | VB2_DMABUF |
			  (node->output ? VB2_WRITE : VB2_READ);
	queue->dev = vb2_ipu_device_dma_dev(node->dmt->vid);
	queue->drv_priv = node;
	queue->buf_struct_size = sizeof(struct dmt_buffer);
	queue->ops = &dmt_queue_ops;
	queue->mem_ops = &vb2_ipu_iommu_memops;
	queue->timestamp_flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
	queue->allow_cache_hints = 1;
	queue->lock = &node->lock;
	return vb2_queue_init(queue);
}
