// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PCI function: binding, interrupts, power.
 */
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <media/vb2-ipu-iommu.h>

#include "ipu-dmatest.h"

/* Not a registered ID: the device exists in the project's virtual machine only. */
#define DMT_PCI_VENDOR	0x1234
#define DMT_PCI_DEVICE	0x1d0a

/* As many functions as the machine has at most; one value is for all. */
#define DMT_FUNCTIONS 2

static bool noncoherent_tables[DMT_FUNCTIONS] = { true, true };
static unsigned int n_noncoherent_tables = DMT_FUNCTIONS;
module_param_array(noncoherent_tables, bool, &n_noncoherent_tables, 0444);
MODULE_PARM_DESC(noncoherent_tables,
		 "The MMU does not snoop the CPU's caches, by function (default: it does not)");

static bool noncoherent_buffers[DMT_FUNCTIONS] = { true, true };
static unsigned int n_noncoherent_buffers = DMT_FUNCTIONS;
module_param_array(noncoherent_buffers, bool, &n_noncoherent_buffers, 0444);
MODULE_PARM_DESC(noncoherent_buffers,
		 "Nor do accesses to buffers, by function (default: they do not)");

static bool mmu = true;
module_param(mmu, bool, 0444);
MODULE_PARM_DESC(mmu, "Use the device's MMU (default); without it, buffers must be contiguous");

static bool guard;
module_param(guard, bool, 0444);
MODULE_PARM_DESC(guard, "A page that is no buffer's comes after each (default: whatever is there)");

static bool below_4g;
module_param(below_4g, bool, 0444);
MODULE_PARM_DESC(below_4g, "Tables are below 4 GiB (default: where there is room)");

/* ---- interrupts ---- */

static irqreturn_t dmt_interrupt(int irq, void *data)
{
	struct dmt_device *dmt = data;
	u32 status = dmt_read(dmt, DMT_INT_STATUS);

	/* All ones: the device has no power, and the interrupt is a late one. */
	if (!status || status == ~0U) {
		atomic_inc(&dmt->spurious);
		return IRQ_NONE;
	}
	dmt_write(dmt, DMT_INT_STATUS, status);
	return IRQ_WAKE_THREAD;
}

/*
 * Looks at all nodes, whatever the interrupt said: so a completion whose interrupt was lost comes
 * with the next one.
 */
static irqreturn_t dmt_interrupt_thread(int irq, void *data)
{
	struct dmt_device *dmt = data;
	unsigned int i;

	for (i = 0; i < DMT_NODES; i++)
		dmt_queue_complete(&dmt->nodes[i]);
	return IRQ_HANDLED;
}

/* ---- power ---- */

static void dmt_lock_nodes(struct dmt_device *dmt)
{
	unsigned int i;

	for (i = 0; i < DMT_NODES; i++)
		mutex_lock_nested(&dmt->nodes[i].hw_lock, i);
}

static void dmt_unlock_nodes(struct dmt_device *dmt)
{
	unsigned int i;

	for (i = DMT_NODES; i--;)
		mutex_unlock(&dmt->nodes[i].hw_lock);
}

static void dmt_sleep(struct dmt_device *dmt)
{
	unsigned int i;

	dmt_lock_nodes(dmt);
	for (i = 0; i < DMT_NODES; i++)
		dmt_queue_pause(&dmt->nodes[i]);
	dmt->awake = false;
	dmt_unlock_nodes(dmt);
	/* Waits for the interrupt's thread, which takes the locks. */
	dmt_hw_stop(dmt);
	for (i = 0; i < DMT_NODES; i++)
		cancel_delayed_work_sync(&dmt->nodes[i].watchdog);
}

static void dmt_wake(struct dmt_device *dmt)
{
	unsigned int i;

	dmt_hw_start(dmt);
	dmt_lock_nodes(dmt);
	dmt->awake = true;
	for (i = 0; i < DMT_NODES; i++)
		dmt_queue_go_on(&dmt->nodes[i]);
	dmt_unlock_nodes(dmt);
}

/*
 * The same for both kinds of sleep: when it is a runtime one, no node streams and there is nothing
 * to take back.
 */
static int dmt_suspend(struct device *dev)
{
	dmt_sleep(pci_get_drvdata(to_pci_dev(dev)));
	return 0;
}

static int dmt_resume(struct device *dev)
{
	dmt_wake(pci_get_drvdata(to_pci_dev(dev)));
	return 0;
}

static const struct dev_pm_ops dmt_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(dmt_suspend, dmt_resume)
	RUNTIME_PM_OPS(dmt_suspend, dmt_resume, NULL)
};

/* ---- life ---- */

/* Nobody has a node open any more. */
static void dmt_release(struct v4l2_device *v4l2_dev)
{
	struct dmt_device *dmt = container_of(v4l2_dev, struct dmt_device, v4l2_dev);
	unsigned int i;

	for (i = 0; i < DMT_NODES; i++)
		if (dmt->nodes[i].dmt)
			dmt_node_free(&dmt->nodes[i]);
	kfree(dmt);
}

static int dmt_init_pci(struct dmt_device *dmt)
{
	struct pci_dev *pdev = dmt->pdev;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	dmt->base = pcim_iomap_region(pdev, DMT_BAR, DMT_NAME);
	if (IS_ERR(dmt->base))
		return PTR_ERR(dmt->base);
	if (dmt_read(dmt, DMT_ID) != DMT_ID_VALUE)
		return dev_err_probe(&pdev->dev, -ENODEV,
				     "not a device that this driver knows: %#x\n",
				     dmt_read(dmt, DMT_ID));
	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(DMT_DMA_BITS));
	if (ret)
		return ret;
	pci_set_master(pdev);
	return 0;
}

static int dmt_init_backend(struct dmt_device *dmt)
{
	/* The machine numbers them. */
	unsigned int function = dmt->pdev->subsystem_device;
	struct vb2_ipu_device_config config = {
		.name = "dmatest",
		.mmu_ops = mmu ? &dmt_mmu_ops : NULL,
		.hw = dmt,
		.noncoherent_tables = noncoherent_tables[min(function, n_noncoherent_tables - 1)],
		.noncoherent_buffers =
			noncoherent_buffers[min(function, n_noncoherent_buffers - 1)],
		.below_4g = below_4g,
		.guard = guard,
	};
	struct vb2_ipu_device *vid = vb2_ipu_device_create(&dmt->pdev->dev, &config);

	if (IS_ERR(vid))
		return PTR_ERR(vid);
	dmt->bypass = !mmu;
	dmt->vid = vid;
	return 0;
}

static int dmt_init_irq(struct dmt_device *dmt)
{
	struct pci_dev *pdev = dmt->pdev;
	int ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);

	if (ret < 0)
		return ret;
	dmt->irq = pci_irq_vector(pdev, 0);
	ret = request_threaded_irq(dmt->irq, dmt_interrupt, dmt_interrupt_thread, 0, DMT_NAME, dmt);
	if (ret)
		pci_free_irq_vectors(pdev);
	return ret;
}

static void dmt_free_irq(struct dmt_device *dmt)
{
	free_irq(dmt->irq, dmt);
	pci_free_irq_vectors(dmt->pdev);
}

static int dmt_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct dmt_device *dmt;
	unsigned int i;
	int ret;

	dmt = kzalloc(sizeof(*dmt), GFP_KERNEL);
	if (!dmt)
		return -ENOMEM;
	dmt->pdev = pdev;
	ret = dmt_init_pci(dmt);
	if (ret)
		goto err_free;
	/* First, or the V4L2 core would set its own. */
	pci_set_drvdata(pdev, dmt);
	ret = v4l2_device_register(&pdev->dev, &dmt->v4l2_dev);
	if (ret)
		goto err_free;
	dmt->v4l2_dev.release = dmt_release;
	ret = dmt_init_backend(dmt);
	if (ret)
		goto err_v4l2;
	for (i = 0; i < DMT_NODES; i++) {
		ret = dmt_node_init(dmt, i);
		if (ret)
			goto err_backend;
	}
	ret = dmt_init_irq(dmt);
	if (ret)
		goto err_backend;
	dmt_wake(dmt);
	for (i = 0; i < DMT_NODES; i++) {
		ret = dmt_node_register(&dmt->nodes[i]);
		if (ret)
			goto err_nodes;
	}
	dmt_debugfs_add(dmt);
	pm_runtime_put_noidle(&pdev->dev);
	pm_runtime_allow(&pdev->dev);
	return 0;

err_nodes:
	for (i = 0; i < DMT_NODES; i++)
		dmt_node_unregister(&dmt->nodes[i]);
	dmt_sleep(dmt);
	dmt_free_irq(dmt);
err_backend:
	vb2_ipu_device_destroy(dmt->vid);
err_v4l2:
	v4l2_device_unregister(&dmt->v4l2_dev);
	v4l2_device_put(&dmt->v4l2_dev);
	return ret;
err_free:
	kfree(dmt);
	return ret;
}

static void dmt_remove(struct pci_dev *pdev)
{
	struct dmt_device *dmt = pci_get_drvdata(pdev);
	unsigned int i;

	pm_runtime_forbid(&pdev->dev);
	pm_runtime_get_noresume(&pdev->dev);
	dmt_debugfs_remove(dmt);
	for (i = 0; i < DMT_NODES; i++)
		dmt_node_unregister(&dmt->nodes[i]);
	dmt_sleep(dmt);
	dmt_free_irq(dmt);
	vb2_ipu_device_destroy(dmt->vid);
	v4l2_device_unregister(&dmt->v4l2_dev);
	v4l2_device_put(&dmt->v4l2_dev);
}

static const struct pci_device_id dmt_pci_ids[] = {
	{ PCI_DEVICE(DMT_PCI_VENDOR, DMT_PCI_DEVICE) },
	{ }
};
MODULE_DEVICE_TABLE(pci, dmt_pci_ids);

static struct pci_driver dmt_pci_driver = {
	.name = DMT_NAME,
	.id_table = dmt_pci_ids,
	.probe = dmt_probe,
	.remove = dmt_remove,
	.driver.pm = pm_ptr(&dmt_pm_ops),
};

static int __init dmt_init(void)
{
	int ret;

	dmt_debugfs_init();
	ret = pci_register_driver(&dmt_pci_driver);
	if (ret)
		dmt_debugfs_exit();
	return ret;
}

static void __exit dmt_exit(void)
{
	pci_unregister_driver(&dmt_pci_driver);
	dmt_debugfs_exit();
}

module_init(dmt_init);
module_exit(dmt_exit);

MODULE_DESCRIPTION("Driver of the virtual DMA test function");
MODULE_AUTHOR("The vb2-ipu-iommu authors");
MODULE_LICENSE("GPL");
