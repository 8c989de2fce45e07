// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be seen of the devices. Nothing here can fail in a way that matters, so nothing is
 * checked, as debugfs wants.
 */
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>

#include "buffer.h"
#include "debugfs.h"
#include "device.h"

static struct dentry *ipu_debugfs_root;

static int ipu_stats_show(struct seq_file *file, void *unused)
{
	struct vb2_ipu_device *vid = file->private;
	struct ipu_stats *stats = &vid->stats;

	seq_printf(file, "noncoherent_tables %d\n", vid->noncoherent_tables);
	seq_printf(file, "noncoherent_buffers %d\n", vid->noncoherent);
	seq_printf(file, "buffers %lld\n", atomic64_read(&stats->buffers));
	seq_printf(file, "bytes %lld\n", atomic64_read(&stats->bytes));
	seq_printf(file, "internal_buffers %lld\n", atomic64_read(&stats->internal_buffers));
	seq_printf(file, "internal_bytes %lld\n", atomic64_read(&stats->internal_bytes));
	seq_printf(file, "mapped_pages %lld\n", atomic64_read(&stats->mapped_pages));
	seq_printf(file, "table_pages %lld\n", atomic64_read(&stats->table_pages));
	seq_printf(file, "tlb_invalidates %lld\n", atomic64_read(&stats->tlb_invalidates));
	seq_printf(file, "flushed_lines %lld\n", atomic64_read(&stats->flushed_lines));
	seq_printf(file, "internal_flushed_lines %lld\n",
		   atomic64_read(&stats->internal_flushed_lines));
	seq_printf(file, "flushed_table_lines %lld\n", atomic64_read(&stats->flushed_table_lines));
	seq_printf(file, "elided_lines %lld\n", atomic64_read(&stats->elided_lines));
	seq_printf(file, "faults %lld\n", atomic64_read(&stats->faults));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(ipu_stats);

static int ipu_buffers_show(struct seq_file *file, void *unused)
{
	struct vb2_ipu_device *vid = file->private;
	const struct ipu_viewer_state *user, *other;
	struct ipu_buffer *buf;
	struct sg_table *sgt;

	seq_puts(file, "kind size runs mapped views writers dirty stale label\n");
	mutex_lock(&vid->lock);
	list_for_each_entry(buf, &vid->buffers, node) {
		user = &buf->coherency.viewers[IPU_VIEWER_USER];
		other = &buf->coherency.viewers[IPU_VIEWER_OTHER];
		mutex_lock(&buf->sync_lock);
		sgt = buf->ops->device_sgt(buf);
		seq_printf(file, "%s %zu %u %d %u %u %d %zu %s\n", buf->ops->name, buf->size,
			   buf->sgt.orig_nents, sgt && (sgt != &buf->sgt || buf->mapped),
			   user->views + other->views, user->writers + other->writers,
			   user->dirty || other->dirty, buf->coherency.stale,
			   READ_ONCE(buf->label) ?: "-");
		mutex_unlock(&buf->sync_lock);
	}
	mutex_unlock(&vid->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(ipu_buffers);

/**
 * ipu_debugfs_init() - make the module's folder
 */
void ipu_debugfs_init(void)
{
	ipu_debugfs_root = debugfs_create_dir("vb2-ipu-iommu", NULL);
}

/**
 * ipu_debugfs_exit() - remove the module's folder
 */
void ipu_debugfs_exit(void)
{
	debugfs_remove(ipu_debugfs_root);
}

/**
 * ipu_debugfs_add() - make a device's folder
 * @vid: The device.
 * @name: Its short name.
 */
void ipu_debugfs_add(struct vb2_ipu_device *vid, const char *name)
{
	char folder[64];

	snprintf(folder, sizeof(folder), "%s.%s", name, dev_name(vid->parent));
	vid->debugfs = debugfs_create_dir(folder, ipu_debugfs_root);
	debugfs_create_file("stats", 0444, vid->debugfs, vid, &ipu_stats_fops);
	debugfs_create_file("buffers", 0444, vid->debugfs, vid, &ipu_buffers_fops);
}

/**
 * ipu_debugfs_remove() - remove a device's folder
 * @vid: The device.
 *
 * When this returns, nobody reads its files any more.
 */
void ipu_debugfs_remove(struct vb2_ipu_device *vid)
{
	debugfs_remove(vid->debugfs);
}
