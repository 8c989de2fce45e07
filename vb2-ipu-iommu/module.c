// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module: what lives as long as it is no device's. IOMMUs come and go with the drivers' binds,
 * for the IOMMU core holds a reference to the module of an IOMMU that has a device.
 */
#include <linux/init.h>
#include <linux/module.h>

#include "compat.h"
#include "debugfs.h"
#include "hibernation.h"
#include "ipu-mmu.h"

static int __init vb2_ipu_iommu_init(void)
{
	int ret = ipu_mmu_init();

	if (ret)
		return ret;
	ret = ipu_hibernation_init();
	if (ret) {
		ipu_mmu_exit();
		return ret;
	}
	ipu_debugfs_init();
	return 0;
}
module_init(vb2_ipu_iommu_init);

static void __exit vb2_ipu_iommu_exit(void)
{
	ipu_debugfs_exit();
	ipu_hibernation_exit();
	ipu_mmu_exit();
}
module_exit(vb2_ipu_iommu_exit);

MODULE_DESCRIPTION("videobuf2 memory backend for Intel IPU cameras");
MODULE_AUTHOR("The vb2-ipu-iommu authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(VB2_IPU_IOMMU_VERSION);
IPU_MODULE_IMPORT_NS(DMA_BUF);
