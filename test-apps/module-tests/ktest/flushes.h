/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looking on while the backend flushes: what it flushes, and what is so at that moment.
 */
#ifndef KTEST_FLUSHES_H
#define KTEST_FLUSHES_H

#include <linux/types.h>

#include "ktap.h"

/**
 * struct ktest_watcher - who looks on
 * @flush: Called before each flush, with interrupts off.
 * @data: For @flush.
 */
struct ktest_watcher {
	void (*flush)(void *data, const void *vaddr, size_t size);
	void *data;
};

bool ktest_watch_flushes(struct ktest *t, const struct ktest_watcher *watcher);
void ktest_ignore_flushes(void);

#endif /* KTEST_FLUSHES_H */
