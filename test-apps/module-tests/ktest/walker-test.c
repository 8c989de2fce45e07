// SPDX-License-Identifier: GPL-2.0-only
/*
 * The walker is what the other tests judge by, so it is tried on tables made by hand, good ones and
 * broken ones.
 */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "parent.h"
#include "suites.h"
#include "walker.h"

/* Three pages: a first level, a second level, and what they lead to. */
struct hand_made {
	u32 *words[3];
	dma_addr_t dma[3];
};

static void hand_made_free(struct hand_made *h)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		if (!h->words[i])
			continue;
		if (h->dma[i] != DMA_MAPPING_ERROR)
			dma_unmap_single(ktest_parent(), h->dma[i], 4096, DMA_TO_DEVICE);
		free_page((unsigned long)h->words[i]);
	}
}

static bool hand_made_alloc(struct ktest *t, struct hand_made *h)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		h->dma[i] = DMA_MAPPING_ERROR;
		h->words[i] = (u32 *)get_zeroed_page(GFP_KERNEL | GFP_DMA32);
		if (h->words[i])
			h->dma[i] =
				dma_map_single(ktest_parent(), h->words[i], 4096, DMA_TO_DEVICE);
		if (!KTEST_EXPECT(t, !dma_mapping_error(ktest_parent(), h->dma[i])))
			return false;
	}
	/* 0x00c05xyz: entry 3 of the first level, entry 5 of the second. */
	h->words[0][3] = h->dma[1] >> 12;
	h->words[1][5] = h->dma[2] >> 12;
	return true;
}

static void walker_good(struct ktest *t)
{
	struct hand_made h = {};
	dma_addr_t dma, table;
	u32 word = 0;

	if (hand_made_alloc(t, &h)) {
		KTEST_EQ(t, ktest_walk_table(h.dma[0], 0xc05678, &table), 0);
		KTEST_EQ(t, table, h.dma[1]);
		KTEST_EQ(t, ktest_walk(h.dma[0], 0xc05678, &dma), 0);
		KTEST_EQ(t, dma, h.dma[2] + 0x678);
		KTEST_EQ(t, ktest_walk_phys(h.dma[0], 0xc05678), virt_to_phys(h.words[2]) + 0x678);
		KTEST_EXPECT(t, ktest_reads_zeroes(h.dma[0], 0xc05678));
		h.words[2][1023] = 0xcafe;
		KTEST_EQ(t, ktest_read(h.dma[2] + 4092, &word, 4), 0);
		KTEST_EQ(t, word, 0xcafe);
	}
	hand_made_free(&h);
}

/* Negative controls: each breakage must be seen. */
static void walker_broken(struct ktest *t)
{
	struct hand_made h = {};
	dma_addr_t dma;
	u32 word;

	if (hand_made_alloc(t, &h)) {
		/*
		 * Somewhere above the end of any machine's memory, and not mapped for the parent.
		 */
		const u32 nowhere = 0xfffff000;

		h.words[2][7] = 1;
		KTEST_EXPECT(t, !ktest_reads_zeroes(h.dma[0], 0xc05000));
		h.words[1][5] = nowhere;
		KTEST_EQ(t, ktest_walk(h.dma[0], 0xc05000, &dma), -EFAULT);
		KTEST_EQ(t, ktest_walk_phys(h.dma[0], 0xc05000), 0);
		KTEST_EXPECT(t, !ktest_reads_zeroes(h.dma[0], 0xc05000));
		h.words[0][3] = nowhere;
		KTEST_EQ(t, ktest_walk(h.dma[0], 0xc05000, &dma), -EFAULT);
		KTEST_EQ(t, ktest_walk(4096 * (dma_addr_t)nowhere, 0xc05000, &dma), -EFAULT);
		KTEST_EQ(t, ktest_read(h.dma[2] + 4094, &word, 4), -EFAULT);
	}
	hand_made_free(&h);
}

static const struct ktest_case cases[] = {
	{ "good", walker_good },
	{ "broken", walker_broken },
	{}
};

const struct ktest_suite ktest_walker_suite = { "walker", cases };
