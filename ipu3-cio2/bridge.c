// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sensors: which port each is connected to, by the firmware's tables, and their coming and going.
 */
#include <linux/pci.h>
#include <linux/property.h>
#include <media/ipu-bridge.h>
#include <media/v4l2-fwnode.h>
#include <media/v4l2-mc.h>

#include "ipu3-cio2.h"

/**
 * struct cio2_connection - a sensor that is waited for
 * @asc: For the V4L2 core; must come first.
 * @port: Where it is connected.
 * @lanes: Data lanes.
 */
struct cio2_connection {
	struct v4l2_async_connection asc;
	unsigned int port;
	unsigned int lanes;
};

static struct cio2_port *cio2_port_of(struct v4l2_async_notifier *notifier,
				      struct v4l2_async_connection *asc)
{
	struct cio2_device *cio2 = container_of(notifier, struct cio2_device, notifier);

	return &cio2->ports[container_of(asc, struct cio2_connection, asc)->port];
}

static int cio2_bound(struct v4l2_async_notifier *notifier, struct v4l2_subdev *sensor,
		      struct v4l2_async_connection *asc)
{
	struct cio2_port *port = cio2_port_of(notifier, asc);
	int ret;

	ret = ipu_bridge_instantiate_vcm(sensor->dev);
	if (ret)
		return ret;
	mutex_lock(&port->lock);
	if (port->sensor) {
		ret = -EBUSY;
	} else {
		port->sensor = sensor;
		port->lanes = container_of(asc, struct cio2_connection, asc)->lanes;
	}
	mutex_unlock(&port->lock);
	return ret;
}

static void cio2_unbound(struct v4l2_async_notifier *notifier, struct v4l2_subdev *sensor,
			 struct v4l2_async_connection *asc)
{
	cio2_video_cut(cio2_port_of(notifier, asc));
}

static int cio2_complete(struct v4l2_async_notifier *notifier)
{
	struct cio2_device *cio2 = container_of(notifier, struct cio2_device, notifier);
	struct v4l2_async_connection *asc;
	int ret;

	list_for_each_entry(asc, &notifier->done_list, asc_entry) {
		struct cio2_port *port = cio2_port_of(notifier, asc);

		ret = v4l2_create_fwnode_links_to_pad(asc->sd, &port->subdev_pads[CIO2_PAD_SINK],
						      0);
		if (ret)
			return ret;
	}
	return v4l2_device_register_subdev_nodes(&cio2->v4l2_dev);
}

static const struct v4l2_async_notifier_operations cio2_notifier_ops = {
	.bound = cio2_bound,
	.unbind = cio2_unbound,
	.complete = cio2_complete,
};

static int cio2_connect(struct cio2_device *cio2, struct fwnode_handle *endpoint)
{
	struct v4l2_fwnode_endpoint parsed = { .bus_type = V4L2_MBUS_CSI2_DPHY };
	struct cio2_connection *connection;
	unsigned int lanes;
	int ret;

	ret = v4l2_fwnode_endpoint_parse(endpoint, &parsed);
	if (ret)
		return ret;
	lanes = parsed.bus.mipi_csi2.num_data_lanes;
	if (parsed.base.port >= CIO2_PORTS || !lanes || lanes > CIO2_MAX_LANES)
		return dev_err_probe(&cio2->pdev->dev, -EINVAL,
				     "firmware: port %u with %u lanes\n", parsed.base.port, lanes);
	connection = v4l2_async_nf_add_fwnode_remote(&cio2->notifier, endpoint,
						     struct cio2_connection);
	if (IS_ERR(connection))
		return PTR_ERR(connection);
	connection->port = parsed.base.port;
	connection->lanes = lanes;
	return 0;
}

/**
 * cio2_bridge_init() - find out which sensors there are, and wait for them
 * @cio2: The device, with its ports registered.
 *
 * Context: Process context, probe.
 * Return: 0, also without a sensor; or what the firmware's tables or the V4L2 core made of it.
 */
int cio2_bridge_init(struct cio2_device *cio2)
{
	struct device *dev = &cio2->pdev->dev;
	struct fwnode_handle *endpoint;
	unsigned int i;
	int ret;

	v4l2_async_nf_init(&cio2->notifier, &cio2->v4l2_dev);
	cio2->notifier.ops = &cio2_notifier_ops;
	for (i = 0; i < CIO2_PORTS; i++) {
		endpoint = fwnode_graph_get_endpoint_by_id(dev_fwnode(dev), i, 0,
							   FWNODE_GRAPH_ENDPOINT_NEXT);
		if (!endpoint)
			continue;
		ret = cio2_connect(cio2, endpoint);
		fwnode_handle_put(endpoint);
		if (ret)
			goto err_cleanup;
	}
	ret = v4l2_async_nf_register(&cio2->notifier);
	if (ret)
		goto err_cleanup;
	return 0;

err_cleanup:
	v4l2_async_nf_cleanup(&cio2->notifier);
	return ret;
}

/**
 * cio2_bridge_exit() - let go of the sensors
 * @cio2: The device.
 *
 * Context: Process context.
 */
void cio2_bridge_exit(struct cio2_device *cio2)
{
	v4l2_async_nf_unregister(&cio2->notifier);
	v4l2_async_nf_cleanup(&cio2->notifier);
}
