/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables in memory that a DMA channel walks.
 *
 * The frame buffer pointer table (FBPT) is a ring of entries, one for each frame. An entry is made
 * of sub-entries, each of which leads to a list of pages (LOP):
 *
 *           word 0              word 1               word 2               word 3
 *        +-------------------+--------------------+--------------------+----------+
 *  sub 0 | control           | line  | frame << 16| offset in 1st page | LOP page |
 *  sub 1 | timestamp         | bytes              | limit | pages << 16| LOP page |
 *  sub 2 | -                 | -                  | -                  | LOP page |
 *   ...
 *
 * The device clears %CIO2_FBPT_VALID of the control word when the frame has ended, and writes line,
 * frame, timestamp and bytes. A list of pages is a page of 1024 page numbers. The facts are those
 * of ipu3-cio2.h, Linux 6.12 and 7.3.
 */
#ifndef IPU3_CIO2_FBPT_H
#define IPU3_CIO2_FBPT_H

#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/types.h>

#define CIO2_PAGE_SHIFT		12
#define CIO2_PAGE_SIZE		BIT(CIO2_PAGE_SHIFT)

#define CIO2_LOP_ENTRIES	1024
#define CIO2_MAX_LOPS		8
/* One is left, so that a list never ends without an entry that leads to the hole. */
#define CIO2_MAX_PAGES		(CIO2_MAX_LOPS * CIO2_LOP_ENTRIES - 1)
#define CIO2_RING_ENTRIES	32

/* CIO2_CDMAC0_FBPT_WIDTH counts groups of so many sub-entries. */
#define CIO2_FBPT_WIDTH_UNIT	4

/**
 * struct cio2_fbpt_sub - a sub-entry
 * @word: See above.
 * @lop: Number of the page that holds the list.
 */
struct cio2_fbpt_sub {
	__le32 word[3];
	__le32 lop;
};

/**
 * struct cio2_fbpt_entry - a frame
 * @sub: Sub-entries.
 */
struct cio2_fbpt_entry {
	struct cio2_fbpt_sub sub[CIO2_MAX_LOPS];
};

static_assert(sizeof(struct cio2_fbpt_entry) == 128);
static_assert(CIO2_RING_ENTRIES * sizeof(struct cio2_fbpt_entry) == CIO2_PAGE_SIZE);

/**
 * struct cio2_fbpt_target - the memory that an entry leads to, in the entry's own words
 * @lop: Of each sub-entry.
 * @offset: %CIO2_FBPT_OFFSET
 * @size: %CIO2_FBPT_SIZE
 */
struct cio2_fbpt_target {
	__le32 lop[CIO2_MAX_LOPS];
	__le32 offset;
	__le32 size;
};

/* What the device writes, and all that it needs to begin, is in this much of an entry. */
#define CIO2_FBPT_HEAD_BYTES	64

/* Sub-entry 0 */
#define CIO2_FBPT_CONTROL	0
#define CIO2_FBPT_VALID		BIT(0)
#define CIO2_FBPT_IOC		BIT(1)
#define CIO2_FBPT_IOS		BIT(2)
#define CIO2_FBPT_STATUS	1
#define CIO2_FBPT_STATUS_LINES	GENMASK(15, 0)
#define CIO2_FBPT_STATUS_FRAME	GENMASK(31, 16)
#define CIO2_FBPT_OFFSET	2
/* Sub-entry 1 */
#define CIO2_FBPT_TIMESTAMP	0
#define CIO2_FBPT_BYTES		1
#define CIO2_FBPT_SIZE		2
#define CIO2_FBPT_SIZE_LIMIT	GENMASK(15, 0)
#define CIO2_FBPT_SIZE_PAGES	GENMASK(31, 16)

/**
 * cio2_fbpt_size() - how far the device may write
 * @end: Bytes from the start of the first page to the end of the buffer; not 0.
 *
 * Return: The word, of the number of pages and the last byte of the last page.
 */
static inline u32 cio2_fbpt_size(u32 end)
{
	u32 last = end - 1;

	return FIELD_PREP(CIO2_FBPT_SIZE_LIMIT, last & (CIO2_PAGE_SIZE - 1)) |
	       FIELD_PREP(CIO2_FBPT_SIZE_PAGES, (last >> CIO2_PAGE_SHIFT) + 1);
}

/**
 * cio2_page_number() - a page as tables name it
 * @dma: Its address for the device; what is below a page is ignored.
 *
 * Return: The word.
 */
static inline __le32 cio2_page_number(dma_addr_t dma)
{
	return cpu_to_le32(dma >> CIO2_PAGE_SHIFT);
}

#endif /* IPU3_CIO2_FBPT_H */
