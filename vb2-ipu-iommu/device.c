// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devices that there are. One may outlive the driver's bind: as long as buffers of it do.
 */
#include <linux/device.h>
#include <linux/slab.h>

#include "device.h"

/* Covers the list of devices. Innermost: no other lock is taken within it. */
static DEFINE_MUTEX(devices_lock);
static LIST_HEAD(devices);

/**
 * vb2_ipu_device_find() - the device that a queue's dev stands for
 * @dma_dev: What vb2_ipu_device_dma_dev() returned to the driver.
 *
 * Context: Process context.
 * Return: The device with a reference for the caller to put, or %NULL.
 */
struct vb2_ipu_device *vb2_ipu_device_find(struct device *dma_dev)
{
	struct vb2_ipu_device *vid, *found = NULL;

	mutex_lock(&devices_lock);
	list_for_each_entry(vid, &devices, node) {
		if (vid->dma_dev != dma_dev)
			continue;
		kref_get(&vid->ref);
		found = vid;
		break;
	}
	mutex_unlock(&devices_lock);
	return found;
}

static void vb2_ipu_device_free(struct kref *ref)
{
	struct vb2_ipu_device *vid = container_of(ref, struct vb2_ipu_device, ref);

	put_device(vid->parent);
	mutex_destroy(&vid->lock);
	kfree(vid);
}

/**
 * vb2_ipu_device_put() - give back a reference
 * @vid: The device.
 *
 * Context: Process context.
 */
void vb2_ipu_device_put(struct vb2_ipu_device *vid)
{
	kref_put(&vid->ref, vb2_ipu_device_free);
}

/**
 * ipu_device_new() - start a device that no buffer can be made for yet
 * @parent: The PCI function.
 *
 * Context: Process context.
 * Return: The device with one reference, or %NULL without memory.
 */
struct vb2_ipu_device *ipu_device_new(struct device *parent)
{
	struct vb2_ipu_device *vid = kzalloc(sizeof(*vid), GFP_KERNEL);

	if (!vid)
		return NULL;
	vid->parent = get_device(parent);
	kref_init(&vid->ref);
	mutex_init(&vid->lock);
	init_waitqueue_head(&vid->no_calls);
	INIT_LIST_HEAD(&vid->buffers);
	return vid;
}

/**
 * ipu_device_publish() - from now on buffers can be made for a device
 * @vid: The device, with all but its buffers set up.
 *
 * Context: Process context.
 */
void ipu_device_publish(struct vb2_ipu_device *vid)
{
	vid->live = true;
	mutex_lock(&devices_lock);
	list_add_tail(&vid->node, &devices);
	mutex_unlock(&devices_lock);
}

/**
 * ipu_device_withdraw() - no more buffers for a device
 * @vid: The device.
 *
 * Context: Process context.
 */
void ipu_device_withdraw(struct vb2_ipu_device *vid)
{
	mutex_lock(&devices_lock);
	list_del(&vid->node);
	mutex_unlock(&devices_lock);
}

/**
 * ipu_device_call_begin() - a call into an exporter is about to begin
 * @vid: The device, which does not go before the call ends.
 *
 * Context: Process context, within &vb2_ipu_device.lock.
 */
void ipu_device_call_begin(struct vb2_ipu_device *vid)
{
	lockdep_assert_held(&vid->lock);
	vid->calls++;
}

/**
 * ipu_device_call_end() - the call has ended
 * @vid: The device.
 *
 * Context: Process context, within &vb2_ipu_device.lock.
 */
void ipu_device_call_end(struct vb2_ipu_device *vid)
{
	lockdep_assert_held(&vid->lock);
	if (!--vid->calls)
		wake_up(&vid->no_calls);
}
