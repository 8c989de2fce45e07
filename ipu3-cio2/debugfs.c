// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be seen of the ports. Nothing here can fail in a way that matters, so nothing is
 * checked, as debugfs wants.
 */
#include <linux/debugfs.h>
#include <linux/math64.h>
#include <linux/pci.h>
#include <linux/seq_file.h>

#include "ipu3-cio2.h"

static struct dentry *cio2_debugfs_root;

static int cio2_port_show(struct seq_file *file, void *unused)
{
	struct cio2_port *port = file->private;
	struct cio2_stats stats;
	unsigned int i;
	u64 completed;

	spin_lock_irq(&port->ring_lock);
	stats = port->stats;
	spin_unlock_irq(&port->ring_lock);
	completed = stats.frames + stats.bad_frames;
	seq_printf(file, "frames %llu\n", stats.frames);
	seq_printf(file, "bad_frames %llu\n", stats.bad_frames);
	seq_printf(file, "dropped %llu\n", stats.dropped);
	seq_printf(file, "overflows %llu\n", stats.overflows);
	seq_printf(file, "dma_errors %llu\n", stats.dma_errors);
	seq_printf(file, "stuck %llu\n", stats.stuck);
	seq_printf(file, "latency_mean_ns %llu\n",
		   completed ? div64_u64(stats.latency_ns, completed) : 0);
	seq_printf(file, "latency_max_ns %llu\n", stats.latency_max_ns);
	for (i = 0; i < CIO2_ERRORS; i++)
		if (stats.errors[i])
			seq_printf(file, "error %llu %s\n", stats.errors[i], cio2_error_name(i));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(cio2_port);

static int cio2_device_show(struct seq_file *file, void *unused)
{
	struct cio2_device *cio2 = file->private;

	mutex_lock(&cio2->hw_lock);
	seq_printf(file, "streams %u\n", cio2->streams);
	seq_printf(file, "wedged %d\n", cio2->wedged);
	mutex_unlock(&cio2->hw_lock);
	seq_printf(file, "spurious_interrupts %d\n", atomic_read(&cio2->spurious));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(cio2_device);

/**
 * cio2_debugfs_init() - make the module's folder
 */
void cio2_debugfs_init(void)
{
	cio2_debugfs_root = debugfs_create_dir(CIO2_NAME, NULL);
}

/**
 * cio2_debugfs_exit() - remove the module's folder
 */
void cio2_debugfs_exit(void)
{
	debugfs_remove(cio2_debugfs_root);
}

/**
 * cio2_debugfs_add() - make a device's folder
 * @cio2: The device.
 */
void cio2_debugfs_add(struct cio2_device *cio2)
{
	unsigned int i;
	char name[16];

	cio2->debugfs = debugfs_create_dir(pci_name(cio2->pdev), cio2_debugfs_root);
	debugfs_create_file("device", 0444, cio2->debugfs, cio2, &cio2_device_fops);
	for (i = 0; i < CIO2_PORTS; i++) {
		snprintf(name, sizeof(name), "port%u", i);
		debugfs_create_file(name, 0444, cio2->debugfs, &cio2->ports[i], &cio2_port_fops);
	}
}

/**
 * cio2_debugfs_remove() - remove a device's folder
 * @cio2: The device.
 *
 * When this returns, nobody reads its files any more.
 */
void cio2_debugfs_remove(struct cio2_device *cio2)
{
	debugfs_remove(cio2->debugfs);
}
