// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be seen of the pipes. Nothing here can fail in a way that matters, so nothing is
 * checked, as debugfs wants.
 */
#include <linux/debugfs.h>
#include <linux/pci.h>
#include <linux/seq_file.h>

#include "run.h"

static struct dentry *imgu_debugfs_root;

static int imgu_pipe_show(struct seq_file *file, void *unused)
{
	struct imgu_pipe *pipe = file->private;
	struct imgu_device *imgu = pipe->imgu;
	struct imgu_stats stats;
	unsigned int on_way = 0;
	bool up = false;

	mutex_lock(&imgu->engine_lock);
	stats = pipe->stats;
	if (pipe->run) {
		on_way = pipe->run->on_way;
		up = pipe->run->up;
	}
	mutex_unlock(&imgu->engine_lock);
	seq_printf(file, "running %d\n", up);
	seq_printf(file, "frames_on_way %u\n", on_way);
	seq_printf(file, "frames %llu\n", stats.frames);
	seq_printf(file, "sinks %llu\n", stats.sinks);
	seq_printf(file, "params %llu\n", stats.params);
	seq_printf(file, "params_refused %llu\n", stats.params_refused);
	seq_printf(file, "params_unreturned %llu\n", stats.params_unreturned);
	seq_printf(file, "frames_taken_back %llu\n", stats.returned);
	seq_printf(file, "stuck %llu\n", stats.stuck);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(imgu_pipe);

static int imgu_device_show(struct seq_file *file, void *unused)
{
	struct imgu_device *imgu = file->private;

	mutex_lock(&imgu->stream_lock);
	seq_printf(file, "running %#lx\n", imgu->running);
	seq_printf(file, "powered %d\n", imgu->powered);
	seq_printf(file, "wedged %d\n", imgu->wedged);
	seq_printf(file, "restarts %llu\n", imgu->restarts);
	mutex_unlock(&imgu->stream_lock);
	mutex_lock(&imgu->engine_lock);
	seq_printf(file, "lost_interrupts %llu\n", imgu->lost_interrupts);
	mutex_unlock(&imgu->engine_lock);
	seq_printf(file, "spurious_interrupts %d\n", atomic_read(&imgu->spurious));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(imgu_device);

static int imgu_registers_show(struct seq_file *file, void *unused)
{
	struct imgu_device *imgu = file->private;
	int ret = 0;

	mutex_lock(&imgu->stream_lock);
	if (imgu->powered)
		imgu_dump_show(imgu, file);
	else
		ret = -ENXIO;
	mutex_unlock(&imgu->stream_lock);
	return ret;
}
DEFINE_SHOW_ATTRIBUTE(imgu_registers);

/**
 * imgu_debugfs_init() - make the module's folder
 */
void imgu_debugfs_init(void)
{
	imgu_debugfs_root = debugfs_create_dir(IMGU_NAME, NULL);
}

/**
 * imgu_debugfs_exit() - remove the module's folder
 */
void imgu_debugfs_exit(void)
{
	debugfs_remove(imgu_debugfs_root);
}

/**
 * imgu_debugfs_add() - make a device's folder
 * @imgu: The device.
 */
void imgu_debugfs_add(struct imgu_device *imgu)
{
	unsigned int i;
	char name[16];

	imgu->debugfs = debugfs_create_dir(pci_name(imgu->pdev), imgu_debugfs_root);
	debugfs_create_file("device", 0444, imgu->debugfs, imgu, &imgu_device_fops);
	debugfs_create_file("registers", 0400, imgu->debugfs, imgu, &imgu_registers_fops);
	for (i = 0; i < IMGU_PIPES; i++) {
		snprintf(name, sizeof(name), "pipe%u", i);
		debugfs_create_file(name, 0444, imgu->debugfs, &imgu->pipes[i], &imgu_pipe_fops);
	}
}

/**
 * imgu_debugfs_remove() - remove a device's folder
 * @imgu: The device.
 *
 * When this returns, nobody reads its files any more.
 */
void imgu_debugfs_remove(struct imgu_device *imgu)
{
	debugfs_remove(imgu->debugfs);
}
