// SPDX-License-Identifier: GPL-2.0-only
/*
 * ipu-fail-ktest: each operation of the backend with its first allocation failing, then its second,
 * and so on until it succeeds. After each failure nothing may be left of the attempt, and the next
 * attempt must succeed.
 *
 * Reports like ipu-ktest, when loaded. Each failure is a line of its own: which call, and what the
 * operation returned.
 */
#include <linux/kernel.h>
#include <linux/module.h>

#include "compat.h"
#include "parent.h"
#include "suites.h"

static char *parent = "";
module_param(parent, charp, 0444);
MODULE_PARM_DESC(parent,
		 "PCI address of a CIO2 or ImgU without a driver; default: one of the test's");

static const struct ktest_suite *const suites[] = {
	&fail_device_suite, &fail_buffer_suite,	 &fail_import_suite,
	&fail_domain_suite, &fail_control_suite,
};

static int __init ipu_fail_ktest_init(void)
{
	unsigned int failed;
	int ret;

	ret = ktest_parent_open(parent);
	if (ret) {
		pr_info("Bail out! parent %s: %d\n", parent, ret);
		return 0;
	}
	failed = ktest_run(suites, ARRAY_SIZE(suites));
	ktest_parent_close();
	pr_info("# ipu-ktest: %u tests failed\n", failed);
	return 0;
}
module_init(ipu_fail_ktest_init);

/* Nothing lives on after the tests; this lets the module be unloaded. */
static void __exit ipu_fail_ktest_exit(void)
{
}
module_exit(ipu_fail_ktest_exit);

MODULE_DESCRIPTION("Failing allocations in the IPU memory backend");
MODULE_AUTHOR("The vb2-ipu-iommu authors");
MODULE_LICENSE("GPL");
IPU_MODULE_IMPORT_NS(VB2_IPU_IOMMU_TEST);
