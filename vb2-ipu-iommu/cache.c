// SPDX-License-Identifier: GPL-2.0-only
/*
 * x86 has one operation for both needs: CLFLUSH and CLFLUSHOPT write a line back if it is dirty,
 * and forget it. So a write-back also invalidates, and an invalidate of a line that is dirty would
 * write old data over the device's: who calls it must know that no line is dirty by then (see
 * coherency.h).
 */
#include <linux/cacheflush.h>
#include <linux/kernel.h>
#include <asm/barrier.h>
#include <asm/processor.h>
#include <asm/special_insns.h>

#include "cache.h"

/**
 * ipu_cache_line_size() - the size of what one flush works on
 *
 * Return: Bytes, a power of two.
 */
size_t ipu_cache_line_size(void)
{
	return boot_cpu_data.x86_clflush_size;
}

/**
 * ipu_cache_lines() - count the lines that a range touches
 * @vaddr: Start of the range; a physical address serves as well.
 * @size: Bytes.
 *
 * Return: Lines, whole or in part within the range.
 */
size_t ipu_cache_lines(const void *vaddr, size_t size)
{
	size_t line = ipu_cache_line_size();
	uintptr_t start = (uintptr_t)vaddr;

	if (!size)
		return 0;
	return (ALIGN(start + size, line) - ALIGN_DOWN(start, line)) / line;
}

/**
 * ipu_cache_flush() - write back and forget each line of a range
 * @lines: The counter that the flushed lines are added to.
 * @vaddr: Start, any mapping of the memory: caches are physically tagged.
 * @size: Bytes.
 *
 * Orders itself after earlier stores and before later loads and stores of this CPU.
 *
 * Context: Any; takes time in proportion to @size.
 * Return: How many lines there were.
 */
size_t ipu_cache_flush(atomic64_t *lines, const void *vaddr, size_t size)
{
	size_t flushed = ipu_cache_lines(vaddr, size);

	atomic64_add(flushed, lines);
	clflush_cache_range((void *)vaddr, size);
	return flushed;
}

/**
 * ipu_cache_flush_unordered() - the same for one of several ranges
 * @vaddr: Start, any mapping of the memory.
 * @size: Bytes.
 *
 * It is ordered by ipu_cache_order(), which comes before the first range and after the last. The
 * caller counts, for a counter's locked addition would order it, too.
 *
 * Context: Any; takes time in proportion to @size.
 * Return: How many lines there were.
 */
size_t ipu_cache_flush_unordered(const void *vaddr, size_t size)
{
	size_t line = ipu_cache_line_size();
	void *at = PTR_ALIGN_DOWN((void *)vaddr, line);

	for (; at < vaddr + size; at += line)
		clflushopt(at);
	return ipu_cache_lines(vaddr, size);
}

/**
 * ipu_cache_order() - what was stored and flushed before comes before what follows
 *
 * CLFLUSHOPT is ordered by fences and locked operations, and by itself after older stores to its
 * own line only.
 *
 * Context: Any.
 */
void ipu_cache_order(void)
{
	mb(); /* as clflush_cache_range() has it on both sides of a range */
}
