// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power. While nobody streams the function is in D0i3 or D3.
 */
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <media/vb2-ipu-iommu.h>

#include "ipu3-cio2.h"

static int cio2_runtime_suspend(struct device *dev)
{
	struct cio2_device *cio2 = pci_get_drvdata(to_pci_dev(dev));

	vb2_ipu_device_suspend(cio2->vid);
	cio2_write(cio2, CIO2_D0I3C, CIO2_D0I3C_I3);
	return 0;
}

static int cio2_runtime_resume(struct device *dev)
{
	struct cio2_device *cio2 = pci_get_drvdata(to_pci_dev(dev));

	cio2_write(cio2, CIO2_D0I3C, CIO2_D0I3C_RESTORE_REQUIRED);
	vb2_ipu_device_resume(cio2->vid);
	return 0;
}

static int cio2_suspend(struct device *dev)
{
	struct cio2_device *cio2 = pci_get_drvdata(to_pci_dev(dev));
	unsigned int i;

	for (i = 0; i < CIO2_PORTS; i++)
		cio2_video_pause(&cio2->ports[i]);
	return pm_runtime_force_suspend(dev);
}

/* A stream that does not go on is told to whoever reads it; the system resumes all the same. */
static int cio2_resume(struct device *dev)
{
	struct cio2_device *cio2 = pci_get_drvdata(to_pci_dev(dev));
	unsigned int i;
	int ret;

	ret = pm_runtime_force_resume(dev);
	if (ret)
		return ret;
	for (i = 0; i < CIO2_PORTS; i++)
		cio2_video_go_on(&cio2->ports[i]);
	return 0;
}

const struct dev_pm_ops cio2_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(cio2_suspend, cio2_resume)
	RUNTIME_PM_OPS(cio2_runtime_suspend, cio2_runtime_resume, NULL)
};
