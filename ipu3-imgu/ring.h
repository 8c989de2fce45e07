/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rings in SP0's memory: who writes which index, and which the other side can have reached.
 */
#ifndef IPU3_IMGU_RING_H
#define IPU3_IMGU_RING_H

#include "abi-sp.h"
#include "reason.h"

/**
 * enum imgu_ring_kind - what goes through a ring
 * @IMGU_RING_TO_SP: Buffers for the SP; one for each pipe and queue.
 * @IMGU_RING_FROM_SP: Buffers that come back; one for each queue.
 * @IMGU_RING_EVENTS_TO_SP: Events for the SP.
 * @IMGU_RING_EVENTS_FROM_SP: Events from the SP.
 */
enum imgu_ring_kind {
	IMGU_RING_TO_SP,
	IMGU_RING_FROM_SP,
	IMGU_RING_EVENTS_TO_SP,
	IMGU_RING_EVENTS_FROM_SP,
};

/**
 * struct imgu_ring_place - where a ring is, bytes from the begin of struct imgu_rings
 * @info: Its struct imgu_ring_info.
 * @own: The index in there that the driver writes, a byte.
 * @other: The index in there that the SP writes, a byte.
 * @entries: Its first entry.
 * @size: Its entries.
 */
struct imgu_ring_place {
	u32 info;
	u32 own;
	u32 other;
	u32 entries;
	u8 size;
};

/**
 * struct imgu_ring - one side's account of a ring
 * @size: Entries, one of which is always free.
 * @writer: The driver writes entries; it reads them otherwise.
 * @own: The driver's index, which it never reads back: the next entry that it will write or read.
 * @other: The SP's, as last seen.
 * @count: Entries that the driver can write or read, by @other.
 */
struct imgu_ring {
	u8 size;
	bool writer;
	u8 own;
	u8 other;
	u8 count;
};

bool imgu_ring_find(enum imgu_ring_kind kind, unsigned int pipe, unsigned int queue,
		    struct imgu_ring_place *place);
enum imgu_reason imgu_ring_open(struct imgu_ring *ring, enum imgu_ring_kind kind,
				const struct imgu_ring_info *info);
enum imgu_reason imgu_ring_see(struct imgu_ring *ring, u8 index);
enum imgu_reason imgu_ring_step(struct imgu_ring *ring, u8 *entry);

#endif
