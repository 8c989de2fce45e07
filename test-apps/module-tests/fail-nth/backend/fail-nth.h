/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allocations that fail when a test says so, and a count of what is held. The variant of the
 * backend that has this is for tests only; its sources are those that ship.
 */
#ifndef FAIL_NTH_H
#define FAIL_NTH_H

#include <linux/types.h>

/* What can be held. */
enum fail_nth_kind {
	FAIL_NTH_KMALLOC,
	FAIL_NTH_PAGE,
	FAIL_NTH_SG_TABLE,
	FAIL_NTH_VMAP,
	FAIL_NTH_DMA_PAGE,
	FAIL_NTH_DMA_SG_TABLE,
	FAIL_NTH_IOVA,
	FAIL_NTH_SOFTWARE_NODE,
	FAIL_NTH_IOMMU_SYSFS,
	FAIL_NTH_IOMMU,
	FAIL_NTH_PLATFORM_DEVICE,
	FAIL_NTH_DEVICE_REFERENCE,
	FAIL_NTH_FRAME_VECTOR,
	FAIL_NTH_ATTACHMENT,
	FAIL_NTH_ATTACHMENT_MAP,
	FAIL_NTH_DMA_BUF_VMAP,
	FAIL_NTH_DRIVER, /* what ipu3-cio2 and ipu3-imgu took of the kernel */
	FAIL_NTH_KINDS,
};

/* For tests. */
void fail_nth_arm(unsigned long nth);
const char *fail_nth_disarm(void);
void fail_nth_leak(unsigned long nth);
long fail_nth_live(enum fail_nth_kind kind);
const char *fail_nth_kind_name(enum fail_nth_kind kind);

/* For the wrappers. */
bool fail_nth_due(const char *call);
bool fail_nth_leak_due(void);
void fail_nth_count(enum fail_nth_kind kind, long change);
void *fail_nth_made(void *memory);
bool fail_nth_forget(const void *memory);

#endif /* FAIL_NTH_H */
