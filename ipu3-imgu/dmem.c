// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SPs' data memories, and the rings in SP0's, through which buffers and events go to the
 * firmware and come back. The driver keeps its own side of each ring, and reads of it only what the
 * firmware writes.
 */
#include <linux/pci.h>

#include "ipu3-imgu.h"

/**
 * imgu_dmem_read() - read a variable of an SP's
 * @imgu: The device, with power.
 * @sp: Whose.
 * @offset: Bytes from the begin of its memory.
 *
 * Context: Any.
 * Return: its value.
 */
u32 imgu_dmem_read(const struct imgu_device *imgu, unsigned int sp, u32 offset)
{
	return imgu_read(imgu, IMGU_SP_DMEM(sp) + offset);
}

/**
 * imgu_dmem_write() - write a variable of an SP's
 * @imgu: The device, with power.
 * @sp: Whose.
 * @offset: Bytes from the begin of its memory.
 * @value: The value.
 *
 * Context: Any.
 */
void imgu_dmem_write(const struct imgu_device *imgu, unsigned int sp, u32 offset, u32 value)
{
	imgu_write(imgu, IMGU_SP_DMEM(sp) + offset, value);
}

/* Queues that buffers go to the SP through; the others come back only. */
static bool imgu_dmem_is_used(unsigned int queue)
{
	return queue != IMGU_QUEUE_UNUSED && queue <= IMGU_QUEUE_STATS;
}

static void __iomem *imgu_dmem_rings(const struct imgu_device *imgu)
{
	const struct imgu_firmware_info *info =
		imgu_firmware_get_info(&imgu->firmware, imgu->firmware.sp[0]);

	return imgu->base + IMGU_SP_DMEM(0) + info->sp.host_sp_queue;
}

static int imgu_dmem_open_ring(struct imgu_device *imgu, enum imgu_ring_kind kind,
			       unsigned int pipe, unsigned int queue, struct imgu_dmem_ring *at)
{
	void __iomem *rings = imgu_dmem_rings(imgu);
	struct imgu_ring_place place;
	struct imgu_ring_info info;
	enum imgu_reason reason;
	u32 word;

	if (!imgu_ring_find(kind, pipe, queue, &place))
		return -EINVAL;
	at->own = rings + place.own;
	at->other = rings + place.other;
	at->entries = rings + place.entries;
	word = readl(rings + place.info);
	memcpy(&info, &word, sizeof(info));
	reason = imgu_ring_open(&at->ring, kind, &info);
	if (!reason)
		return 0;
	dev_err(imgu_dev(imgu), "ring %u of kind %u, pipe %u: %s (%#x)\n", queue, kind, pipe,
		imgu_reason_text(reason), word);
	return -EIO;
}

/**
 * imgu_dmem_open() - begin to use the rings
 * @imgu: The device, whose SP0 has just been started.
 *
 * Context: Process context, within &imgu_device.stream_lock.
 * Return: 0; -EIO if the firmware's rings are others, and the log says so.
 */
int imgu_dmem_open(struct imgu_device *imgu)
{
	struct imgu_ring_accounts *rings = &imgu->rings;
	unsigned int pipe, queue;
	int ret;

	for (queue = 0; queue <= IMGU_QUEUE_STATS; queue++) {
		for (pipe = 0; pipe < IMGU_PIPES && imgu_dmem_is_used(queue); pipe++) {
			ret = imgu_dmem_open_ring(imgu, IMGU_RING_TO_SP, pipe, queue,
						  &rings->to_sp[pipe][queue]);
			if (ret)
				return ret;
		}
		ret = imgu_dmem_open_ring(imgu, IMGU_RING_FROM_SP, 0, queue,
					  &rings->from_sp[queue]);
		if (ret)
			return ret;
	}
	ret = imgu_dmem_open_ring(imgu, IMGU_RING_EVENTS_TO_SP, 0, 0, &rings->events_to_sp);
	if (ret)
		return ret;
	return imgu_dmem_open_ring(imgu, IMGU_RING_EVENTS_FROM_SP, 0, 0,
				   &rings->events_from_sp);
}

static struct imgu_dmem_ring *imgu_dmem_to_sp(struct imgu_device *imgu, unsigned int pipe,
					      int queue)
{
	return queue == IMGU_QUEUE_EVENT ? &imgu->rings.events_to_sp :
					   &imgu->rings.to_sp[pipe][queue];
}

static struct imgu_dmem_ring *imgu_dmem_from_sp(struct imgu_device *imgu, int queue)
{
	return queue == IMGU_QUEUE_EVENT ? &imgu->rings.events_from_sp :
					   &imgu->rings.from_sp[queue];
}

/* Ask the firmware how far it is: only if by what is known there is not enough. */
static int imgu_dmem_look(struct imgu_device *imgu, struct imgu_dmem_ring *at)
{
	enum imgu_reason reason;
	u8 other;

	/* No ring that is used is not open. */
	if (WARN_ON_ONCE(!at->other))
		return -EIO;
	other = readb(at->other);
	reason = imgu_ring_see(&at->ring, other);
	if (!reason)
		return 0;
	dev_err(imgu_dev(imgu), "ring with its index at %#tx of the SP's memory: %s (%u)\n",
		at->other - (imgu->base + IMGU_SP_DMEM(0)), imgu_reason_text(reason), other);
	return -EIO;
}

/**
 * imgu_dmem_room() - look whether there is room in a ring
 * @imgu: The device, whose rings are open.
 * @pipe: Whose buffers.
 * @queue: enum imgu_queue; %IMGU_QUEUE_EVENT: events.
 * @entries: How many are to be written.
 *
 * Context: Process context, within &imgu_device.engine_lock.
 * Return: whether so many calls of imgu_dmem_put() will not fail.
 */
bool imgu_dmem_room(struct imgu_device *imgu, unsigned int pipe, int queue, unsigned int entries)
{
	struct imgu_dmem_ring *to = imgu_dmem_to_sp(imgu, pipe, queue);

	lockdep_assert_held(&imgu->engine_lock);
	return to->ring.count >= entries ||
	       (!imgu_dmem_look(imgu, to) && to->ring.count >= entries);
}

/**
 * imgu_dmem_put() - give the firmware a buffer or an event
 * @imgu: The device, whose rings are open.
 * @pipe: Whose buffer.
 * @queue: enum imgu_queue; %IMGU_QUEUE_EVENT: an event.
 * @word: The device's address of its descriptor; the event.
 *
 * Context: Process context, within &imgu_device.engine_lock.
 * Return: 0; -ENOSPC if the ring is full; -EIO if the firmware has made a mess of it.
 */
int imgu_dmem_put(struct imgu_device *imgu, unsigned int pipe, int queue, u32 word)
{
	struct imgu_dmem_ring *to = imgu_dmem_to_sp(imgu, pipe, queue);
	u8 entry;

	lockdep_assert_held(&imgu->engine_lock);
	if (!to->ring.count && imgu_dmem_look(imgu, to))
		return -EIO;
	if (imgu_ring_step(&to->ring, &entry))
		return -ENOSPC;
	writel(word, to->entries + entry * sizeof(word));
	writeb(to->ring.own, to->own);
	return 0;
}

/**
 * imgu_dmem_get() - take a buffer or an event from the firmware
 * @imgu: The device, whose rings are open.
 * @queue: enum imgu_queue; %IMGU_QUEUE_EVENT: an event.
 * @word: Set to the device's address of the buffer's descriptor, or to the event.
 *
 * Context: Process context, within &imgu_device.engine_lock.
 * Return: 0; -EAGAIN if there is none; -EIO if the firmware has made a mess of the ring.
 */
int imgu_dmem_get(struct imgu_device *imgu, int queue, u32 *word)
{
	struct imgu_dmem_ring *from = imgu_dmem_from_sp(imgu, queue);
	u8 entry;

	lockdep_assert_held(&imgu->engine_lock);
	if (!from->ring.count && imgu_dmem_look(imgu, from))
		return -EIO;
	if (imgu_ring_step(&from->ring, &entry))
		return -EAGAIN;
	*word = readl(from->entries + entry * sizeof(*word));
	writeb(from->ring.own, from->own);
	return 0;
}
