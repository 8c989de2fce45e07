// SPDX-License-Identifier: GPL-2.0-only
/*
 * Controls: what the tests ask of the device.
 */
#include <linux/kernel.h>

#include "ipu-dmatest.h"
#include "ipu-dmatest-controls.h"

static struct dmt_node *dmt_node_of(struct v4l2_ctrl *ctrl)
{
	return container_of(ctrl->handler, struct dmt_node, controls);
}

static int dmt_s_ctrl(struct v4l2_ctrl *ctrl)
{
	struct dmt_node *node = dmt_node_of(ctrl);
	int ret = 0;

	mutex_lock(&node->hw_lock);
	switch (ctrl->id) {
	case V4L2_CID_IPU_DMATEST_DELAY:
		node->test.delay_us = ctrl->val;
		break;
	case V4L2_CID_IPU_DMATEST_FLIP_BIT:
		node->test.flip_bit = ctrl->val;
		break;
	case V4L2_CID_IPU_DMATEST_FAULT:
		node->test.fault = ctrl->val;
		break;
	case V4L2_CID_IPU_DMATEST_BEYOND:
		node->test.beyond = ctrl->val;
		break;
	case V4L2_CID_IPU_DMATEST_KEEP:
		node->test.keep = ctrl->val;
		if (!ctrl->val)
			dmt_queue_end_keep(node);
		break;
	default:
		ret = -EINVAL;
		break;
	}
	mutex_unlock(&node->hw_lock);
	return ret;
}

static int dmt_g_volatile_ctrl(struct v4l2_ctrl *ctrl)
{
	struct dmt_node *node = dmt_node_of(ctrl);
	int ret = 0;

	mutex_lock(&node->hw_lock);
	switch (ctrl->id) {
	case V4L2_CID_IPU_DMATEST_BAD_BYTES:
		*ctrl->p_new.p_s64 = node->stats.bad_bytes;
		break;
	case V4L2_CID_IPU_DMATEST_LEAKED:
		*ctrl->p_new.p_s64 = node->stats.leaked_bytes;
		break;
	default:
		ret = -EINVAL;
		break;
	}
	mutex_unlock(&node->hw_lock);
	return ret;
}

static const struct v4l2_ctrl_ops dmt_ctrl_ops = {
	.s_ctrl = dmt_s_ctrl,
	.g_volatile_ctrl = dmt_g_volatile_ctrl,
};

static const char * const dmt_faults[] = {
	[IPU_DMATEST_FAULT_NONE] = "None",
	[IPU_DMATEST_FAULT_LOST_IRQ] = "Lost Interrupt",
	[IPU_DMATEST_FAULT_SPURIOUS_IRQ] = "Spurious Interrupt",
	[IPU_DMATEST_FAULT_STUCK] = "Stuck Command",
	[IPU_DMATEST_FAULT_ERROR] = "Error",
};

static const struct v4l2_ctrl_config dmt_controls[] = {
	{
		.ops = &dmt_ctrl_ops,
		.id = V4L2_CID_IPU_DMATEST_DELAY,
		.name = "Delay in Microseconds",
		.type = V4L2_CTRL_TYPE_INTEGER,
		.max = 10000000,
		.step = 1,
		.def = 1000,
	}, {
		.ops = &dmt_ctrl_ops,
		.id = V4L2_CID_IPU_DMATEST_FLIP_BIT,
		.name = "Flip One Bit",
		.type = V4L2_CTRL_TYPE_BOOLEAN,
		.max = 1,
		.step = 1,
	}, {
		.ops = &dmt_ctrl_ops,
		.id = V4L2_CID_IPU_DMATEST_FAULT,
		.name = "Fault of the Next Frame",
		.type = V4L2_CTRL_TYPE_MENU,
		.max = ARRAY_SIZE(dmt_faults) - 1,
		.qmenu = dmt_faults,
		/* The next frame uses it up, so the same value may be set again. */
		.flags = V4L2_CTRL_FLAG_EXECUTE_ON_WRITE,
	}, {
		.ops = &dmt_ctrl_ops,
		.id = V4L2_CID_IPU_DMATEST_BEYOND,
		.name = "Bytes Beyond the End",
		.type = V4L2_CTRL_TYPE_INTEGER,
		.max = 1 << 20,
		.step = 1,
	}, {
		.ops = &dmt_ctrl_ops,
		.id = V4L2_CID_IPU_DMATEST_KEEP,
		.name = "Keep Going",
		.type = V4L2_CTRL_TYPE_BOOLEAN,
		.max = 1,
		.step = 1,
	},
};

static const struct v4l2_ctrl_config dmt_output_controls[] = {
	{
		.ops = &dmt_ctrl_ops,
		.id = V4L2_CID_IPU_DMATEST_BAD_BYTES,
		.name = "Bad Bytes",
		.type = V4L2_CTRL_TYPE_INTEGER64,
		.max = S64_MAX,
		.step = 1,
		.flags = V4L2_CTRL_FLAG_READ_ONLY | V4L2_CTRL_FLAG_VOLATILE,
	}, {
		.ops = &dmt_ctrl_ops,
		.id = V4L2_CID_IPU_DMATEST_LEAKED,
		.name = "Leaked Bytes",
		.type = V4L2_CTRL_TYPE_INTEGER64,
		.max = S64_MAX,
		.step = 1,
		.flags = V4L2_CTRL_FLAG_READ_ONLY | V4L2_CTRL_FLAG_VOLATILE,
	},
};

/**
 * dmt_controls_init() - make a node's controls, with their default values in effect
 * @node: The node, with its locks.
 *
 * Context: Process context, probe.
 * Return: 0, or what the control framework said; the handler is to be freed in any case.
 */
int dmt_controls_init(struct dmt_node *node)
{
	unsigned int i;

	v4l2_ctrl_handler_init(&node->controls,
			       ARRAY_SIZE(dmt_controls) + ARRAY_SIZE(dmt_output_controls));
	for (i = 0; i < ARRAY_SIZE(dmt_controls); i++)
		v4l2_ctrl_new_custom(&node->controls, &dmt_controls[i], NULL);
	for (i = 0; node->output && i < ARRAY_SIZE(dmt_output_controls); i++)
		v4l2_ctrl_new_custom(&node->controls, &dmt_output_controls[i], NULL);
	return node->controls.error ?: v4l2_ctrl_handler_setup(&node->controls);
}
