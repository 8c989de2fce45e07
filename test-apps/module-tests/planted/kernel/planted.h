/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bugs on purpose. None of them does harm beyond itself on a kernel that watches for it; on one
 * that does not they are what they are.
 */
#ifndef IPU_PLANTED_H
#define IPU_PLANTED_H

struct device;

/* Each returns 0 when the bug was made, or why it could not be. Process context. */
int planted_use_after_free(struct device *dev);
int planted_leak(struct device *dev);
int planted_index(struct device *dev);
int planted_shift(struct device *dev);
int planted_list(struct device *dev);
int planted_timer(struct device *dev);
int planted_lock_order(struct device *dev);
int planted_sleep(struct device *dev);
int planted_dma_unmapped(struct device *dev);
int planted_dma_left(struct device *dev);
int planted_page_freed(struct device *dev);

#endif /* IPU_PLANTED_H */
