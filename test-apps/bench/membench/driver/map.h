/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages that are mapped for a device and unmapped again, by two drivers of the same hardware, both
 * at an address that they are given: finding one is not measured.
 */
#ifndef MEMBENCH_MAP_H
#define MEMBENCH_MAP_H

#include <linux/scatterlist.h>

#include "measure.h"

#define MAP_IOVA 0x10000000UL

/**
 * struct pile - memory of a plane
 * @pages: Its pages.
 * @count: How many.
 * @scattered: No page's neighbour follows it: as memory is when a machine has been up for a while.
 * @runs: The longest runs that there are.
 */
struct pile {
	struct page **pages;
	unsigned int count;
	struct sg_table scattered;
	struct sg_table runs;
};

int pile_make(struct pile *pile, size_t size);
void pile_free(struct pile *pile);
int map_measure(struct pile *pile, struct measurement *m);
int map_measure_bare(struct pile *pile, struct measurement *m);

/* imgu.c */
struct imgu;
struct imgu *imgu_open(void);
void imgu_close(struct imgu *imgu);
int imgu_measure(struct imgu *imgu, struct pile *pile, struct measurement *m);

#endif /* MEMBENCH_MAP_H */
