// SPDX-License-Identifier: GPL-2.0-only
/*
 * When all caches are written back and emptied for hibernation. The machine does not hibernate
 * here: its notifier is called as the kernel would call it.
 */
#include <linux/kprobes.h>
#include <linux/suspend.h>

#include "backend.h"
#include "suites.h"

typedef int (*notify_t)(struct notifier_block *block, unsigned long action, void *unused);

static atomic_t written_back;

static int before_wbinvd(struct kprobe *probe, struct pt_regs *regs)
{
	atomic_inc(&written_back);
	return 0;
}
NOKPROBE_SYMBOL(before_wbinvd);

/* The backend's own, which no symbol for modules names. */
static notify_t find_notifier(struct ktest *t)
{
	struct kprobe probe = { .symbol_name = "ipu_hibernation_notify" };
	notify_t notify;

	if (!KTEST_EQ(t, register_kprobe(&probe), 0))
		return NULL;
	notify = (notify_t)probe.addr;
	unregister_kprobe(&probe);
	return notify;
}

static int times(void)
{
	return atomic_xchg(&written_back, 0);
}

/*
 * A device that is idle is neither stopped for the image nor started after it. What it wrote past
 * the caches must be in the image all the same, and what was restored must be in memory when it is
 * used next, which is when hibernation is long over.
 */
static void hibernation_of(struct ktest *t, struct ktest_backend *b, notify_t notify, bool idle)
{
	times();
	notify(NULL, PM_HIBERNATION_PREPARE, NULL);
	KTEST_EQ(t, times(), 1);
	if (!idle) {
		vb2_ipu_device_suspend(b->vid);
		KTEST_EQ(t, times(), 1);
		vb2_ipu_device_resume(b->vid);
		KTEST_EQ(t, times(), 1);
	}
	notify(NULL, PM_POST_HIBERNATION, NULL);
	KTEST_EQ(t, times(), 1);
	/* It is over. */
	vb2_ipu_device_suspend(b->vid);
	vb2_ipu_device_resume(b->vid);
	KTEST_EQ(t, times(), 0);
}

static void hibernation_cases(struct ktest *t, bool idle)
{
	struct kprobe probe = {
		.symbol_name = "wbinvd_on_all_cpus",
		.pre_handler = before_wbinvd,
	};
	notify_t notify = find_notifier(t);
	struct ktest_backend b;

	if (!notify || !ktest_backend_open(t, &b, true, true))
		return;
	if (KTEST_EQ(t, register_kprobe(&probe), 0)) {
		hibernation_of(t, &b, notify, idle);
		unregister_kprobe(&probe);
	}
	ktest_backend_close(t, &b);
}

static void hibernation_idle(struct ktest *t)
{
	hibernation_cases(t, true);
}

static void hibernation_in_use(struct ktest *t)
{
	hibernation_cases(t, false);
}

static const struct ktest_case cases[] = {
	{ "idle", hibernation_idle },
	{ "in_use", hibernation_in_use },
	{}
};

const struct ktest_suite ktest_hibernation_suite = { "hibernation", cases };
