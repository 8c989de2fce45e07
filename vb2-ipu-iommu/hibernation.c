// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hibernation reads all memory through the kernel's own mapping to make its image, and the kernel
 * that restores the image writes all of it so. Both pass by who keeps the caches right:
 *
 *  - lines that a device has written past, and whose flush was put off, would go into the image as
 *    old copies;
 *  - what was restored may be in the caches only, and a device that does not snoop would find page
 *    tables and buffers of before in memory.
 *
 * So all caches are written back and emptied when such a device is stopped for the image, and
 * before it is started again. Drivers skip a device that is idle in both; so the same is done
 * before devices are stopped, and after they have been started: an idle one has then no line that
 * is older than memory, and finds in memory what was restored when it is first used. It makes lines
 * only cleaner than the coherency states say.
 */
#include <linux/compiler.h>
#include <linux/notifier.h>
#include <linux/suspend.h>
#include <asm/smp.h>

#include "hibernation.h"

/*
 * Set before devices are stopped and cleared after they have been started again. It is part of the
 * image: the kernel that comes back finds it set. Devices are stopped and started in between, on
 * whatever CPU, so no lock.
 */
static bool under_way;

static int ipu_hibernation_notify(struct notifier_block *block, unsigned long action, void *unused)
{
	switch (action) {
	case PM_HIBERNATION_PREPARE:
		/* In this order: a device that stops from now on does it itself. */
		WRITE_ONCE(under_way, true);
		wbinvd_on_all_cpus();
		break;
	case PM_POST_HIBERNATION:
		/* In this order: a device that starts until then does it itself. */
		wbinvd_on_all_cpus();
		WRITE_ONCE(under_way, false);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block ipu_hibernation_block = {
	.notifier_call = ipu_hibernation_notify,
};

/**
 * ipu_hibernation_init() - watch for hibernation
 *
 * Context: Process context, the module's init.
 * Return: 0, or what the PM core said.
 */
int ipu_hibernation_init(void)
{
	return register_pm_notifier(&ipu_hibernation_block);
}

/**
 * ipu_hibernation_exit() - stop watching
 *
 * Context: Process context, the module's exit.
 */
void ipu_hibernation_exit(void)
{
	unregister_pm_notifier(&ipu_hibernation_block);
}

/**
 * ipu_hibernation_flush() - if hibernation is under way, write back and empty all caches
 *
 * Context: Any; while hibernation is under way, with interrupts on.
 */
void ipu_hibernation_flush(void)
{
	if (READ_ONCE(under_way))
		wbinvd_on_all_cpus();
}
