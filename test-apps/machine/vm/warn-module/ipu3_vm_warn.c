// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the kernel complain as soon as it is loaded: the launcher's tests show with it that a
 * kernel warning is seen.
 */
#include <linux/bug.h>
#include <linux/module.h>

static int __init ipu3_vm_warn_init(void)
{
	WARN(1, "ipu3-vm test warning\n");
	return 0;
}
module_init(ipu3_vm_warn_init);

static void __exit ipu3_vm_warn_exit(void)
{
}
module_exit(ipu3_vm_warn_exit);

MODULE_DESCRIPTION("A warning on purpose");
MODULE_LICENSE("GPL");
