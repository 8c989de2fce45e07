// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeping a buffer's cache lines right: what happens to it is told to the coherency state machine,
 * and what that says is done.
 *
 * Completion handlers may run in hard interrupt context, where megabytes must not be flushed. So
 * ipu_buffer_end() only sets a bit; the flush is made where somebody is about to look, in process
 * context: in ipu_buffer_settle() when there are mappings, else when one comes into being.
 */
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/device.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <media/videobuf2-core.h>

#include "buffer.h"
#include "cache.h"
#include "device.h"
#include "sync.h"
#include "trace.h"

/*
 * How much is flushed in one go where somebody else may want the CPU: some 4,096 lines, a fraction
 * of a millisecond.
 */
#define IPU_FLUSH_PART SZ_256K

static bool ddio;
module_param(ddio, bool, 0444);
MODULE_PARM_DESC(ddio,
		 "What snooping devices write stays in the caches (default: it reaches memory)");

/**
 * ipu_ddio() - whether what snooping devices write may be in the caches only
 *
 * Context: Any.
 * Return: What the module's parameter says.
 */
bool ipu_ddio(void)
{
	return ddio;
}

static struct ipu_device_access ipu_buffer_access(const struct ipu_buffer *buf)
{
	return (struct ipu_device_access){
		.reads = buf->dir != DMA_FROM_DEVICE,
		.writes = buf->dir != DMA_TO_DEVICE,
		.snoops = !buf->vid->noncoherent,
		.allocates = buf->vid->allocates,
	};
}

static void ipu_buffer_fold_events(struct ipu_buffer *buf)
{
	const struct ipu_device_access past = { .writes = true };
	const struct ipu_device_access into = { .writes = true, .snoops = true, .allocates = true };

	lockdep_assert_held(&buf->sync_lock);
	if (test_and_clear_bit(IPU_BUFFER_CACHE_WROTE, &buf->events))
		ipu_coherency_end(&buf->coherency, into);
	if (test_and_clear_bit(IPU_BUFFER_DEVICE_WROTE, &buf->events))
		ipu_coherency_end(&buf->coherency, past);
}

/**
 * ipu_buffer_flush() - flush lines of a buffer
 * @buf: The buffer.
 * @offset: Start, bytes from the start of the buffer.
 * @size: Bytes; what lies beyond the buffer's end is left out.
 *
 * Context: Any, but process context for an import; takes time in proportion to @size.
 */
void ipu_buffer_flush(struct ipu_buffer *buf, size_t offset, size_t size)
{
	if (offset < buf->size)
		buf->ops->flush(buf, offset, min(size, buf->size - offset));
}

/* Returns how many lines there were, which are counted if @ordered. */
static size_t ipu_flush_runs(struct ipu_buffer *buf, size_t offset, size_t size, bool ordered)
{
	struct scatterlist *sg;
	size_t lines = 0;
	unsigned int i;

	for_each_sgtable_sg(&buf->sgt, sg, i) {
		const void *at;
		size_t part;

		if (!size)
			break;
		if (offset >= sg->length) {
			offset -= sg->length;
			continue;
		}
		part = min_t(size_t, size, sg->length - offset);
		/*
		 * The linear map has every page of a 64-bit kernel, and a run is contiguous there.
		 */
		at = sg_virt(sg) + offset;
		if (ordered)
			lines += ipu_cache_flush(&buf->vid->stats.flushed_lines, at, part);
		else
			lines += ipu_cache_flush_unordered(at, part);
		size -= part;
		offset = 0;
	}
	return lines;
}

/**
 * ipu_buffer_flush_runs() - flush lines of a buffer's pages
 * @buf: The buffer.
 * @offset: Start, bytes from the start of the buffer.
 * @size: Bytes, within the buffer.
 *
 * The operation of kinds that have pages, see &ipu_buffer_ops.flush.
 *
 * Context: Any; takes time in proportion to @size.
 */
void ipu_buffer_flush_runs(struct ipu_buffer *buf, size_t offset, size_t size)
{
	size_t lines = ipu_flush_runs(buf, offset, size, true);

	if (buf->internal)
		atomic64_add(lines, &buf->vid->stats.internal_flushed_lines);
}

/**
 * ipu_buffer_flush_unordered() - the same for one of several ranges
 * @buf: The buffer.
 * @offset: Start, bytes from the start of the buffer.
 * @size: Bytes; what lies beyond the buffer's end is left out.
 *
 * It is ordered by ipu_cache_order(), and counted by the caller afterwards.
 *
 * Context: Any; takes time in proportion to @size.
 * Return: How many lines there were.
 */
size_t ipu_buffer_flush_unordered(struct ipu_buffer *buf, size_t offset, size_t size)
{
	if (offset >= buf->size)
		return 0;
	return ipu_flush_runs(buf, offset, min(size, buf->size - offset), false);
}

/* Megabytes take milliseconds. Within the sync_lock that covers the state, which may sleep. */
static void ipu_buffer_flush_by_parts(struct ipu_buffer *buf, size_t size)
{
	size_t at;

	might_sleep();
	for (at = 0; at < size; at += IPU_FLUSH_PART) {
		ipu_buffer_flush(buf, at, min_t(size_t, IPU_FLUSH_PART, size - at));
		cond_resched();
	}
}

/* Do what the state machine says. Within the sync_lock that covers the state. */
static void ipu_buffer_perform(struct ipu_buffer *buf, struct ipu_sync_step step)
{
	struct vb2_ipu_device *vid = buf->vid;
	size_t line = ipu_cache_line_size();

	if (step.flush) {
		trace_ipu_sync(vid->parent, buf, step.flush, DIV_ROUND_UP(step.flush, line),
			       step.reason);
		ipu_buffer_flush_by_parts(buf, step.flush);
	} else if (step.elided) {
		trace_ipu_elide(vid->parent, buf, step.elided, DIV_ROUND_UP(step.elided, line),
				step.reason);
		atomic64_add(DIV_ROUND_UP(step.elided, line), &vid->stats.elided_lines);
	}
}

/**
 * ipu_buffer_check_pins() - end the view of user mappings that are gone, if nobody has pages pinned
 * through them
 * @buf: The buffer.
 *
 * What get_user_pages() gave outlives the mapping. A page that is mapped nowhere and that nobody
 * has pinned has no reference but the buffer's. As long as all devices snoop it does not matter;
 * one that does not and gets the buffer later begins with this.
 *
 * Context: Process context, within &ipu_buffer.sync_lock.
 */
void ipu_buffer_check_pins(struct ipu_buffer *buf)
{
	unsigned int i;

	lockdep_assert_held(&buf->sync_lock);
	if (!buf->lingering || !READ_ONCE(buf->bypassed))
		return;
	for (i = 0; i < buf->n_pages; i++)
		if (page_count(buf->pages[i]) != 1)
			return;
	buf->lingering = false;
	ipu_buffer_close_view(buf, IPU_VIEWER_USER, buf->vma_writable);
	buf->vma_writable = false;
}

/**
 * ipu_buffer_begin() - the device is about to get a buffer
 * @buf: The buffer.
 *
 * Context: Process context. Takes &ipu_buffer.sync_lock.
 */
void ipu_buffer_begin(struct ipu_buffer *buf)
{
	struct ipu_buffer *origin = buf->state;
	bool skip = buf->ops->hints && buf->vb && buf->vb->skip_cache_sync_on_prepare;

	/* Nobody else would notice: user space just gets what was before. */
	WARN_ONCE(test_bit(IPU_BUFFER_OWN_WROTE, &buf->events),
		  "%s: vb2_ipu_iommu_buf_finish() is not called: frames are stale\n",
		  dev_name(buf->vid->parent));
	mutex_lock(&origin->sync_lock);
	ipu_buffer_fold_events(origin);
	ipu_buffer_check_pins(origin);
	if (buf->ops->before_device)
		buf->ops->before_device(buf);
	ipu_buffer_perform(origin,
			   ipu_coherency_begin(&origin->coherency, ipu_buffer_access(buf), skip));
	mutex_unlock(&origin->sync_lock);
}

/**
 * ipu_buffer_end() - the device is done with a buffer
 * @buf: The buffer.
 *
 * Context: Any, hard interrupt included; takes no lock and flushes nothing.
 */
void ipu_buffer_end(struct ipu_buffer *buf)
{
	struct ipu_device_access access = ipu_buffer_access(buf);
	struct ipu_buffer *origin = buf->state;

	if (!access.writes)
		return;
	if (access.snoops) {
		if (access.allocates)
			set_bit(IPU_BUFFER_CACHE_WROTE, &origin->events);
		return;
	}
	if (!test_and_set_bit(IPU_BUFFER_OWN_WROTE, &buf->events))
		atomic_inc(&origin->pending);
	/* In this order: who sees the event counts this user, too. */
	smp_mb__before_atomic();
	set_bit(IPU_BUFFER_DEVICE_WROTE, &origin->events);
}

/**
 * ipu_buffer_forget_end() - nobody will settle what ipu_buffer_end() noted
 * @buf: The buffer. Whatever its device wrote counts as written to the end.
 *
 * Context: Any.
 */
void ipu_buffer_forget_end(struct ipu_buffer *buf)
{
	if (test_and_clear_bit(IPU_BUFFER_OWN_WROTE, &buf->events))
		atomic_dec(&buf->state->pending);
}

/**
 * ipu_buffer_settle() - the CPU may look at a buffer from now on
 * @buf: The buffer.
 * @bytes: How far from the start the buffer's device wrote at most.
 * @skip: User space will not look.
 *
 * Where other devices share the memory, nobody knows how far those wrote that have not been settled
 * yet.
 *
 * Context: Process context. Takes &ipu_buffer.sync_lock.
 */
void ipu_buffer_settle(struct ipu_buffer *buf, size_t bytes, bool skip)
{
	struct ipu_buffer *origin = buf->state;
	bool mine, wrote;

	mutex_lock(&origin->sync_lock);
	ipu_buffer_fold_events(origin);
	ipu_buffer_check_pins(origin);
	mine = test_and_clear_bit(IPU_BUFFER_OWN_WROTE, &buf->events);
	if (!mine || atomic_dec_return(&origin->pending))
		bytes = origin->size;
	wrote = origin->coherency.wrote;
	ipu_buffer_perform(origin, ipu_coherency_settle(&origin->coherency, bytes, skip));
	if (buf->ops->after_device && wrote)
		buf->ops->after_device(buf, bytes);
	mutex_unlock(&origin->sync_lock);
}

/**
 * ipu_buffer_open_view() - a CPU mapping is about to be used
 * @buf: The buffer.
 * @viewer: Whose it is.
 * @writable: It can be written through.
 *
 * Context: Process context, within &ipu_buffer.sync_lock.
 */
void ipu_buffer_open_view(struct ipu_buffer *buf, enum ipu_viewer viewer, bool writable)
{
	lockdep_assert_held(&buf->sync_lock);
	ipu_buffer_fold_events(buf);
	ipu_buffer_perform(buf, ipu_coherency_open_view(&buf->coherency, viewer, writable));
}

/**
 * ipu_buffer_close_view() - a CPU mapping is gone
 * @buf: The buffer.
 * @viewer: Whose it was.
 * @writable: It could be written through.
 *
 * Context: Process context, within &ipu_buffer.sync_lock.
 */
void ipu_buffer_close_view(struct ipu_buffer *buf, enum ipu_viewer viewer, bool writable)
{
	lockdep_assert_held(&buf->sync_lock);
	ipu_coherency_close_view(&buf->coherency, viewer, writable);
}
