// SPDX-License-Identifier: GPL-2.0-only
#include <linux/atomic.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/spinlock.h>
#include <linux/sysfs.h>
#include <linux/xarray.h>

#include "fail-nth.h"

static const char *const kind_names[FAIL_NTH_KINDS] = {
	[FAIL_NTH_KMALLOC] = "kmalloc",
	[FAIL_NTH_PAGE] = "page",
	[FAIL_NTH_SG_TABLE] = "sg_table",
	[FAIL_NTH_VMAP] = "vmap",
	[FAIL_NTH_DMA_PAGE] = "dma_page",
	[FAIL_NTH_DMA_SG_TABLE] = "dma_sg_table",
	[FAIL_NTH_IOVA] = "iova",
	[FAIL_NTH_SOFTWARE_NODE] = "software_node",
	[FAIL_NTH_IOMMU_SYSFS] = "iommu_sysfs",
	[FAIL_NTH_IOMMU] = "iommu",
	[FAIL_NTH_PLATFORM_DEVICE] = "platform_device",
	[FAIL_NTH_DEVICE_REFERENCE] = "device_reference",
	[FAIL_NTH_FRAME_VECTOR] = "frame_vector",
	[FAIL_NTH_ATTACHMENT] = "attachment",
	[FAIL_NTH_ATTACHMENT_MAP] = "attachment_map",
	[FAIL_NTH_DMA_BUF_VMAP] = "dma_buf_vmap",
	[FAIL_NTH_DRIVER] = "driver",
};

/* Covers the variables that follow. */
static DEFINE_SPINLOCK(lock);
static unsigned long calls;
static unsigned long fail_at;
static unsigned long leaks_left;
static const char *failed = "";

static atomic_long_t live[FAIL_NTH_KINDS];

/*
 * What kmalloc() and its like gave, by address: what somebody else allocated must not be counted
 * when it is freed.
 */
static DEFINE_XARRAY(known);

static unsigned long known_index(const void *memory)
{
	return (unsigned long)memory / sizeof(long);
}

/**
 * fail_nth_arm() - let an allocation fail
 * @nth: Which of those that follow: 1 is the next one. 0: none.
 *
 * Counts calls from 0 again.
 *
 * Context: Any.
 */
void fail_nth_arm(unsigned long nth)
{
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	calls = 0;
	fail_at = nth;
	failed = "";
	spin_unlock_irqrestore(&lock, flags);
}
EXPORT_SYMBOL_GPL(fail_nth_arm);

/**
 * fail_nth_disarm() - let no allocation fail any more
 *
 * Context: Any.
 * Return: The name of the one that failed since fail_nth_arm(); %NULL if none did.
 */
const char *fail_nth_disarm(void)
{
	unsigned long flags;
	const char *name;

	spin_lock_irqsave(&lock, flags);
	fail_at = 0;
	name = failed;
	spin_unlock_irqrestore(&lock, flags);
	return *name ? name : NULL;
}
EXPORT_SYMBOL_GPL(fail_nth_disarm);

/**
 * fail_nth_leak() - let frees of memory be forgotten: the negative control
 * @count: How many of those that follow.
 *
 * Context: Any.
 */
void fail_nth_leak(unsigned long count)
{
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	leaks_left = count;
	spin_unlock_irqrestore(&lock, flags);
}
EXPORT_SYMBOL_GPL(fail_nth_leak);

/**
 * fail_nth_live() - how much of a kind the backend holds
 * @kind: The kind.
 *
 * Context: Any.
 * Return: What was allocated and not freed yet.
 */
long fail_nth_live(enum fail_nth_kind kind)
{
	return atomic_long_read(&live[kind]);
}
EXPORT_SYMBOL_GPL(fail_nth_live);

/**
 * fail_nth_kind_name() - what to call a kind
 * @kind: The kind.
 *
 * Return: The name.
 */
const char *fail_nth_kind_name(enum fail_nth_kind kind)
{
	return kind_names[kind];
}
EXPORT_SYMBOL_GPL(fail_nth_kind_name);

/**
 * fail_nth_due() - an allocation is about to be made
 * @call: The allocator's name.
 *
 * Context: Any.
 * Return: Whether it is to fail.
 */
bool fail_nth_due(const char *call)
{
	unsigned long flags;
	bool due;

	spin_lock_irqsave(&lock, flags);
	due = ++calls == fail_at;
	if (due)
		failed = call;
	spin_unlock_irqrestore(&lock, flags);
	return due;
}
EXPORT_SYMBOL_GPL(fail_nth_due);

/**
 * fail_nth_leak_due() - memory is about to be freed
 *
 * Context: Any.
 * Return: Whether that is to be forgotten.
 */
bool fail_nth_leak_due(void)
{
	unsigned long flags;
	bool due;

	spin_lock_irqsave(&lock, flags);
	due = leaks_left;
	if (due)
		leaks_left--;
	spin_unlock_irqrestore(&lock, flags);
	return due;
}
EXPORT_SYMBOL_GPL(fail_nth_leak_due);

/**
 * fail_nth_count() - more or less of a kind is held
 * @kind: The kind.
 * @change: How much more.
 *
 * Context: Any.
 */
void fail_nth_count(enum fail_nth_kind kind, long change)
{
	atomic_long_add(change, &live[kind]);
}
EXPORT_SYMBOL_GPL(fail_nth_count);

/**
 * fail_nth_made() - memory was allocated
 * @memory: What kmalloc() or its like gave, %NULL included.
 *
 * Context: Any.
 * Return: @memory.
 */
void *fail_nth_made(void *memory)
{
	unsigned long flags;
	void *old;

	if (!memory)
		return NULL;
	xa_lock_irqsave(&known, flags);
	old = __xa_store(&known, known_index(memory), xa_mk_value(1), GFP_ATOMIC);
	xa_unlock_irqrestore(&known, flags);
	WARN(old, "fail-nth: allocated twice, or not noted: %pe\n", old);
	fail_nth_count(FAIL_NTH_KMALLOC, 1);
	return memory;
}
EXPORT_SYMBOL_GPL(fail_nth_made);

/**
 * fail_nth_forget() - memory is about to be freed
 * @memory: What is passed to kfree() or its like, %NULL included.
 *
 * Context: Any.
 * Return: Whether the backend allocated it.
 */
bool fail_nth_forget(const void *memory)
{
	unsigned long flags;
	void *old;

	xa_lock_irqsave(&known, flags);
	old = __xa_erase(&known, known_index(memory));
	xa_unlock_irqrestore(&known, flags);
	if (old)
		fail_nth_count(FAIL_NTH_KMALLOC, -1);
	return old;
}
EXPORT_SYMBOL_GPL(fail_nth_forget);

/* ---- the same for user space ---- */

static int fail_nth_set(const char *text, const struct kernel_param *param)
{
	unsigned long nth;
	int ret = kstrtoul(text, 0, &nth);

	if (!ret)
		fail_nth_arm(nth);
	return ret;
}

static int fail_nth_get(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%lu\n", READ_ONCE(fail_at));
}

static const struct kernel_param_ops fail_nth_ops = { .set = fail_nth_set, .get = fail_nth_get };
module_param_cb(fail_nth, &fail_nth_ops, NULL, 0644);
MODULE_PARM_DESC(fail_nth,
		 "Which of the allocations that follow is to fail; 0: none. Sets fail_calls to 0");

module_param_named(fail_calls, calls, ulong, 0444);
MODULE_PARM_DESC(fail_calls, "Allocations since fail_nth was written");

module_param_named(leak, leaks_left, ulong, 0644);
MODULE_PARM_DESC(leak, "Negative control: how many of the frees that follow are forgotten");

static int fail_name_get(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%s\n", READ_ONCE(failed));
}

static const struct kernel_param_ops fail_name_ops = { .get = fail_name_get };
module_param_cb(fail_name, &fail_name_ops, NULL, 0444);
MODULE_PARM_DESC(fail_name, "The allocator that failed since fail_nth was written");

static int fail_live_get(char *buffer, const struct kernel_param *param)
{
	int length = 0;
	unsigned int kind;

	for (kind = 0; kind < FAIL_NTH_KINDS; kind++)
		length += sysfs_emit_at(buffer, length, "%s %ld\n", kind_names[kind],
					fail_nth_live(kind));
	return length;
}

static const struct kernel_param_ops fail_live_ops = { .get = fail_live_get };
module_param_cb(fail_live, &fail_live_ops, NULL, 0444);
MODULE_PARM_DESC(fail_live, "What the backend holds, one kind a line");
