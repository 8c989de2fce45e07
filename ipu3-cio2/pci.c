// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PCI function: binding and unbinding.
 */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <media/ipu-bridge.h>
#include <media/vb2-ipu-iommu.h>

#include "compat.h"
#include "ipu3-cio2.h"

static int noncoherent = -1;
module_param(noncoherent, int, 0444);
MODULE_PARM_DESC(noncoherent,
		 "Whether the device looks past the CPU's caches: 0: no, 1: yes, -1: as is known (default)");

/**
 * struct cio2_model - what is known of a device by its ID
 * @noncoherent: It looks past the CPU's caches.
 */
struct cio2_model {
	bool noncoherent;
};

/* Its first driver has never flushed anything, and works. */
static const struct cio2_model cio2_skylake = { .noncoherent = false };

static const struct pci_device_id cio2_pci_ids[] = {
	{ PCI_VDEVICE(INTEL, CIO2_PCI_ID), .driver_data = (kernel_ulong_t)&cio2_skylake },
	{ }
};
MODULE_DEVICE_TABLE(pci, cio2_pci_ids);

/* Nobody has a node open any more. */
static void cio2_release(struct v4l2_device *v4l2_dev)
{
	struct cio2_device *cio2 = container_of(v4l2_dev, struct cio2_device, v4l2_dev);
	unsigned int i;

	for (i = 0; i < CIO2_PORTS; i++) {
		struct cio2_port *port = &cio2->ports[i];

		v4l2_subdev_cleanup(&port->subdev);
		media_entity_cleanup(&port->subdev.entity);
		media_entity_cleanup(&port->vdev.entity);
		mutex_destroy(&port->lock);
	}
	media_device_cleanup(&cio2->media);
	mutex_destroy(&cio2->hw_lock);
	kfree(cio2);
}

static int cio2_init_pci(struct cio2_device *cio2)
{
	struct pci_dev *pdev = cio2->pdev;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	cio2->base = pcim_iomap_region(pdev, CIO2_BAR, CIO2_NAME);
	if (IS_ERR(cio2->base))
		return PTR_ERR(cio2->base);
	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(CIO2_DMA_BITS));
	if (ret)
		return ret;
	pci_set_master(pdev);
	return 0;
}

static int cio2_init_backend(struct cio2_device *cio2, const struct cio2_model *model)
{
	struct vb2_ipu_device_config config = {
		.name = "cio2",
		.hw = cio2,
		.noncoherent_buffers = noncoherent < 0 ? model->noncoherent : noncoherent,
		/* Like the tables of the kernel's driver, which keeps its coherent mask. */
		.below_4g = true,
	};
	struct vb2_ipu_device *vid = vb2_ipu_device_create(&cio2->pdev->dev, &config);

	if (IS_ERR(vid))
		return PTR_ERR(vid);
	cio2->vid = vid;
	return 0;
}

static int cio2_init_port(struct cio2_device *cio2, unsigned int index)
{
	struct cio2_port *port = &cio2->ports[index];
	int ret;

	ret = cio2_dma_init(port);
	if (ret)
		return ret;
	ret = cio2_subdev_init(port);
	if (ret)
		return ret;
	return cio2_video_init(port);
}

static void cio2_init_locks(struct cio2_device *cio2)
{
	unsigned int i;

	mutex_init(&cio2->hw_lock);
	for (i = 0; i < CIO2_PORTS; i++) {
		struct cio2_port *port = &cio2->ports[i];

		port->cio2 = cio2;
		port->index = i;
		mutex_init(&port->lock);
		spin_lock_init(&port->ring_lock);
		INIT_LIST_HEAD(&port->waiting);
	}
}

static int cio2_register_port(struct cio2_port *port)
{
	int ret = v4l2_device_register_subdev(&port->cio2->v4l2_dev, &port->subdev);

	return ret ?: cio2_video_register(port);
}

static void cio2_unregister_nodes(struct cio2_device *cio2)
{
	unsigned int i;

	for (i = 0; i < CIO2_PORTS; i++)
		cio2_video_unregister(&cio2->ports[i]);
}

/* No sensor may come any more: it would be linked to what is no longer there. */
static void cio2_unregister_receivers(struct cio2_device *cio2)
{
	unsigned int i;

	for (i = 0; i < CIO2_PORTS; i++)
		v4l2_device_unregister_subdev(&cio2->ports[i].subdev);
}

static void cio2_free_memory(struct cio2_device *cio2)
{
	unsigned int i;

	for (i = 0; i < CIO2_PORTS; i++)
		cio2_dma_exit(&cio2->ports[i]);
	cio2_lop_exit(cio2);
}

static int cio2_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct cio2_device *cio2;
	unsigned int i;
	int ret;

	/* Firmware made for Windows says in tables of its own which sensors there are. */
	ret = ipu_bridge_init(&pdev->dev, ipu_bridge_parse_ssdb);
	if (ret)
		return ret;
	cio2 = kzalloc(sizeof(*cio2), GFP_KERNEL);
	if (!cio2)
		return -ENOMEM;
	cio2->pdev = pdev;
	ret = cio2_init_pci(cio2);
	if (ret)
		goto err_free;
	cio2_init_locks(cio2);
	/* First, or the V4L2 core would set its own. */
	pci_set_drvdata(pdev, cio2);

	cio2->media.dev = &pdev->dev;
	strscpy(cio2->media.model, CIO2_MODEL);
	media_device_init(&cio2->media);
	cio2->v4l2_dev.mdev = &cio2->media;
	ret = v4l2_device_register(&pdev->dev, &cio2->v4l2_dev);
	if (ret)
		goto err_media;
	/* From here on the last reference to it frees all. */
	cio2->v4l2_dev.release = cio2_release;

	ret = cio2_init_backend(cio2, (const struct cio2_model *)id->driver_data);
	if (ret)
		goto err_v4l2;
	ret = cio2_lop_init(cio2);
	if (ret)
		goto err_backend;
	for (i = 0; i < CIO2_PORTS; i++) {
		ret = cio2_init_port(cio2, i);
		if (ret)
			goto err_memory;
	}
	ret = cio2_irq_init(cio2);
	if (ret)
		goto err_memory;
	vb2_ipu_device_resume(cio2->vid);
	ret = media_device_register(&cio2->media);
	if (ret)
		goto err_irq;
	for (i = 0; i < CIO2_PORTS; i++) {
		ret = cio2_register_port(&cio2->ports[i]);
		if (ret)
			goto err_ports;
	}
	ret = cio2_bridge_init(cio2);
	if (ret)
		goto err_ports;
	cio2_debugfs_add(cio2);
	pm_runtime_put_noidle(&pdev->dev);
	pm_runtime_allow(&pdev->dev);
	return 0;

err_ports:
	cio2_unregister_nodes(cio2);
	cio2_unregister_receivers(cio2);
	media_device_unregister(&cio2->media);
err_irq:
	vb2_ipu_device_suspend(cio2->vid);
	cio2_irq_exit(cio2);
err_memory:
	cio2_free_memory(cio2);
err_backend:
	vb2_ipu_device_destroy(cio2->vid);
err_v4l2:
	v4l2_device_unregister(&cio2->v4l2_dev);
	v4l2_device_put(&cio2->v4l2_dev);
	return ret;

err_media:
	media_device_cleanup(&cio2->media);
	mutex_destroy(&cio2->hw_lock);
	for (i = 0; i < CIO2_PORTS; i++)
		mutex_destroy(&cio2->ports[i].lock);
err_free:
	kfree(cio2);
	return ret;
}

static void cio2_remove(struct pci_dev *pdev)
{
	struct cio2_device *cio2 = pci_get_drvdata(pdev);

	pm_runtime_forbid(&pdev->dev);
	pm_runtime_get_noresume(&pdev->dev);
	cio2_debugfs_remove(cio2);
	/* First, so that who streams learns that the device goes, not that the sensor does. */
	cio2_unregister_nodes(cio2);
	cio2_bridge_exit(cio2);
	cio2_unregister_receivers(cio2);
	media_device_unregister(&cio2->media);
	vb2_ipu_device_suspend(cio2->vid);
	cio2_irq_exit(cio2);
	cio2_free_memory(cio2);
	vb2_ipu_device_destroy(cio2->vid);
	v4l2_device_unregister(&cio2->v4l2_dev);
	v4l2_device_put(&cio2->v4l2_dev);
}

static struct pci_driver cio2_pci_driver = {
	.name = CIO2_NAME,
	.id_table = cio2_pci_ids,
	.probe = cio2_probe,
	.remove = cio2_remove,
	.driver.pm = pm_ptr(&cio2_pm_ops),
};

static int __init cio2_init(void)
{
	int ret;

	cio2_debugfs_init();
	ret = pci_register_driver(&cio2_pci_driver);
	if (ret)
		cio2_debugfs_exit();
	return ret;
}

static void __exit cio2_exit(void)
{
	pci_unregister_driver(&cio2_pci_driver);
	cio2_debugfs_exit();
}

module_init(cio2_init);
module_exit(cio2_exit);

MODULE_DESCRIPTION("Intel IPU3 CIO2, a CSI-2 receiver");
MODULE_AUTHOR("The vb2-ipu-iommu authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(IPU3_CIO2_VERSION);
CIO2_MODULE_IMPORT_NS(INTEL_IPU_BRIDGE);
