/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before each source of ipu3-cio2 and ipu3-imgu, as fail-nth-wrap.h is before those of the
 * backend: what a probe or a stream takes of the kernel fails when it is told to. What must be given
 * back, once and by name, is counted.
 */
#ifndef FAIL_NTH_WRAP_DRIVER_H
#define FAIL_NTH_WRAP_DRIVER_H

#include <linux/dma-mapping.h>
#include <linux/firmware.h>
#include <linux/interrupt.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <media/ipu-bridge.h>
#include <media/media-device.h>
#include <media/media-entity.h>
#include <media/v4l2-async.h>
#include <media/v4l2-common.h>
#include <media/v4l2-ctrls.h>
#include <media/v4l2-dev.h>
#include <media/v4l2-device.h>
#include <media/v4l2-fwnode.h>
#include <media/v4l2-mc.h>
#include <media/v4l2-subdev.h>
#include <media/videobuf2-v4l2.h>

#include "fail-nth.h"
#include "fail-nth-memory.h"

/* A call that gives 0 or an error; one that gives a pointer or an error. */
#define FAIL_NTH_TRY(name, call) (fail_nth_due(name) ? -ENOMEM : (call))
#define FAIL_NTH_TRY_PTR(name, call) (fail_nth_due(name) ? ERR_PTR(-ENOMEM) : (call))

static inline int fail_nth_took(int ret)
{
	if (ret >= 0)
		fail_nth_count(FAIL_NTH_DRIVER, 1);
	return ret;
}

static inline void fail_nth_gave(void)
{
	fail_nth_count(FAIL_NTH_DRIVER, -1);
}

/* ---- files of firmware ---- */

static inline int fail_nth_firmware(const struct firmware **firmware, const char *name,
				    struct device *dev)
{
	return fail_nth_took(FAIL_NTH_TRY("firmware_request_nowarn",
					  firmware_request_nowarn(firmware, name, dev)));
}

static inline void fail_nth_firmware_end(const struct firmware *firmware)
{
	if (firmware)
		fail_nth_gave();
	release_firmware(firmware);
}

/* ---- the PCI function ---- */

static inline int fail_nth_bridge(struct device *dev, ipu_parse_sensor_fwnode_t parse)
{
	return FAIL_NTH_TRY("ipu_bridge_init", ipu_bridge_init(dev, parse));
}

static inline int fail_nth_enable(struct pci_dev *pdev)
{
	return FAIL_NTH_TRY("pcim_enable_device", pcim_enable_device(pdev));
}

static inline void __iomem *fail_nth_iomap(struct pci_dev *pdev, int bar, const char *name)
{
	if (fail_nth_due("pcim_iomap_region"))
		return IOMEM_ERR_PTR(-ENOMEM);
	return pcim_iomap_region(pdev, bar, name);
}

static inline int fail_nth_mask(struct device *dev, u64 mask)
{
	return FAIL_NTH_TRY("dma_set_mask_and_coherent", dma_set_mask_and_coherent(dev, mask));
}

static inline int fail_nth_vectors(struct pci_dev *pdev, unsigned int min, unsigned int max,
				   unsigned int flags)
{
	return fail_nth_took(FAIL_NTH_TRY("pci_alloc_irq_vectors",
					  pci_alloc_irq_vectors(pdev, min, max, flags)));
}

static inline void fail_nth_free_vectors(struct pci_dev *pdev)
{
	fail_nth_gave();
	pci_free_irq_vectors(pdev);
}

static inline int fail_nth_irq(unsigned int irq, irq_handler_t handler, irq_handler_t thread,
			       unsigned long flags, const char *name, void *data)
{
	return fail_nth_took(FAIL_NTH_TRY("request_threaded_irq",
					  request_threaded_irq(irq, handler, thread, flags, name,
							       data)));
}

static inline void fail_nth_free_irq(unsigned int irq, void *data)
{
	fail_nth_gave();
	free_irq(irq, data);
}

static inline int fail_nth_power(struct device *dev)
{
	return FAIL_NTH_TRY("pm_runtime_resume_and_get", pm_runtime_resume_and_get(dev));
}

/* ---- media devices and nodes ---- */

static inline int fail_nth_v4l2(struct device *dev, struct v4l2_device *v4l2_dev)
{
	return fail_nth_took(FAIL_NTH_TRY("v4l2_device_register",
					  v4l2_device_register(dev, v4l2_dev)));
}

static inline void fail_nth_v4l2_end(struct v4l2_device *v4l2_dev)
{
	fail_nth_gave();
	v4l2_device_unregister(v4l2_dev);
}

static inline int fail_nth_media(struct media_device *media)
{
	return fail_nth_took(FAIL_NTH_TRY("media_device_register", media_device_register(media)));
}

static inline void fail_nth_media_end(struct media_device *media)
{
	fail_nth_gave();
	media_device_unregister(media);
}

static inline int fail_nth_pads(struct media_entity *entity, u16 count, struct media_pad *pads)
{
	return FAIL_NTH_TRY("media_entity_pads_init", media_entity_pads_init(entity, count, pads));
}

static inline int fail_nth_link(struct media_entity *source, u16 from, struct media_entity *sink,
				u16 to, u32 flags)
{
	return FAIL_NTH_TRY("media_create_pad_link",
			    media_create_pad_link(source, from, sink, to, flags));
}

static inline int fail_nth_finalize(struct v4l2_subdev *subdev)
{
	return FAIL_NTH_TRY("v4l2_subdev_init_finalize", v4l2_subdev_init_finalize(subdev));
}

static inline int fail_nth_subdev(struct v4l2_device *v4l2_dev, struct v4l2_subdev *subdev)
{
	return FAIL_NTH_TRY("v4l2_device_register_subdev",
			    v4l2_device_register_subdev(v4l2_dev, subdev));
}

static inline int fail_nth_subdev_nodes(struct v4l2_device *v4l2_dev)
{
	return FAIL_NTH_TRY("v4l2_device_register_subdev_nodes",
			    v4l2_device_register_subdev_nodes(v4l2_dev));
}

static inline int fail_nth_video(struct video_device *vdev, enum vfl_devnode_type type, int nr)
{
	return FAIL_NTH_TRY("video_register_device", video_register_device(vdev, type, nr));
}

static inline int fail_nth_queue(struct vb2_queue *queue)
{
	return FAIL_NTH_TRY("vb2_queue_init", vb2_queue_init(queue));
}

static inline int fail_nth_pipeline(struct video_device *vdev, struct media_pipeline *pipe)
{
	return FAIL_NTH_TRY("video_device_pipeline_start", video_device_pipeline_start(vdev, pipe));
}

static inline int fail_nth_controls(struct v4l2_ctrl_handler *handler, unsigned int count)
{
	return fail_nth_took(FAIL_NTH_TRY("v4l2_ctrl_handler_init",
					  v4l2_ctrl_handler_init(handler, count)));
}

static inline void fail_nth_controls_end(struct v4l2_ctrl_handler *handler)
{
	fail_nth_gave();
	v4l2_ctrl_handler_free(handler);
}

/* The handler keeps the error, as if the core had had no memory. */
static inline struct v4l2_ctrl *fail_nth_control(struct v4l2_ctrl_handler *handler,
						 const struct v4l2_ctrl_config *config, void *priv)
{
	if (fail_nth_due("v4l2_ctrl_new_custom")) {
		handler->error = -ENOMEM;
		return NULL;
	}
	return v4l2_ctrl_new_custom(handler, config, priv);
}

/* ---- sensors ---- */

static inline int fail_nth_endpoint(struct fwnode_handle *node, struct v4l2_fwnode_endpoint *parsed)
{
	return FAIL_NTH_TRY("v4l2_fwnode_endpoint_parse", v4l2_fwnode_endpoint_parse(node, parsed));
}

/* A macro of the kernel's own, by its function. */
static inline struct v4l2_async_connection *
fail_nth_connection(struct v4l2_async_notifier *notifier, struct fwnode_handle *endpoint,
		    unsigned int size)
{
	return FAIL_NTH_TRY_PTR("v4l2_async_nf_add_fwnode_remote",
				__v4l2_async_nf_add_fwnode_remote(notifier, endpoint, size));
}

static inline int fail_nth_notifier(struct v4l2_async_notifier *notifier)
{
	return fail_nth_took(FAIL_NTH_TRY("v4l2_async_nf_register",
					  v4l2_async_nf_register(notifier)));
}

static inline void fail_nth_notifier_end(struct v4l2_async_notifier *notifier)
{
	fail_nth_gave();
	v4l2_async_nf_unregister(notifier);
}

static inline int fail_nth_vcm(struct device *sensor)
{
	return FAIL_NTH_TRY("ipu_bridge_instantiate_vcm", ipu_bridge_instantiate_vcm(sensor));
}

static inline int fail_nth_fwnode_links(struct v4l2_subdev *source, struct media_pad *sink,
					u32 flags)
{
	return FAIL_NTH_TRY("v4l2_create_fwnode_links_to_pad",
			    v4l2_create_fwnode_links_to_pad(source, sink, flags));
}

/* ---- the names ---- */

#undef media_device_register
#undef v4l2_ctrl_handler_init
#undef v4l2_device_register_subdev
#undef v4l2_subdev_init_finalize
#undef __v4l2_async_nf_add_fwnode_remote
#define firmware_request_nowarn(...) fail_nth_firmware(__VA_ARGS__)
#define release_firmware(...) fail_nth_firmware_end(__VA_ARGS__)
#define ipu_bridge_init(...) fail_nth_bridge(__VA_ARGS__)
#define pcim_enable_device(...) fail_nth_enable(__VA_ARGS__)
#define pcim_iomap_region(...) fail_nth_iomap(__VA_ARGS__)
#define dma_set_mask_and_coherent(...) fail_nth_mask(__VA_ARGS__)
#define pci_alloc_irq_vectors(...) fail_nth_vectors(__VA_ARGS__)
#define pci_free_irq_vectors(...) fail_nth_free_vectors(__VA_ARGS__)
#define request_threaded_irq(...) fail_nth_irq(__VA_ARGS__)
#define free_irq(...) fail_nth_free_irq(__VA_ARGS__)
#define pm_runtime_resume_and_get(...) fail_nth_power(__VA_ARGS__)
#define v4l2_device_register(...) fail_nth_v4l2(__VA_ARGS__)
#define v4l2_device_unregister(...) fail_nth_v4l2_end(__VA_ARGS__)
#define media_device_register(...) fail_nth_media(__VA_ARGS__)
#define media_device_unregister(...) fail_nth_media_end(__VA_ARGS__)
#define media_entity_pads_init(...) fail_nth_pads(__VA_ARGS__)
#define media_create_pad_link(...) fail_nth_link(__VA_ARGS__)
#define v4l2_subdev_init_finalize(...) fail_nth_finalize(__VA_ARGS__)
#define v4l2_device_register_subdev(...) fail_nth_subdev(__VA_ARGS__)
#define v4l2_device_register_subdev_nodes(...) fail_nth_subdev_nodes(__VA_ARGS__)
#define video_register_device(...) fail_nth_video(__VA_ARGS__)
#define vb2_queue_init(...) fail_nth_queue(__VA_ARGS__)
#define video_device_pipeline_start(...) fail_nth_pipeline(__VA_ARGS__)
#define v4l2_ctrl_handler_init(...) fail_nth_controls(__VA_ARGS__)
#define v4l2_ctrl_handler_free(...) fail_nth_controls_end(__VA_ARGS__)
#define v4l2_ctrl_new_custom(...) fail_nth_control(__VA_ARGS__)
#define v4l2_fwnode_endpoint_parse(...) fail_nth_endpoint(__VA_ARGS__)
#define __v4l2_async_nf_add_fwnode_remote(...) fail_nth_connection(__VA_ARGS__)
#define v4l2_async_nf_register(...) fail_nth_notifier(__VA_ARGS__)
#define v4l2_async_nf_unregister(...) fail_nth_notifier_end(__VA_ARGS__)
#define ipu_bridge_instantiate_vcm(...) fail_nth_vcm(__VA_ARGS__)
#define v4l2_create_fwnode_links_to_pad(...) fail_nth_fwnode_links(__VA_ARGS__)

#endif /* FAIL_NTH_WRAP_DRIVER_H */
