// SPDX-License-Identifier: GPL-2.0-only
/*
 * The coherency state machine.
 *
 * Rules, for a device that does not snoop:
 *
 *  1. before it reads, each line that may be dirty is written back;
 *  2. before it writes, no line may be dirty, or its eviction would overwrite what the device
 *     wrote;
 *  3. after it wrote and before the CPU looks, each line is forgotten, whatever was done before.
 *
 * A flush writes a dirty line back and forgets it. The machine never asks for one where a line
 * could be dirty and a device has written it since: rule 2 is met at begin, and CPU writes between
 * begin and settle are user space's own mistake, on its own buffer. Each step below that is left
 * out says why it is not needed.
 *
 * All functions: the caller serialises, and performs the returned step before it lets anybody else
 * in.
 */
#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#include "coherency.h"

static struct ipu_sync_step ipu_flush(struct ipu_coherency *c, size_t bytes,
				      enum ipu_sync_reason reason)
{
	struct ipu_sync_step step = { .flush = bytes, .reason = reason };
	unsigned int i;

	for (i = 0; bytes >= c->size && i < IPU_VIEWERS; i++)
		c->viewers[i].dirty = false;
	c->stale = 0;
	return step;
}

static bool ipu_may_be_dirty(const struct ipu_viewer_state *viewer)
{
	return viewer->dirty || viewer->writers;
}

/*
 * Takes a device's last access into account: it wrote @bytes from the start at most. What earlier
 * ones left stays.
 */
static void ipu_account(struct ipu_coherency *c, size_t bytes)
{
	if (bytes > c->size)
		bytes = c->size;
	if (c->wrote && c->stale < bytes)
		c->stale = bytes;
	c->wrote = false;
}

static struct ipu_sync_step ipu_elide(size_t bytes, enum ipu_sync_reason reason)
{
	struct ipu_sync_step step = { .elided = bytes, .reason = reason };

	return step;
}

/**
 * ipu_coherency_init() - start with memory whose lines are clean and which nothing maps
 * @c: The state.
 * @size: Bytes of the plane.
 */
void ipu_coherency_init(struct ipu_coherency *c, size_t size)
{
	memset(c, 0, sizeof(*c));
	c->size = size;
}

/**
 * ipu_coherency_begin() - a device is about to access the plane
 * @c: The state.
 * @access: How it will.
 * @skip: User space says that it wrote nothing. That waives its own writes, nobody else's.
 *
 * Return: What to do before the access.
 */
struct ipu_sync_step ipu_coherency_begin(struct ipu_coherency *c, struct ipu_device_access access,
					 bool skip)
{
	ipu_account(c, c->size);
	if (access.snoops) {
		/*
		 * To stale lines, a snooping device is what a CPU is: it would read the old copy,
		 * or merge a part of a line into it. Dirty lines do not matter to it.
		 */
		if (c->stale)
			return ipu_flush(c, c->stale, IPU_SYNC_STALE_SNOOP);
		return ipu_elide(0, IPU_ELIDE_SNOOPS);
	}

	/*
	 * Nothing wrote since the last flush, and nothing can now: no line is dirty (reads and
	 * prefetches make none). Stale lines stay; the device does not see them, and rule 3 is for
	 * later.
	 */
	if (!ipu_may_be_dirty(&c->viewers[IPU_VIEWER_USER]) &&
	    !ipu_may_be_dirty(&c->viewers[IPU_VIEWER_OTHER]))
		return ipu_elide(c->size, IPU_ELIDE_CPU_CLEAN);
	if (skip && !ipu_may_be_dirty(&c->viewers[IPU_VIEWER_OTHER]))
		return ipu_elide(c->size, IPU_ELIDE_HINT);
	return ipu_flush(c, c->size, IPU_SYNC_CPU_WROTE);
}

/**
 * ipu_coherency_end() - a device's access has ended
 * @c: The state.
 * @access: How it accessed.
 *
 * On the client processors that have an IPU, I/O writes are not known to be kept in the last-level
 * cache, as servers' are (DDIO): so a snooping device's go through the caches to memory and leave
 * no line dirty, unless somebody found that they do.
 */
void ipu_coherency_end(struct ipu_coherency *c, struct ipu_device_access access)
{
	if (!access.writes)
		return;
	if (!access.snoops)
		c->wrote = true;
	else if (access.allocates)
		c->viewers[IPU_VIEWER_OTHER].dirty = true;
}

/**
 * ipu_coherency_settle() - from now on the CPU may look through the mappings that exist
 * @c: The state.
 * @bytes: How far from the start the device wrote at most.
 * @skip: User space says that it will not look. Others may all the same.
 *
 * Return: What to do before anybody looks.
 */
struct ipu_sync_step ipu_coherency_settle(struct ipu_coherency *c, size_t bytes, bool skip)
{
	ipu_account(c, bytes);
	if (!c->stale)
		return ipu_elide(0, IPU_ELIDE_NOT_WRITTEN);
	/* No mapping, nobody looks; open_view() makes good for it. */
	if (!c->viewers[IPU_VIEWER_USER].views && !c->viewers[IPU_VIEWER_OTHER].views)
		return ipu_elide(c->stale, IPU_ELIDE_NO_VIEW);
	if (skip && !c->viewers[IPU_VIEWER_OTHER].views)
		return ipu_elide(c->stale, IPU_ELIDE_HINT);
	return ipu_flush(c, c->stale, IPU_SYNC_DEVICE_WROTE);
}

/**
 * ipu_coherency_open_view() - a CPU mapping comes into being
 * @c: The state.
 * @viewer: Whose.
 * @writable: It can be written through.
 *
 * Return: What to do before the mapping is used.
 */
struct ipu_sync_step ipu_coherency_open_view(struct ipu_coherency *c, enum ipu_viewer viewer,
					     bool writable)
{
	ipu_account(c, c->size);
	c->viewers[viewer].views++;
	if (writable)
		c->viewers[viewer].writers++;
	if (!c->stale)
		return ipu_elide(0, IPU_ELIDE_NOT_WRITTEN);
	return ipu_flush(c, c->stale, IPU_SYNC_FIRST_VIEW);
}

/**
 * ipu_coherency_make_writable() - a mapping that could only be read becomes writable
 * @c: The state.
 * @viewer: Whose.
 */
void ipu_coherency_make_writable(struct ipu_coherency *c, enum ipu_viewer viewer)
{
	c->viewers[viewer].writers++;
}

/**
 * ipu_coherency_close_view() - a CPU mapping is gone
 * @c: The state.
 * @viewer: Whose.
 * @writable: It could be written through.
 */
void ipu_coherency_close_view(struct ipu_coherency *c, enum ipu_viewer viewer, bool writable)
{
	c->viewers[viewer].views--;
	if (writable) {
		c->viewers[viewer].writers--;
		c->viewers[viewer].dirty = true;
	}
}

/**
 * ipu_coherency_cpu_wrote() - the kernel wrote in another way than through a view
 * @c: The state.
 */
void ipu_coherency_cpu_wrote(struct ipu_coherency *c)
{
	c->viewers[IPU_VIEWER_OTHER].dirty = true;
}
