/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the driver of the IOMMU before the PCI function asks of it.
 */
#ifndef MEMBENCH_REQUESTS_H
#define MEMBENCH_REQUESTS_H

#include <linux/types.h>

int requests_watch(void);
void requests_unwatch(void);
u64 requests_count(void);

#endif /* MEMBENCH_REQUESTS_H */
