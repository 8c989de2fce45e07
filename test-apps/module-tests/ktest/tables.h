/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which tables the MMU allocates, and whether it could wait for memory.
 */
#ifndef KTEST_TABLES_H
#define KTEST_TABLES_H

#include <linux/types.h>

struct ktest;

bool ktest_tables_watch(struct ktest *t);
void ktest_tables_unwatch(unsigned int *made, unsigned int *in_haste);

#endif /* KTEST_TABLES_H */
