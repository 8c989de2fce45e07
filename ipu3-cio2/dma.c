// SPDX-License-Identifier: GPL-2.0-only
/*
 * A port's DMA channel: a ring of entries, each for one frame.
 *
 * The channel stops for good at an entry that is not valid, so all of them always are: those that
 * have no buffer lead to a hole. A frame that falls into it is lost, and counted.
 *
 *        head                        tail
 *   ------+------+------+------+------+------+------
 *    done | buf  | buf  | hole | buf  | hole | hole      frame numbers ->
 *   ------+------+------+------+------+------+------
 *
 * The channel may be at any entry from the head on, and reads an entry when its frame begins. A
 * buffer takes the place of a hole that is far enough from where the channel is: not the entry that
 * it is at, nor the next one, which it may go on to at any time.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/iopoll.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <media/vb2-ipu-iommu.h>

#include "ipu3-cio2.h"
#include "trace.h"

static unsigned int timeout_ms = 5000;
module_param(timeout_ms, uint, 0644);
MODULE_PARM_DESC(timeout_ms,
		 "Milliseconds without a frame after which a stream is given up; 0: never");

/* A channel that was told to stop may finish its frame first. */
#define CIO2_HALT_POLL_US	4000
#define CIO2_HALT_TIMEOUT_US	2000000

/* From where the channel is to the first entry that may be written. */
#define CIO2_DISTANCE		2

/* ---- entries ---- */

static unsigned int cio2_slot(const struct cio2_port *port, u32 number)
{
	return (number - port->first) % CIO2_RING_ENTRIES;
}

static struct cio2_fbpt_entry *cio2_entry(const struct cio2_port *port, u32 number)
{
	return &port->ring[cio2_slot(port, number)];
}

/* Leads the frame @number to @target. */
static void cio2_entry_write(struct cio2_port *port, u32 number,
			     const struct cio2_fbpt_target *target)
{
	struct cio2_fbpt_entry *entry = cio2_entry(port, number);
	size_t at = cio2_slot(port, number) * sizeof(*entry);
	unsigned int i;

	for (i = 0; i < CIO2_MAX_LOPS; i++)
		entry->sub[i].lop = target->lop[i];
	entry->sub[0].word[CIO2_FBPT_STATUS] = 0;
	entry->sub[0].word[CIO2_FBPT_OFFSET] = target->offset;
	entry->sub[1].word[CIO2_FBPT_BYTES] = 0;
	entry->sub[1].word[CIO2_FBPT_SIZE] = target->size;
	vb2_ipu_mem_sync_for_device(port->table, at + CIO2_FBPT_HEAD_BYTES,
				    sizeof(*entry) - CIO2_FBPT_HEAD_BYTES);
	/* The device must not find the entry valid before the rest of it. */
	dma_wmb();
	WRITE_ONCE(entry->sub[0].word[CIO2_FBPT_CONTROL],
		   cpu_to_le32(CIO2_FBPT_VALID | CIO2_FBPT_IOC | CIO2_FBPT_IOS));
	vb2_ipu_mem_sync_for_device(port->table, at, CIO2_FBPT_HEAD_BYTES);
}

/* Whether the frame @number has ended. */
static bool cio2_entry_done(struct cio2_port *port, u32 number)
{
	struct cio2_fbpt_entry *entry = cio2_entry(port, number);

	vb2_ipu_mem_sync_for_cpu(port->table, cio2_slot(port, number) * sizeof(*entry),
				 CIO2_FBPT_HEAD_BYTES);
	if (le32_to_cpu(READ_ONCE(entry->sub[0].word[CIO2_FBPT_CONTROL])) & CIO2_FBPT_VALID)
		return false;
	/* What the device wrote with it is there, too. */
	dma_rmb();
	return true;
}

/* ---- towards the device ---- */

/* The number of the frame whose entry the channel is at, or was at a moment ago. */
static u32 cio2_dma_position(const struct cio2_port *port)
{
	u32 word = cio2_read(port->cio2, CIO2_CDMARI(cio2_channel(port->index)));
	u32 slot = FIELD_GET(CIO2_CDMARI_READ_POINTER, word);

	return port->head + (slot - cio2_slot(port, port->head)) % CIO2_RING_ENTRIES;
}

/* Whether the frame @number is one that an entry of the ring is for. */
static bool cio2_in_ring(const struct cio2_port *port, u32 number)
{
	return number - port->head < CIO2_RING_ENTRIES;
}

/*
 * Whether the channel is far from the frame @number, for all that is in memory: if the frame two
 * before has not ended, it is no further than that, and need not be asked.
 */
static bool cio2_is_far(struct cio2_port *port, u32 number)
{
	return number - port->head >= CIO2_DISTANCE &&
	       !cio2_entry_done(port, number - CIO2_DISTANCE);
}

static bool cio2_ring_put(struct cio2_port *port, struct cio2_buffer *buf)
{
	u32 number = port->tail, position;
	bool asked = false;

	lockdep_assert_held(&port->ring_lock);
	if (port->running && !cio2_is_far(port, number)) {
		position = cio2_dma_position(port);
		asked = true;
		if (number - port->head < position + CIO2_DISTANCE - port->head)
			number = position + CIO2_DISTANCE;
	}
	/* One is left, so that the last one is not taken for the one before the first. */
	if (!cio2_in_ring(port, number + 1))
		return false;
	cio2_entry_write(port, number, &buf->target);
	/* However late this was: what the device may have seen half of is not taken for whole. */
	buf->unsure = asked && cio2_dma_position(port) - position >= CIO2_DISTANCE;
	port->bufs[cio2_slot(port, number)] = buf;
	port->tail = number + 1;
	return true;
}

static void cio2_dma_feed(struct cio2_port *port)
{
	struct cio2_buffer *buf, *next;

	list_for_each_entry_safe(buf, next, &port->waiting, list) {
		if (port->broken || !cio2_ring_put(port, buf))
			break;
		list_del(&buf->list);
	}
}

/**
 * cio2_dma_queue() - take a buffer to be filled
 * @port: The port; its channel need not be on.
 * @buf: The buffer, with its lists of pages.
 *
 * Context: Any. Takes &cio2_port.ring_lock.
 */
void cio2_dma_queue(struct cio2_port *port, struct cio2_buffer *buf)
{
	unsigned long flags;

	spin_lock_irqsave(&port->ring_lock, flags);
	list_add_tail(&buf->list, &port->waiting);
	if (port->running)
		cio2_dma_feed(port);
	spin_unlock_irqrestore(&port->ring_lock, flags);
}

/* ---- back ---- */

static void cio2_dma_retire(struct cio2_port *port, struct list_head *done)
{
	struct cio2_fbpt_entry *entry = cio2_entry(port, port->head);
	unsigned int slot = cio2_slot(port, port->head);
	struct cio2_buffer *buf = port->bufs[slot];
	u32 bytes = le32_to_cpu(READ_ONCE(entry->sub[1].word[CIO2_FBPT_BYTES]));
	u64 latency = ktime_get_ns() - READ_ONCE(port->done_ns);

	trace_cio2_frame_end(cio2_dev(port), port->index, port->head, bytes, port->damage, !buf);
	if (buf) {
		struct vb2_buffer *vb = &buf->vb.vb2_buf;

		buf->vb.sequence = port->head;
		buf->vb.field = V4L2_FIELD_NONE;
		vb->timestamp = READ_ONCE(port->done_ns);
		buf->state = VB2_BUF_STATE_DONE;
		if (bytes != port->format.plane_fmt[0].sizeimage || port->damage || buf->unsure)
			buf->state = VB2_BUF_STATE_ERROR;
		/* The device says how much, and may say anything. */
		vb2_set_plane_payload(vb, 0, min_t(u32, bytes, vb2_plane_size(vb, 0)));
		if (buf->state == VB2_BUF_STATE_DONE)
			port->stats.frames++;
		else
			port->stats.bad_frames++;
		port->stats.latency_ns += latency;
		port->stats.latency_max_ns = max(port->stats.latency_max_ns, latency);
		list_add_tail(&buf->list, done);
		port->bufs[slot] = NULL;
	} else {
		port->stats.dropped++;
	}
	cio2_entry_write(port, port->head, &port->cio2->hole_target);
	if (port->tail == port->head)
		port->tail++;
	port->head++;
}

static void cio2_give_back(struct list_head *list)
{
	struct cio2_buffer *buf, *next;

	list_for_each_entry_safe(buf, next, list, list) {
		list_del(&buf->list);
		vb2_buffer_done(&buf->vb.vb2_buf, buf->state);
	}
}

/**
 * cio2_dma_complete() - give back the buffers of frames that have ended
 * @port: The port.
 *
 * Context: Process context, or the interrupt's thread. Takes &cio2_port.ring_lock.
 */
void cio2_dma_complete(struct cio2_port *port)
{
	unsigned long flags;
	unsigned int n = 0;
	LIST_HEAD(done);

	spin_lock_irqsave(&port->ring_lock, flags);
	/* Bounded, for a device that ends frames faster than they can be given back. */
	while (port->running && n < CIO2_RING_ENTRIES && cio2_entry_done(port, port->head)) {
		cio2_dma_retire(port, &done);
		n++;
	}
	if (n) {
		port->damage = 0;
		cio2_dma_feed(port);
	}
	spin_unlock_irqrestore(&port->ring_lock, flags);
	cio2_give_back(&done);
}

/**
 * cio2_dma_damage() - something went wrong with the frame that is being received
 * @port: The port.
 * @errors: What did, by bit; see cio2_error_name().
 * @damaging: Those after which the frame must not be taken for whole.
 *
 * The log tells of each kind once in a stream.
 *
 * Context: The interrupt's thread. Takes &cio2_port.ring_lock.
 */
void cio2_dma_damage(struct cio2_port *port, u32 errors, u32 damaging)
{
	unsigned long flags, bits;
	unsigned int i;
	u32 number;

	spin_lock_irqsave(&port->ring_lock, flags);
	bits = errors;
	for_each_set_bit(i, &bits, CIO2_ERRORS)
		port->stats.errors[i]++;
	bits = errors & ~port->logged;
	port->logged |= errors;
	number = port->head;
	if (port->running)
		port->damage |= errors & damaging;
	spin_unlock_irqrestore(&port->ring_lock, flags);

	trace_cio2_error(cio2_dev(port), port->index, number, errors);
	/* What comes along is another name for the same, as a rule. */
	if (bits)
		dev_warn(cio2_dev(port), "port %u: frame %u: %s; further ones are only counted\n",
			 port->index, number, cio2_error_name(__ffs(bits)));
}

/**
 * cio2_dma_errors() - the channel has complained
 * @port: The port.
 * @dma: It found an entry that is not valid, or could not read its tables: it has stopped.
 * @overflow: The port's frame did not fit into the receiver's memory.
 *
 * Context: The interrupt's thread. Takes &cio2_port.ring_lock.
 */
void cio2_dma_errors(struct cio2_port *port, bool dma, bool overflow)
{
	unsigned long flags;

	spin_lock_irqsave(&port->ring_lock, flags);
	port->stats.dma_errors += dma;
	port->stats.overflows += overflow;
	if (overflow && port->running)
		port->damage |= CIO2_DAMAGE_OVERFLOW;
	spin_unlock_irqrestore(&port->ring_lock, flags);
	if (dma)
		cio2_dma_break(port, "the DMA channel has stopped");
}

/**
 * cio2_dma_break() - nothing more can be expected from a stream
 * @port: The port.
 * @why: For the log.
 *
 * Whoever waits for a buffer gets an error. Streaming can be started anew.
 *
 * Context: Any. Takes &cio2_port.ring_lock.
 */
void cio2_dma_break(struct cio2_port *port, const char *why)
{
	unsigned long flags;
	bool news;
	u32 number;

	spin_lock_irqsave(&port->ring_lock, flags);
	news = port->running && !port->broken;
	number = port->head;
	if (news)
		port->broken = true;
	spin_unlock_irqrestore(&port->ring_lock, flags);
	if (!news)
		return;
	dev_err(cio2_dev(port), "port %u: %s after frame %u; the stream has ended\n", port->index,
		why, number);
	/* The device may still write to the buffers; they come back when streaming is stopped. */
	vb2_queue_error(&port->queue);
}

/* Looks at times whether a frame has come since the last time. */
static void cio2_dma_watch(struct work_struct *work)
{
	struct cio2_port *port = container_of(to_delayed_work(work), struct cio2_port, watchdog);
	unsigned int ms = READ_ONCE(timeout_ms);
	unsigned long flags;
	bool running, stuck;

	/* An interrupt that was lost, with no other one after it. */
	spin_lock_irqsave(&port->ring_lock, flags);
	if (port->running && cio2_entry_done(port, port->head))
		WRITE_ONCE(port->done_ns, ktime_get_ns());
	spin_unlock_irqrestore(&port->ring_lock, flags);
	cio2_dma_complete(port);
	spin_lock_irqsave(&port->ring_lock, flags);
	running = port->running && !port->broken;
	stuck = running && ms && port->head == port->watched;
	port->watched = port->head;
	if (stuck)
		port->stats.stuck++;
	spin_unlock_irqrestore(&port->ring_lock, flags);
	if (stuck)
		cio2_dma_break(port, "no frame has come for too long");
	else if (running)
		schedule_delayed_work(&port->watchdog, msecs_to_jiffies(ms ?: MSEC_PER_SEC));
}

/* ---- on and off ---- */

/**
 * cio2_dma_start() - switch a channel on
 * @port: The port. What is queued gets the first frames.
 *
 * Frame numbers go on from &cio2_port.head.
 *
 * Context: Process context, within &cio2_device.hw_lock. Takes &cio2_port.ring_lock.
 */
void cio2_dma_start(struct cio2_port *port)
{
	unsigned int channel = cio2_channel(port->index), i;
	struct cio2_device *cio2 = port->cio2;
	unsigned long flags;

	spin_lock_irqsave(&port->ring_lock, flags);
	port->first = port->head;
	port->tail = port->head;
	port->watched = port->head - 1;
	port->begun = port->head;
	port->damage = 0;
	for (i = 0; i < CIO2_RING_ENTRIES; i++)
		cio2_entry_write(port, port->head + i, &cio2->hole_target);
	port->broken = false;
	cio2_dma_feed(port);
	port->running = true;
	cio2_write(cio2, CIO2_CDMABA(channel),
		   vb2_ipu_mem_dma_addr(port->table) >> CIO2_PAGE_SHIFT);
	cio2_write(cio2, CIO2_CDMAC1(channel), FIELD_PREP(CIO2_CDMAC1_LINE_UPDATE, 1));
	cio2_write(cio2, CIO2_CDMAC0(channel),
		   FIELD_PREP(CIO2_CDMAC0_FBPT_LAST, CIO2_RING_ENTRIES - 1) |
		   FIELD_PREP(CIO2_CDMAC0_FBPT_WIDTH, CIO2_MAX_LOPS / CIO2_FBPT_WIDTH_UNIT) |
		   CIO2_CDMAC0_INTR_ON_FS | CIO2_CDMAC0_INTR_ON_FE |
		   CIO2_CDMAC0_UPDATE_FIFO_FULL | CIO2_CDMAC0_ENABLE | CIO2_CDMAC0_HALTED);
	spin_unlock_irqrestore(&port->ring_lock, flags);
	schedule_delayed_work(&port->watchdog,
			      msecs_to_jiffies(READ_ONCE(timeout_ms) ?: MSEC_PER_SEC));
}

/**
 * cio2_dma_stop() - switch a channel off
 * @port: The port.
 *
 * Context: Process context, within &cio2_device.hw_lock. Takes &cio2_port.ring_lock.
 * Return: 0: the channel no longer accesses memory; -ETIMEDOUT: it may.
 */
int cio2_dma_stop(struct cio2_port *port)
{
	unsigned int channel = cio2_channel(port->index);
	struct cio2_device *cio2 = port->cio2;
	unsigned long flags;
	u32 value;
	int ret;

	cio2_write(cio2, CIO2_CDMAC0(channel), 0);
	ret = readl_poll_timeout(cio2->base + CIO2_CDMAC0(channel), value,
				 value & CIO2_CDMAC0_HALTED, CIO2_HALT_POLL_US,
				 CIO2_HALT_TIMEOUT_US);
	/* What had ended by then is not lost. */
	cio2_dma_complete(port);
	spin_lock_irqsave(&port->ring_lock, flags);
	port->running = false;
	spin_unlock_irqrestore(&port->ring_lock, flags);
	cancel_delayed_work_sync(&port->watchdog);
	return ret;
}

/**
 * cio2_dma_take_back() - take all buffers out of the ring, to be given to the device again later
 * @port: The port, whose channel is off.
 *
 * Context: Process context. Takes &cio2_port.ring_lock.
 */
void cio2_dma_take_back(struct cio2_port *port)
{
	unsigned long flags;

	spin_lock_irqsave(&port->ring_lock, flags);
	/* The newest first, each to the front of those that wait. */
	while (port->tail != port->head) {
		unsigned int slot = cio2_slot(port, --port->tail);

		if (port->bufs[slot])
			list_add(&port->bufs[slot]->list, &port->waiting);
		port->bufs[slot] = NULL;
	}
	spin_unlock_irqrestore(&port->ring_lock, flags);
}

/**
 * cio2_dma_return_all() - give back all buffers
 * @port: The port, whose channel is off.
 * @state: What becomes of them.
 *
 * Context: Process context. Takes &cio2_port.ring_lock.
 */
void cio2_dma_return_all(struct cio2_port *port, enum vb2_buffer_state state)
{
	struct cio2_buffer *buf;
	unsigned long flags;
	LIST_HEAD(list);

	cio2_dma_take_back(port);
	spin_lock_irqsave(&port->ring_lock, flags);
	list_for_each_entry(buf, &port->waiting, list)
		buf->state = state;
	list_splice_init(&port->waiting, &list);
	spin_unlock_irqrestore(&port->ring_lock, flags);
	cio2_give_back(&list);
}

/**
 * cio2_dma_init() - make a port's ring
 * @port: The port; its device has its memory backend.
 *
 * Context: Process context, probe.
 * Return: 0, or what vb2_ipu_mem_alloc() said.
 */
int cio2_dma_init(struct cio2_port *port)
{
	struct vb2_ipu_mem *table;

	table = vb2_ipu_mem_alloc(port->cio2->vid, "fbpt", CIO2_PAGE_SIZE, DMA_BIDIRECTIONAL);
	if (IS_ERR(table))
		return PTR_ERR(table);
	port->table = table;
	port->ring = vb2_ipu_mem_vaddr(table);
	INIT_DELAYED_WORK(&port->watchdog, cio2_dma_watch);
	return 0;
}

/**
 * cio2_dma_exit() - free a port's ring
 * @port: The port, whose channel is off; it need not have a ring.
 *
 * Context: Process context.
 */
void cio2_dma_exit(struct cio2_port *port)
{
	vb2_ipu_mem_free(port->table);
	port->table = NULL;
	port->ring = NULL;
}
