// SPDX-License-Identifier: GPL-2.0-only
/*
 * A lens that the firmware calls dw9719, without a chip behind it: a sub-device with one control,
 * for tests of what becomes of a camera whose lens comes late.
 *
 * It names no device that udev could load it for.
 */
#include <linux/i2c.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <media/v4l2-async.h>
#include <media/v4l2-ctrls.h>
#include <media/v4l2-device.h>
#include <media/v4l2-subdev.h>

#define LENS_MAX	1023

/**
 * struct lens - a lens
 * @subdev: The sub-device.
 * @controls: The position.
 */
struct lens {
	struct v4l2_subdev subdev;
	struct v4l2_ctrl_handler controls;
};

static const struct v4l2_subdev_ops lens_ops = {};

static int lens_probe(struct i2c_client *client)
{
	struct lens *lens = kzalloc(sizeof(*lens), GFP_KERNEL);
	int ret;

	if (!lens)
		return -ENOMEM;
	v4l2_i2c_subdev_init(&lens->subdev, client, &lens_ops);
	lens->subdev.flags |= V4L2_SUBDEV_FL_HAS_DEVNODE;
	lens->subdev.entity.function = MEDIA_ENT_F_LENS;
	v4l2_ctrl_handler_init(&lens->controls, 1);
	v4l2_ctrl_new_std(&lens->controls, NULL, V4L2_CID_FOCUS_ABSOLUTE, 0, LENS_MAX, 1, 0);
	lens->subdev.ctrl_handler = &lens->controls;
	ret = lens->controls.error;
	if (ret)
		goto err_controls;
	ret = media_entity_pads_init(&lens->subdev.entity, 0, NULL);
	if (ret)
		goto err_controls;
	ret = v4l2_async_register_subdev(&lens->subdev);
	if (ret)
		goto err_entity;
	return 0;

err_entity:
	media_entity_cleanup(&lens->subdev.entity);
err_controls:
	v4l2_ctrl_handler_free(&lens->controls);
	kfree(lens);
	return ret;
}

static void lens_remove(struct i2c_client *client)
{
	struct v4l2_subdev *subdev = i2c_get_clientdata(client);
	struct lens *lens = container_of(subdev, struct lens, subdev);

	v4l2_async_unregister_subdev(subdev);
	media_entity_cleanup(&subdev->entity);
	v4l2_ctrl_handler_free(&lens->controls);
	kfree(lens);
}

/* Not a MODULE_DEVICE_TABLE: see above. */
static const struct i2c_device_id lens_ids[] = {
	{ "dw9719" },
	{ }
};

static struct i2c_driver lens_driver = {
	.driver.name = "ipu-test-lens",
	.probe = lens_probe,
	.remove = lens_remove,
	.id_table = lens_ids,
};
module_i2c_driver(lens_driver);

MODULE_DESCRIPTION("A lens without a chip, for tests");
MODULE_LICENSE("GPL");
