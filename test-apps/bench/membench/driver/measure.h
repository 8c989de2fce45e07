/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Measured operations, and the lines that tell of them.
 */
#ifndef MEMBENCH_MEASURE_H
#define MEMBENCH_MEASURE_H

#include <linux/types.h>

struct device;
struct target;

/*
 * What is measured.
 *
 * The order is that of one round: each is done for all buffers before the next one. Names are in
 * measure.c.
 */
enum op {
	OP_NOTHING,
	OP_ALLOC,
	OP_FRAME_UNSEEN,
	OP_MMAP_READ,
	OP_FRAME_READ,
	OP_MUNMAP_READ,
	OP_MMAP_WRITE,
	OP_FRAME_WRITE,
	OP_FRAME_HINTED,
	OP_MUNMAP_WRITE,
	OP_FREE,
	OP_USERPTR,
	OP_USERPTR_END,
	OP_MAP_PAGES,
	OP_UNMAP_PAGES,
	OP_MAP_RUNS,
	OP_UNMAP_RUNS,
	N_OPS,
};

/**
 * struct counts - what operations cost, or a state of the counters
 * @instructions: Carried out.
 * @flushes: Cache lines flushed, as the machine counted them.
 * @lines: Lines of buffers flushed, as the backend counted them.
 * @table_lines: Lines of page tables flushed, as the backend counted them.
 * @invalidates: TLB invalidates.
 * @tables: Second-level tables that are there.
 * @requests: Invalidation requests of another IOMMU's driver, see requests_watch().
 */
struct counts {
	u64 instructions;
	u64 flushes;
	u64 lines;
	u64 table_lines;
	u64 invalidates;
	s64 tables;
	u64 requests;
};

/**
 * struct measurement - all operations of one backend on one target
 * @backend: Its name.
 * @target: The device.
 * @dev: What memory is allocated for.
 * @size: Bytes of a plane.
 * @buffers: How many planes.
 * @foreign: It is not the backend that flushes: only the machine has counted.
 * @stray: Flush a line that nobody has asked for, as a negative control.
 * @probed: Requests are watched, which takes instructions: the round does not count otherwise.
 * @round: The current one.
 * @start: Counters when the current region began.
 * @sum: Of the current round.
 * @n: Operations of the current round.
 * @best: Of each operation, the round with the fewest instructions.
 * @most: The most instructions that a round took.
 * @best_n: Operations that @best is the sum of.
 * @requests: Of the last round.
 */
struct measurement {
	const char *backend;
	struct target *target;
	struct device *dev;
	size_t size;
	unsigned int buffers;
	bool foreign;
	bool stray;
	bool probed;
	unsigned int round;
	struct counts start;
	struct counts sum[N_OPS];
	unsigned int n[N_OPS];
	struct counts best[N_OPS];
	u64 most[N_OPS];
	unsigned int best_n[N_OPS];
	u64 requests[N_OPS];
};

void measure_begin(struct measurement *m);
void measure_end(struct measurement *m, enum op op);
void measure_end_round(struct measurement *m);
int measure_report(const struct measurement *m);

#endif /* MEMBENCH_MEASURE_H */
