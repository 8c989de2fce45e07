// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings. Entries from start to end, which wraps, are those that have been written and not been
 * read; the side that writes them owns end, the other one start. What the SP says of its own index
 * is believed as far as it can be true: it cannot read what nobody wrote, nor write where nobody
 * has read yet. The driver's own index is kept here, so that no read of the device goes into it.
 */
#include "ring.h"

static bool is_writer(enum imgu_ring_kind kind)
{
	return kind == IMGU_RING_TO_SP || kind == IMGU_RING_EVENTS_TO_SP;
}

static const u8 sizes[] = {
	[IMGU_RING_TO_SP] = IMGU_TO_SP_BUFFERS,
	[IMGU_RING_FROM_SP] = IMGU_FROM_SP_BUFFERS,
	[IMGU_RING_EVENTS_TO_SP] = IMGU_TO_SP_EVENTS,
	[IMGU_RING_EVENTS_FROM_SP] = IMGU_FROM_SP_EVENTS,
};

/* Steps from one index to another. */
static u8 distance(const struct imgu_ring *ring, u8 from, u8 to)
{
	return to >= from ? to - from : to + ring->size - from;
}

/**
 * imgu_ring_find() - where a ring is
 * @kind: What goes through it.
 * @pipe: Whose it is, below IMGU_SP_PIPES; of buffers for the SP only.
 * @queue: enum imgu_queue, not negative; of buffers only.
 * @place: Set to it.
 *
 * Context: any.
 * Return: whether there is such a ring.
 */
bool imgu_ring_find(enum imgu_ring_kind kind, unsigned int pipe, unsigned int queue,
		    struct imgu_ring_place *place)
{
	u32 info, entries;

	if (queue >= IMGU_QUEUES || pipe >= IMGU_SP_PIPES)
		return false;
	switch (kind) {
	case IMGU_RING_TO_SP:
		queue += pipe * IMGU_QUEUES;
		info = offsetof(struct imgu_rings, to_sp) +
		       queue * sizeof(struct imgu_ring_info);
		entries = offsetof(struct imgu_rings, to_sp_entries) +
			  queue * IMGU_TO_SP_BUFFERS * sizeof(u32);
		break;
	case IMGU_RING_FROM_SP:
		info = offsetof(struct imgu_rings, from_sp) +
		       queue * sizeof(struct imgu_ring_info);
		entries = offsetof(struct imgu_rings, from_sp_entries) +
			  queue * IMGU_FROM_SP_BUFFERS * sizeof(u32);
		break;
	case IMGU_RING_EVENTS_TO_SP:
		info = offsetof(struct imgu_rings, events_to_sp);
		entries = offsetof(struct imgu_rings, events_to_sp_entries);
		break;
	case IMGU_RING_EVENTS_FROM_SP:
		info = offsetof(struct imgu_rings, events_from_sp);
		entries = offsetof(struct imgu_rings, events_from_sp_entries);
		break;
	default:
		return false;
	}
	*place = (struct imgu_ring_place){
		.info = info,
		.own = info + (is_writer(kind) ? offsetof(struct imgu_ring_info, end) :
						 offsetof(struct imgu_ring_info, start)),
		.other = info + (is_writer(kind) ? offsetof(struct imgu_ring_info, start) :
						   offsetof(struct imgu_ring_info, end)),
		.entries = entries,
		.size = sizes[kind],
	};
	return true;
}

/**
 * imgu_ring_open() - begin to use a ring that the SP has just set up
 * @ring: Filled.
 * @kind: What goes through it.
 * @info: What the SP says of it.
 *
 * Context: any.
 * Return: %IMGU_OK; %IMGU_REASON_RING_SIZE or %IMGU_REASON_RING_INDEX if that is no such ring.
 */
enum imgu_reason imgu_ring_open(struct imgu_ring *ring, enum imgu_ring_kind kind,
				const struct imgu_ring_info *info)
{
	u8 size = sizes[kind];
	u8 filled;

	if (info->size != size)
		return IMGU_REASON_RING_SIZE;
	if (info->start >= size || info->end >= size)
		return IMGU_REASON_RING_INDEX;
	*ring = (struct imgu_ring){
		.size = size,
		.writer = is_writer(kind),
		.own = is_writer(kind) ? info->end : info->start,
		.other = is_writer(kind) ? info->start : info->end,
	};
	filled = distance(ring, info->start, info->end);
	ring->count = ring->writer ? size - 1 - filled : filled;
	return IMGU_OK;
}

/**
 * imgu_ring_see() - take note of the SP's index
 * @ring: An open ring.
 * @index: As read from the SP's memory.
 *
 * Context: any.
 * Return: %IMGU_OK; %IMGU_REASON_RING_INDEX if there is no such entry, or
 * %IMGU_REASON_RING_BEYOND if the SP cannot be there. The ring is as before then.
 */
enum imgu_reason imgu_ring_see(struct imgu_ring *ring, u8 index)
{
	u8 steps;

	if (index >= ring->size)
		return IMGU_REASON_RING_INDEX;
	/* Up to what has been written; or up to the last entry that is free. */
	steps = distance(ring, ring->other, index);
	if (steps > ring->size - 1 - ring->count)
		return IMGU_REASON_RING_BEYOND;
	ring->other = index;
	ring->count += steps;
	return IMGU_OK;
}

/**
 * imgu_ring_step() - go on by one entry
 * @ring: An open ring.
 * @entry: Set to the one to write or to read: before @ring->own goes to the SP.
 *
 * Context: any.
 * Return: %IMGU_OK; %IMGU_REASON_RING_FULL or %IMGU_REASON_RING_EMPTY if there is none.
 */
enum imgu_reason imgu_ring_step(struct imgu_ring *ring, u8 *entry)
{
	if (!ring->count)
		return ring->writer ? IMGU_REASON_RING_FULL : IMGU_REASON_RING_EMPTY;
	*entry = ring->own;
	ring->own = ring->own + 1 == ring->size ? 0 : ring->own + 1;
	ring->count--;
	return IMGU_OK;
}
