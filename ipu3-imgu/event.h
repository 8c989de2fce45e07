/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events: words that tell the SP what has been put into a ring or taken out of one, and words by
 * which it tells that something is done.
 */
#ifndef IPU3_IMGU_EVENT_H
#define IPU3_IMGU_EVENT_H

#include "abi-sp.h"
#include "reason.h"

/* Pipes that this driver runs. */
#define IMGU_PIPES	2

#define IMGU_EVENT_EVENT_DEQUEUED	0x02000000
#define IMGU_EVENT_STOP			0x04000000

/**
 * imgu_event_queued() - a buffer has been put into a ring
 * @pipe: Whose.
 * @queue: enum imgu_queue.
 *
 * Return: a word for the SP.
 */
static inline u32 imgu_event_queued(unsigned int pipe, unsigned int queue)
{
	return pipe << 16 | queue << 8;
}

/**
 * imgu_event_dequeued() - a buffer has been taken out of a ring
 * @queue: enum imgu_queue.
 *
 * Return: a word for the SP.
 */
static inline u32 imgu_event_dequeued(unsigned int queue)
{
	return 0x01000000 | queue << 8;
}

/**
 * imgu_event_start() - a pipe may begin
 * @pipe: Which.
 *
 * Return: a word for the SP.
 */
static inline u32 imgu_event_start(unsigned int pipe)
{
	return 0x03000000 | pipe << 16;
}

/* What an event of the SP is about. */
enum imgu_event_type {
	IMGU_EVENT_OUT = 0,
	IMGU_EVENT_VF = 2,
	IMGU_EVENT_STATS = 4,
	IMGU_EVENT_PIPELINE = 6,
	IMGU_EVENT_IN = 8,
	IMGU_EVENT_TIMER = 12,
	IMGU_EVENT_WARNING = 14,
	IMGU_EVENT_ASSERT = 15,
};

/**
 * struct imgu_event - an event of the SP
 * @type: What is done or went wrong. Of a timer, another word of the same type follows.
 * @pipe: Whose; of buffers and pipelines.
 * @queue: Where the buffer comes back; of buffers.
 * @module: Which part of the firmware; of warnings and assertions.
 * @line: Which line of it; likewise.
 */
struct imgu_event {
	enum imgu_event_type type;
	u8 pipe;
	enum imgu_queue queue;
	u8 module;
	u16 line;
};

/**
 * imgu_event_parse() - understand an event of the SP
 * @word: As read from the ring.
 * @event: Set if it is one; what its type does not have is 0, and @queue %IMGU_QUEUE_EVENT.
 *
 * Return: %IMGU_OK; %IMGU_REASON_EVENT_TYPE if it is unknown, or %IMGU_REASON_EVENT_PIPE if it is
 * about a pipe that there is not. More events may follow all the same.
 */
static inline enum imgu_reason imgu_event_parse(u32 word, struct imgu_event *event)
{
	u8 type = word & 0xff, second = word >> 8 & 0xff;
	struct imgu_event parsed = { .queue = IMGU_QUEUE_EVENT };

	switch (type) {
	case IMGU_EVENT_OUT:
		parsed.queue = IMGU_QUEUE_OUT;
		break;
	case IMGU_EVENT_VF:
		parsed.queue = IMGU_QUEUE_VF;
		break;
	case IMGU_EVENT_STATS:
		parsed.queue = IMGU_QUEUE_STATS;
		break;
	case IMGU_EVENT_IN:
		parsed.queue = IMGU_QUEUE_IN;
		break;
	case IMGU_EVENT_PIPELINE:
	case IMGU_EVENT_TIMER:
		break;
	case IMGU_EVENT_WARNING:
	case IMGU_EVENT_ASSERT:
		parsed.module = second;
		/* Its bytes are swapped. */
		parsed.line = (word >> 24) | (word >> 8 & 0xff00);
		break;
	default:
		return IMGU_REASON_EVENT_TYPE;
	}
	if (parsed.queue != IMGU_QUEUE_EVENT || type == IMGU_EVENT_PIPELINE) {
		if (second >= IMGU_PIPES)
			return IMGU_REASON_EVENT_PIPE;
		parsed.pipe = second;
	}
	parsed.type = (enum imgu_event_type)type;
	*event = parsed;
	return IMGU_OK;
}

#endif
