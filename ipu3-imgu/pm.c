// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power of the PCI function. While no pipe runs it is in D3: the PCI core sees to that alone, for
 * each start powers the processors up and boots them, so that there is nothing to save.
 */
#include <linux/pci.h>
#include <linux/pm_runtime.h>

#include "ipu3-imgu.h"

static int imgu_suspend(struct device *dev)
{
	struct imgu_device *imgu = pci_get_drvdata(to_pci_dev(dev));
	int ret;

	imgu_stream_pause(imgu);
	ret = pm_runtime_force_suspend(dev);
	if (ret)
		imgu_stream_go_on(imgu);
	return ret;
}

/* A stream that does not go on is told to whoever reads it; the system resumes all the same. */
static int imgu_resume(struct device *dev)
{
	int ret = pm_runtime_force_resume(dev);

	if (ret)
		return ret;
	imgu_stream_go_on(pci_get_drvdata(to_pci_dev(dev)));
	return 0;
}

const struct dev_pm_ops imgu_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(imgu_suspend, imgu_resume)
};
