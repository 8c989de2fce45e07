// SPDX-License-Identifier: GPL-2.0-only
/*
 * insmod ipu-planted.ko bug=NAME makes one bug.
 */
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "planted.h"

static char *bug = "";
module_param(bug, charp, 0444);
MODULE_PARM_DESC(bug, "which bug to make, e.g. leak");

static const struct {
	const char *name;
	int (*make)(struct device *dev);
} bugs[] = {
	{ "use-after-free", planted_use_after_free },
	{ "leak", planted_leak },
	{ "index", planted_index },
	{ "shift", planted_shift },
	{ "list", planted_list },
	{ "timer", planted_timer },
	{ "lock-order", planted_lock_order },
	{ "sleep", planted_sleep },
	{ "dma-unmapped", planted_dma_unmapped },
	{ "dma-left", planted_dma_left },
	{ "page-freed", planted_page_freed },
	/* The control: what a silent module looks like. */
	{ "none", NULL },
};

static int __init ipu_planted_init(void)
{
	/* The receiver: a device that the machine has, whoever drives it. */
	struct pci_dev *pdev = pci_get_device(PCI_VENDOR_ID_INTEL, 0x9d32, NULL);
	int ret = -EINVAL;
	unsigned int i;

	if (!pdev)
		return -ENODEV;
	for (i = 0; i < ARRAY_SIZE(bugs); i++)
		if (!strcmp(bug, bugs[i].name))
			ret = bugs[i].make ? bugs[i].make(&pdev->dev) : 0;
	pci_dev_put(pdev);
	return ret;
}
module_init(ipu_planted_init);

static void __exit ipu_planted_exit(void)
{
}
module_exit(ipu_planted_exit);

MODULE_DESCRIPTION("Bugs on purpose");
MODULE_LICENSE("GPL");
