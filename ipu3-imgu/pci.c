// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PCI function: binding and unbinding.
 */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <media/vb2-ipu-iommu.h>

#include "abi-sp.h"
#include "ipu3-imgu.h"

#define IMGU_PCI_ID	0x1919
#define IMGU_BAR	0
#define IMGU_DMA_BITS	39

static int noncoherent_tables = -1;
module_param(noncoherent_tables, int, 0444);
MODULE_PARM_DESC(noncoherent_tables,
		 "Whether the MMU looks past the CPU's caches: 0: no, 1: yes, -1: as is known (default)");

static int noncoherent_buffers = -1;
module_param(noncoherent_buffers, int, 0444);
MODULE_PARM_DESC(noncoherent_buffers,
		 "Whether all else of the device does: 0: no, 1: yes, -1: as is known (default)");

/**
 * struct imgu_model - what is known of a device by its ID
 * @noncoherent_tables: Its MMU looks past the CPU's caches.
 * @noncoherent_buffers: All else of it does.
 */
struct imgu_model {
	bool noncoherent_tables;
	bool noncoherent_buffers;
};

/*
 * Its first driver keeps the MMU's tables in uncached memory and has never flushed anything else,
 * and works; which of its accesses look into the caches nobody has said.
 */
static const struct imgu_model imgu_skylake = {
	.noncoherent_tables = true,
	.noncoherent_buffers = true,
};

static const struct pci_device_id imgu_pci_ids[] = {
	{ PCI_VDEVICE(INTEL, IMGU_PCI_ID), .driver_data = (kernel_ulong_t)&imgu_skylake },
	{ }
};
MODULE_DEVICE_TABLE(pci, imgu_pci_ids);

/**
 * imgu_dev() - the device that the log names
 * @imgu: The device.
 *
 * Context: Any.
 * Return: the PCI function.
 */
struct device *imgu_dev(const struct imgu_device *imgu)
{
	return &imgu->pdev->dev;
}

static void imgu_destroy_locks(struct imgu_device *imgu)
{
	unsigned int i;

	for (i = 0; i < IMGU_PIPES; i++)
		mutex_destroy(&imgu->pipes[i].lock);
	mutex_destroy(&imgu->stream_lock);
	mutex_destroy(&imgu->engine_lock);
}

/* Nobody has a node open any more. */
static void imgu_release(struct v4l2_device *v4l2_dev)
{
	struct imgu_device *imgu = container_of(v4l2_dev, struct imgu_device, v4l2_dev);

	if (imgu->has_graph)
		imgu_graph_cleanup(imgu);
	media_device_cleanup(&imgu->media);
	imgu_destroy_locks(imgu);
	kfree(imgu);
}

static int imgu_init_pci(struct imgu_device *imgu)
{
	struct pci_dev *pdev = imgu->pdev;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	if (pci_resource_len(pdev, IMGU_BAR) < IMGU_REGISTERS_SIZE)
		return dev_err_probe(&pdev->dev, -ENODEV, "BAR %u has %pa bytes only\n", IMGU_BAR,
				     &(resource_size_t){ pci_resource_len(pdev, IMGU_BAR) });
	imgu->base = pcim_iomap_region(pdev, IMGU_BAR, IMGU_NAME);
	if (IS_ERR(imgu->base))
		return PTR_ERR(imgu->base);
	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(IMGU_DMA_BITS));
	if (ret)
		return ret;
	pci_set_master(pdev);
	return 0;
}

static void imgu_init_locks(struct imgu_device *imgu)
{
	unsigned int i;

	mutex_init(&imgu->stream_lock);
	mutex_init(&imgu->engine_lock);
	for (i = 0; i < IMGU_PIPES; i++) {
		imgu->pipes[i].imgu = imgu;
		imgu->pipes[i].number = i;
		mutex_init(&imgu->pipes[i].lock);
	}
}

static int imgu_init_backend(struct imgu_device *imgu, const struct imgu_model *model)
{
	const struct vb2_ipu_device_config config = {
		.name = "imgu",
		.mmu_ops = &imgu_mmu_ops,
		.hw = imgu,
		.noncoherent_tables =
			noncoherent_tables < 0 ? model->noncoherent_tables : noncoherent_tables,
		.noncoherent_buffers =
			noncoherent_buffers < 0 ? model->noncoherent_buffers : noncoherent_buffers,
		/* How far the feeder and the warp read beyond a frame's edge is not known. */
		.guard = true,
	};
	struct vb2_ipu_device *vid = vb2_ipu_device_create(&imgu->pdev->dev, &config);

	if (IS_ERR(vid))
		return PTR_ERR(vid);
	imgu->vid = vid;
	return 0;
}

static int imgu_init_group(struct imgu_device *imgu)
{
	dma_addr_t dma;

	imgu->shared = vb2_ipu_pool_create(imgu->vid, "sp-group", sizeof(*imgu->group),
					   DMA_BIDIRECTIONAL);
	if (IS_ERR(imgu->shared))
		return PTR_ERR(imgu->shared);
	imgu->group = vb2_ipu_pool_alloc(imgu->shared, sizeof(*imgu->group), &dma);
	if (!imgu->group) {
		vb2_ipu_pool_destroy(imgu->shared);
		return -ENOMEM;
	}
	imgu->group_dma = dma;
	return 0;
}

static void imgu_exit_group(struct imgu_device *imgu)
{
	vb2_ipu_pool_free(imgu->shared, imgu->group, sizeof(*imgu->group));
	vb2_ipu_pool_destroy(imgu->shared);
}

static int imgu_init_v4l2(struct imgu_device *imgu)
{
	struct device *dev = &imgu->pdev->dev;
	int ret;

	media_device_pci_init(&imgu->media, imgu->pdev, IMGU_NAME);
	imgu->v4l2_dev.mdev = &imgu->media;
	ret = v4l2_device_register(dev, &imgu->v4l2_dev);
	if (ret) {
		media_device_cleanup(&imgu->media);
		return ret;
	}
	/* From here on the last reference to it frees all. */
	imgu->v4l2_dev.release = imgu_release;
	return 0;
}

static int imgu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct imgu_device *imgu;
	int ret;

	imgu = kzalloc(sizeof(*imgu), GFP_KERNEL);
	if (!imgu)
		return -ENOMEM;
	imgu->pdev = pdev;
	imgu_init_locks(imgu);
	imgu_stream_init(imgu);
	ret = imgu_init_pci(imgu);
	if (ret)
		goto err_free;
	/* First, or the V4L2 core would set its own. */
	pci_set_drvdata(pdev, imgu);
	ret = imgu_init_v4l2(imgu);
	if (ret)
		goto err_free;

	ret = imgu_init_backend(imgu, (const struct imgu_model *)id->driver_data);
	if (ret)
		goto err_v4l2;
	ret = imgu_init_group(imgu);
	if (ret)
		goto err_backend;
	ret = imgu_program_init(imgu);
	if (ret)
		goto err_group;
	ret = imgu_stream_try_hardware(imgu);
	if (ret)
		goto err_program;
	ret = imgu_graph_init(imgu);
	if (ret)
		goto err_program;
	imgu->has_graph = true;
	ret = imgu_irq_init(imgu);
	if (ret)
		goto err_program;
	ret = imgu_graph_register(imgu);
	if (ret)
		goto err_irq;
	ret = media_device_register(&imgu->media);
	if (ret)
		goto err_graph;
	imgu_debugfs_add(imgu);
	pm_runtime_put_noidle(&pdev->dev);
	pm_runtime_allow(&pdev->dev);
	return 0;

err_graph:
	imgu_graph_unregister(imgu);
err_irq:
	imgu_irq_exit(imgu);
err_program:
	imgu_program_exit(imgu);
err_group:
	imgu_exit_group(imgu);
err_backend:
	vb2_ipu_device_destroy(imgu->vid);
err_v4l2:
	v4l2_device_unregister(&imgu->v4l2_dev);
	v4l2_device_put(&imgu->v4l2_dev);
	return ret;

err_free:
	imgu_destroy_locks(imgu);
	kfree(imgu);
	return ret;
}

static void imgu_remove(struct pci_dev *pdev)
{
	struct imgu_device *imgu = pci_get_drvdata(pdev);

	pm_runtime_forbid(&pdev->dev);
	pm_runtime_get_noresume(&pdev->dev);
	imgu_debugfs_remove(imgu);
	imgu_graph_unregister(imgu);
	media_device_unregister(&imgu->media);
	imgu_stream_exit(imgu);
	imgu_irq_exit(imgu);
	imgu_program_exit(imgu);
	imgu_exit_group(imgu);
	vb2_ipu_device_destroy(imgu->vid);
	v4l2_device_unregister(&imgu->v4l2_dev);
	v4l2_device_put(&imgu->v4l2_dev);
}

static struct pci_driver imgu_pci_driver = {
	.name = IMGU_NAME,
	.id_table = imgu_pci_ids,
	.probe = imgu_probe,
	.remove = imgu_remove,
	.driver.pm = pm_ptr(&imgu_pm_ops),
};

static int __init imgu_init(void)
{
	int ret;

	imgu_debugfs_init();
	ret = pci_register_driver(&imgu_pci_driver);
	if (ret)
		imgu_debugfs_exit();
	return ret;
}

static void __exit imgu_exit(void)
{
	pci_unregister_driver(&imgu_pci_driver);
	imgu_debugfs_exit();
}

module_init(imgu_init);
module_exit(imgu_exit);

MODULE_DESCRIPTION("Intel IPU3 ImgU, an image processor");
MODULE_AUTHOR("The vb2-ipu-iommu authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(IPU3_IMGU_VERSION);
