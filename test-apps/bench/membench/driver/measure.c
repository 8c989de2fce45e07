// SPDX-License-Identifier: GPL-2.0-only
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <asm/special_insns.h>

#include "count.h"
#include "device.h"
#include "measure.h"
#include "requests.h"
#include "target.h"

static const char *const op_names[N_OPS] = {
	[OP_NOTHING] = "nothing",
	[OP_ALLOC] = "alloc",
	[OP_FRAME_UNSEEN] = "frame-unseen",
	[OP_MMAP_READ] = "mmap-read",
	[OP_FRAME_READ] = "frame-read",
	[OP_MUNMAP_READ] = "munmap-read",
	[OP_MMAP_WRITE] = "mmap-write",
	[OP_FRAME_WRITE] = "frame-write",
	[OP_FRAME_HINTED] = "frame-hinted",
	[OP_MUNMAP_WRITE] = "munmap-write",
	[OP_FREE] = "free",
	[OP_USERPTR] = "userptr",
	[OP_USERPTR_END] = "userptr-end",
	[OP_MAP_PAGES] = "map-pages",
	[OP_UNMAP_PAGES] = "unmap-pages",
	[OP_MAP_RUNS] = "map-runs",
	[OP_UNMAP_RUNS] = "unmap-runs",
};

static struct counts measure_now(const struct target *target)
{
	struct ipu_stats *stats = &target->vid->stats;

	return (struct counts){
		.flushes = membench_flushes(),
		.requests = requests_count(),
		.lines = atomic64_read(&stats->flushed_lines),
		.table_lines = atomic64_read(&stats->flushed_table_lines),
		.invalidates = target->invalidates,
		.tables = atomic64_read(&stats->table_pages),
	};
}

/**
 * measure_begin() - an operation is about to begin
 * @m: The measurement.
 *
 * Context: Process context.
 */
void measure_begin(struct measurement *m)
{
	m->start = measure_now(m->target);
	/* Last, and first at the end: the other counters are not in it. */
	m->start.instructions = membench_instructions();
}

/**
 * measure_end() - an operation has ended
 * @m: The measurement.
 * @op: Which one.
 *
 * Context: Process context.
 */
void measure_end(struct measurement *m, enum op op)
{
	u64 instructions = membench_instructions();
	struct counts now;

	if (m->stray && op == OP_ALLOC)
		clflush(&m->start);
	now = measure_now(m->target);

	m->sum[op].instructions += instructions - m->start.instructions;
	m->sum[op].flushes += now.flushes - m->start.flushes;
	m->sum[op].lines += now.lines - m->start.lines;
	m->sum[op].table_lines += now.table_lines - m->start.table_lines;
	m->sum[op].invalidates += now.invalidates - m->start.invalidates;
	m->sum[op].tables += now.tables - m->start.tables;
	m->sum[op].requests += now.requests - m->start.requests;
	m->n[op]++;
}

/**
 * measure_end_round() - all operations were measured once
 * @m: The measurement.
 *
 * Context: Any.
 */
void measure_end_round(struct measurement *m)
{
	unsigned int op;

	for (op = 0; op < N_OPS; op++) {
		if (!m->n[op])
			continue;
		m->requests[op] = m->sum[op].requests;
		if (m->probed)
			continue;
		if (!m->round || m->sum[op].instructions < m->best[op].instructions)
			m->best[op] = m->sum[op];
		m->most[op] = max(m->most[op], m->sum[op].instructions);
		m->best_n[op] = m->n[op];
	}
	memset(m->sum, 0, sizeof(m->sum));
	memset(m->n, 0, sizeof(m->n));
	m->round++;
}

/**
 * measure_report() - tell of each operation in the kernel's log, what it cost for all buffers
 * together
 * @m: The measurement.
 *
 * Context: Any.
 * Return: 0; -EIO when the machine and the backend have counted different numbers of flushed lines.
 */
int measure_report(const struct measurement *m)
{
	u64 nothing = m->best_n[OP_NOTHING] ?
			      div_u64(m->best[OP_NOTHING].instructions, m->best_n[OP_NOTHING]) :
			      0;
	unsigned int op;

	for (op = OP_ALLOC; op < N_OPS; op++) {
		const struct counts *c = &m->best[op];
		u64 overhead = nothing * m->best_n[op], others = 0;
		u64 ours = c->lines + c->table_lines;
		bool own = !m->foreign || m->target->translated;

		if (!m->best_n[op])
			continue;
		/* The other IOMMU's driver flushes its own tables, and counts nothing. */
		if (m->target->translated)
			others = c->flushes - ours;
		pr_info("ipu-membench: %s %s%s %zu %u %s %u %llu %llu %llu %llu %llu %lld %llu %llu\n",
			m->backend, m->target->noncoherent ? "noncoherent" : "coherent",
			m->target->translated ? "-translated" : "", m->size, m->buffers,
			op_names[op], m->best_n[op], c->instructions - overhead,
			m->most[op] - overhead, c->lines, own ? c->table_lines : c->flushes,
			c->invalidates, c->tables, others, m->requests[op]);
		if (!m->foreign &&
		    (c->flushes < ours || (!m->target->translated && c->flushes > ours))) {
			pr_err("ipu-membench: %s: %llu flushes, but %llu and %llu lines counted\n",
			       op_names[op], c->flushes, c->lines, c->table_lines);
			return -EIO;
		}
	}
	return 0;
}
