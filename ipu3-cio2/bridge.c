// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sensors: which port each is connected to, by the firmware's tables, and their coming and going.
 *
 * Each port waits on its own, so that a sensor or a lens without a driver costs no other camera:
 * what has come is linked and has its node at once.
 *
 * Everything that the V4L2 core calls here it calls within the lock of its lists, so one at a time.
 * A port's lock and the media graph's are taken within that one, never the other way around.
 */
#include <linux/pci.h>
#include <linux/property.h>
#include <media/ipu-bridge.h>
#include <media/v4l2-fwnode.h>
#include <media/v4l2-mc.h>

#include "ipu3-cio2.h"

/* After so long the log tells what has not come; drivers of sensors are loaded by then. */
#define CIO2_PATIENCE_MS	10000

static struct cio2_port *cio2_port_of(struct v4l2_async_notifier *notifier)
{
	return container_of(notifier, struct cio2_port, notifier);
}

/* ---- coming and going ---- */

/* User space may be walking the graph: the function called leaves the lock to its caller. */
static int cio2_link(struct cio2_port *port, struct v4l2_subdev *sensor)
{
	struct mutex *graph = &port->cio2->media.graph_mutex;
	int ret;

	mutex_lock(graph);
	ret = v4l2_create_fwnode_links_to_pad(sensor, &port->subdev_pads[CIO2_PAD_SINK], 0);
	mutex_unlock(graph);
	return ret;
}

static int cio2_bound(struct v4l2_async_notifier *notifier, struct v4l2_subdev *sensor,
		      struct v4l2_async_connection *asc)
{
	struct cio2_port *port = cio2_port_of(notifier);
	int ret;

	/* A camera whose lens cannot be moved is one nevertheless. */
	ret = ipu_bridge_instantiate_vcm(sensor->dev);
	if (ret)
		dev_warn(cio2_dev(port), "port %u: no lens for %s: %d\n", port->index,
			 sensor->name, ret);
	ret = cio2_link(port, sensor);
	if (ret)
		goto err;
	mutex_lock(&port->lock);
	port->sensor = sensor;
	mutex_unlock(&port->lock);
	ret = v4l2_device_register_subdev_nodes(&port->cio2->v4l2_dev);
	if (ret)
		goto err_cut;
	return 0;

err_cut:
	cio2_video_cut(port);
err:
	dev_err(cio2_dev(port), "port %u: no way to %s: %d\n", port->index, sensor->name, ret);
	return ret;
}

static void cio2_unbound(struct v4l2_async_notifier *notifier, struct v4l2_subdev *sensor,
			 struct v4l2_async_connection *asc)
{
	cio2_video_cut(cio2_port_of(notifier));
}

/*
 * The sensor has its lens, if there is one. The lens is bound to the sensor, not to the port: this
 * is all that is heard of it, and comes again with a lens that comes again.
 */
static int cio2_complete(struct v4l2_async_notifier *notifier)
{
	struct cio2_port *port = cio2_port_of(notifier);

	mutex_lock(&port->lock);
	port->complete = true;
	mutex_unlock(&port->lock);
	return v4l2_device_register_subdev_nodes(&port->cio2->v4l2_dev);
}

static const struct v4l2_async_notifier_operations cio2_notifier_ops = {
	.bound = cio2_bound,
	.unbind = cio2_unbound,
	.complete = cio2_complete,
};

/* ---- what is missing ---- */

static void cio2_tell_missing(struct cio2_port *port)
{
	struct fwnode_handle *sensor, *lens;
	bool complete, there;

	mutex_lock(&port->lock);
	complete = port->complete;
	there = port->sensor;
	mutex_unlock(&port->lock);
	if (complete)
		return;
	sensor = fwnode_graph_get_port_parent(port->connection->match.fwnode);
	if (there) {
		lens = fwnode_find_reference(sensor, "lens-focus", 0);
		dev_warn(cio2_dev(port), "port %u: no driver has come for %pfwP, the lens of %pfwP\n",
			 port->index, lens, sensor);
		fwnode_handle_put(lens);
	} else {
		dev_warn(cio2_dev(port), "port %u: no driver has come for the sensor %pfwP\n",
			 port->index, sensor);
	}
	fwnode_handle_put(sensor);
}

static void cio2_bridge_look(struct work_struct *work)
{
	struct cio2_device *cio2 = container_of(to_delayed_work(work), struct cio2_device,
						patience);
	unsigned int i;

	for (i = 0; i < CIO2_PORTS; i++)
		if (cio2->ports[i].connection)
			cio2_tell_missing(&cio2->ports[i]);
}

/* ---- life ---- */

static int cio2_connect(struct cio2_port *port, struct fwnode_handle *endpoint)
{
	struct v4l2_fwnode_endpoint parsed = { .bus_type = V4L2_MBUS_CSI2_DPHY };
	struct v4l2_async_connection *connection;
	int ret;

	ret = v4l2_fwnode_endpoint_parse(endpoint, &parsed);
	if (ret)
		return ret;
	port->lanes = parsed.bus.mipi_csi2.num_data_lanes;
	if (!port->lanes || port->lanes > CIO2_MAX_LANES)
		return -EINVAL;
	v4l2_async_nf_init(&port->notifier, &port->cio2->v4l2_dev);
	port->notifier.ops = &cio2_notifier_ops;
	connection = v4l2_async_nf_add_fwnode_remote(&port->notifier, endpoint,
						     struct v4l2_async_connection);
	if (IS_ERR(connection))
		return PTR_ERR(connection);
	ret = v4l2_async_nf_register(&port->notifier);
	if (ret) {
		v4l2_async_nf_cleanup(&port->notifier);
		return ret;
	}
	port->connection = connection;
	return 0;
}

/**
 * cio2_bridge_init() - find out which sensors there are, and wait for them
 * @cio2: The device, with its ports registered.
 *
 * A port whose entry in the firmware's tables makes no sense is warned of, and has no sensor.
 *
 * Context: Process context, probe.
 * Return: 0, also without a sensor; -ENOMEM; or what the V4L2 core said of the receivers' nodes.
 */
int cio2_bridge_init(struct cio2_device *cio2)
{
	struct device *dev = &cio2->pdev->dev;
	struct fwnode_handle *endpoint;
	bool waits = false;
	unsigned int i;
	int ret;

	INIT_DELAYED_WORK(&cio2->patience, cio2_bridge_look);
	for (i = 0; i < CIO2_PORTS; i++) {
		endpoint = fwnode_graph_get_endpoint_by_id(dev_fwnode(dev), i, 0,
							   FWNODE_GRAPH_ENDPOINT_NEXT);
		if (!endpoint)
			continue;
		ret = cio2_connect(&cio2->ports[i], endpoint);
		fwnode_handle_put(endpoint);
		if (ret == -ENOMEM)
			goto err_exit;
		if (ret)
			dev_warn(dev, "port %u: its sensor with %u lanes cannot be used: %d\n", i,
				 cio2->ports[i].lanes, ret);
		else
			waits = true;
	}
	/* Else the first sensor brings the receivers' nodes with it, numbered as ever. */
	if (!waits)
		return v4l2_device_register_subdev_nodes(&cio2->v4l2_dev);
	schedule_delayed_work(&cio2->patience, msecs_to_jiffies(CIO2_PATIENCE_MS));
	return 0;

err_exit:
	cio2_bridge_exit(cio2);
	return ret;
}

/**
 * cio2_bridge_exit() - let go of the sensors
 * @cio2: The device, with its ports registered still.
 *
 * Context: Process context. When it returns, no sensor comes or goes any more.
 */
void cio2_bridge_exit(struct cio2_device *cio2)
{
	unsigned int i;

	cancel_delayed_work_sync(&cio2->patience);
	for (i = 0; i < CIO2_PORTS; i++) {
		struct cio2_port *port = &cio2->ports[i];

		if (!port->connection)
			continue;
		v4l2_async_nf_unregister(&port->notifier);
		v4l2_async_nf_cleanup(&port->notifier);
		port->connection = NULL;
	}
}
