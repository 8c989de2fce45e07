// SPDX-License-Identifier: GPL-2.0-only
/*
 * No test touches a register of the PCI function. It is there for what the platform makes of its
 * DMA addresses: behind VT-d these are not physical ones. A driver is bound to it as to any that
 * has an MMU, so the function's own must not.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/pci.h>
#include <linux/platform_device.h>

#include "parent.h"

/* The reach of the IPU3's DMA. */
#define KTEST_DMA_BITS 39

static struct platform_device *fake;
static const char *wanted;
static struct pci_dev *function;

static int ktest_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	int ret;

	if (strcmp(pci_name(pdev), wanted))
		return -ENODEV;
	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(KTEST_DMA_BITS));
	if (ret)
		return ret;
	function = pdev;
	return 0;
}

static const struct pci_device_id ktest_pci_ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, 0x9d32) },
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, 0x1919) },
	{}
};

static struct pci_driver ktest_pci_driver = {
	.name = "ipu-ktest",
	.id_table = ktest_pci_ids,
	.probe = ktest_pci_probe,
};

/**
 * ktest_parent_open() - get a parent
 * @pci_address: Of a CIO2 or ImgU without a driver, e.g. "0000:00:05.0"; %NULL or empty for a
 * device of our own.
 *
 * Context: Process context.
 * Return: 0; -ENODEV if there is no such function or another driver has it.
 */
int ktest_parent_open(const char *pci_address)
{
	int ret;

	if (pci_address && *pci_address) {
		wanted = pci_address;
		ret = pci_register_driver(&ktest_pci_driver);
		if (ret)
			return ret;
		if (function)
			return 0;
		pci_unregister_driver(&ktest_pci_driver);
		return -ENODEV;
	}
	fake = platform_device_register_simple("ipu-ktest-parent", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(fake))
		return PTR_ERR(fake);
	ret = dma_coerce_mask_and_coherent(&fake->dev, DMA_BIT_MASK(KTEST_DMA_BITS));
	if (ret)
		platform_device_unregister(fake);
	return ret;
}

/**
 * ktest_parent_close() - give the parent back
 *
 * Context: Process context.
 */
void ktest_parent_close(void)
{
	if (function)
		pci_unregister_driver(&ktest_pci_driver);
	else
		platform_device_unregister(fake);
}

/**
 * ktest_parent() - the parent
 *
 * Return: The device.
 */
struct device *ktest_parent(void)
{
	return function ? &function->dev : &fake->dev;
}

/**
 * ktest_parent_domain() - what translates for the parent
 *
 * Return: The domain; %NULL if the parent emits physical addresses.
 */
struct iommu_domain *ktest_parent_domain(void)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(ktest_parent());

	return domain && domain->type != IOMMU_DOMAIN_IDENTITY ? domain : NULL;
}
