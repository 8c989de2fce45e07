// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of the driver and of the device.
 */
#include <linux/debugfs.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/seq_file.h>

#include "ipu-dmatest.h"

static struct dentry *dmt_debugfs_root;

static int dmt_stats_show(struct seq_file *file, void *unused)
{
	struct dmt_node *node = file->private;
	struct dmt_stats stats;

	mutex_lock(&node->hw_lock);
	stats = node->stats;
	mutex_unlock(&node->hw_lock);
	seq_printf(file, "frames %llu\n", stats.frames);
	seq_printf(file, "bad_bytes %llu\n", stats.bad_bytes);
	seq_printf(file, "leaked_bytes %llu\n", stats.leaked_bytes);
	seq_printf(file, "errors %llu\n", stats.errors);
	seq_printf(file, "late %llu\n", stats.late);
	seq_printf(file, "stuck %llu\n", stats.stuck);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(dmt_stats);

static int dmt_interrupts_show(struct seq_file *file, void *unused)
{
	struct dmt_device *dmt = file->private;

	seq_printf(file, "spurious %d\n", atomic_read(&dmt->spurious));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(dmt_interrupts);

static int dmt_device_show(struct seq_file *file, void *unused)
{
	struct dmt_device *dmt = file->private;
	struct device *dev = &dmt->pdev->dev;

	/* Counters are lost with the power, so there is no point in switching it on. */
	if (pm_runtime_get_if_active(dev) <= 0) {
		seq_puts(file, "asleep\n");
		return 0;
	}
	seq_printf(file, "tlb_hits %u\n", dmt_read(dmt, DMT_TLB_HITS));
	seq_printf(file, "tlb_misses %u\n", dmt_read(dmt, DMT_TLB_MISSES));
	seq_printf(file, "table_reads %u\n", dmt_read(dmt, DMT_TABLE_READS));
	seq_printf(file, "invalidates %u\n", dmt_read(dmt, DMT_INVALIDATES));
	seq_printf(file, "faults %u\n", dmt_read(dmt, DMT_MMU_FAULTS));
	seq_printf(file, "keep_passes %u\n",
		   dmt_read(dmt, DMT_CHANNEL(DMT_CAPTURE) + DMT_CHANNEL_KEEP_PASSES));
	pm_runtime_put(dev);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(dmt_device);

/**
 * dmt_debugfs_init() - make the driver's folder
 */
void dmt_debugfs_init(void)
{
	dmt_debugfs_root = debugfs_create_dir(DMT_NAME, NULL);
}

/**
 * dmt_debugfs_exit() - remove the driver's folder
 */
void dmt_debugfs_exit(void)
{
	debugfs_remove(dmt_debugfs_root);
}

/**
 * dmt_debugfs_add() - show a device's counters
 * @dmt: The device.
 */
void dmt_debugfs_add(struct dmt_device *dmt)
{
	dmt->debugfs = debugfs_create_dir(pci_name(dmt->pdev), dmt_debugfs_root);
	debugfs_create_file("capture", 0444, dmt->debugfs, &dmt->nodes[DMT_CAPTURE],
			    &dmt_stats_fops);
	debugfs_create_file("output", 0444, dmt->debugfs, &dmt->nodes[DMT_OUTPUT], &dmt_stats_fops);
	debugfs_create_file("interrupts", 0444, dmt->debugfs, dmt, &dmt_interrupts_fops);
	debugfs_create_file("device", 0444, dmt->debugfs, dmt, &dmt_device_fops);
}

/**
 * dmt_debugfs_remove() - stop showing them
 * @dmt: The device. When this returns, nobody is reading.
 */
void dmt_debugfs_remove(struct dmt_device *dmt)
{
	debugfs_remove(dmt->debugfs);
}
