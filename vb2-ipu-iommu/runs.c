// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables of a buffer's runs of pages, and the page that comes after them.
 *
 * iommu-dma gives addresses to neighbours that are neighbours, and a device that goes a little
 * beyond one buffer's end is in the next one. Where its driver asks for a guard, a page that is no
 * buffer's comes after each, so that the addresses in between are never another's.
 */
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "buffer.h"
#include "device.h"
#include "runs.h"

/**
 * ipu_runs_copy() - a table with a buffer's runs, not mapped for anybody
 * @to: Where to make it.
 * @from: The buffer.
 * @guard: The page that comes after them, or %NULL.
 * @gfp: How to allocate.
 *
 * Context: Process context.
 * Return: 0 or -ENOMEM.
 */
int ipu_runs_copy(struct sg_table *to, const struct ipu_buffer *from, struct page *guard,
		  gfp_t gfp)
{
	struct scatterlist *sg, *run = from->sgt.sgl;
	unsigned int i;
	int ret = sg_alloc_table(to, from->runs + !!guard, gfp);

	if (ret)
		return ret;
	for_each_sgtable_sg(to, sg, i) {
		if (i == from->runs) {
			sg_set_page(sg, guard, PAGE_SIZE, 0);
			break;
		}
		sg_set_page(sg, sg_page(run), run->length, run->offset);
		run = sg_next(run);
	}
	return 0;
}

/**
 * ipu_runs_end() - a buffer's table has all of its runs
 * @buf: The buffer. Its table is not mapped yet; afterwards it has the device's guard as well, if
 *	there is one.
 *
 * Context: Process context.
 * Return: 0; -ENOMEM: then the table is as it was.
 */
int ipu_runs_end(struct ipu_buffer *buf)
{
	struct sg_table guarded;
	int ret;

	buf->runs = buf->sgt.orig_nents;
	if (!buf->vid->guard)
		return 0;
	/* Paid for like the one that it replaces. */
	ret = ipu_runs_copy(&guarded, buf, buf->vid->guard,
			    buf->internal ? GFP_KERNEL : GFP_KERNEL_ACCOUNT);
	if (ret)
		return ret;
	sg_free_table(&buf->sgt);
	buf->sgt = guarded;
	return 0;
}
