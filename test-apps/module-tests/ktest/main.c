// SPDX-License-Identifier: GPL-2.0-only
/*
 * ipu-ktest: tests of vb2-ipu-iommu.ko, as it ships, through the functions that it exports: of the
 * IPU MMU those for tests, of the rest those for videobuf2 and for drivers.
 *
 * All tests run when the module is loaded, and report to the kernel log (KTAP version 1). Loading
 * then succeeds, whatever they found: the log is the result. It ends with "# ipu-ktest: FAILED
 * tests failed".
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "compat.h"
#include "parent.h"
#include "suites.h"

static char *parent = "";
module_param(parent, charp, 0444);
MODULE_PARM_DESC(parent, "PCI address of a CIO2 or ImgU without a driver; default: one of the test's");

static char *suite = "";
module_param(suite, charp, 0444);
MODULE_PARM_DESC(suite, "Run only the suite of this name");

static bool bounce;
module_param(bounce, bool, 0444);
MODULE_PARM_DESC(bounce,
		 "the kernel was booted with swiotlb=force: test only that this is refused");

static const struct ktest_suite *const suites[] = {
	&ktest_pte_suite,     &ktest_walker_suite, &ktest_map_suite,   &ktest_flush_suite,
	&ktest_power_suite,   &ktest_stage_suite,  &ktest_dma_suite,   &ktest_life_suite,
	&ktest_race_suite,    &ktest_space_suite,  &ktest_order_suite, &ktest_buffer_suite,
	&ktest_mapping_suite, &ktest_user_suite,   &ktest_share_suite,
	&ktest_mem_suite,	    &ktest_hibernation_suite,
};

/* Of drivers' bugs, which leave warnings: only by name. */
static const struct ktest_suite *const bug_suites[] = { &ktest_bug_suite };
static const struct ktest_suite *const bounce_suites[] = { &ktest_bounce_suite };

/* The suite that was asked for; all of them if none was. Returns how many there are in *chosen. */
static unsigned int choose(const struct ktest_suite *const **chosen)
{
	unsigned int i;

	*chosen = suites;
	if (!*suite)
		return ARRAY_SIZE(suites);
	for (i = 0; i < ARRAY_SIZE(suites); i++) {
		*chosen = &suites[i];
		if (!strcmp(suites[i]->name, suite))
			return 1;
	}
	*chosen = bug_suites;
	return strcmp(ktest_bug_suite.name, suite) ? 0 : 1;
}

static int __init ipu_ktest_init(void)
{
	const struct ktest_suite *const *chosen;
	unsigned int count = choose(&chosen), failed;
	int ret;

	if (!count) {
		pr_info("Bail out! no suite %s\n", suite);
		return 0;
	}
	ret = ktest_parent_open(parent);
	if (ret) {
		pr_info("Bail out! parent %s: %d\n", parent, ret);
		return 0;
	}
	if (bounce)
		failed = ktest_run(bounce_suites, ARRAY_SIZE(bounce_suites));
	else
		failed = ktest_run(chosen, count);
	ktest_parent_close();
	pr_info("# ipu-ktest: %u tests failed\n", failed);
	return 0;
}
module_init(ipu_ktest_init);

/* Nothing lives on after the tests; this lets the module be unloaded. */
static void __exit ipu_ktest_exit(void)
{
}
module_exit(ipu_ktest_exit);

MODULE_DESCRIPTION("Tests of the memory backend");
MODULE_AUTHOR("The vb2-ipu-iommu authors");
MODULE_LICENSE("GPL");
IPU_MODULE_IMPORT_NS(VB2_IPU_IOMMU_TEST);
IPU_MODULE_IMPORT_NS(DMA_BUF);
