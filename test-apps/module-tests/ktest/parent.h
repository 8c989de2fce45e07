/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The device that the tests make an MMU for: one of our own, or a PCI function.
 */
#ifndef KTEST_PARENT_H
#define KTEST_PARENT_H

#include <linux/types.h>

struct device;

int ktest_parent_open(const char *pci_address);
void ktest_parent_close(void);
struct device *ktest_parent(void);
struct iommu_domain *ktest_parent_domain(void);

#endif /* KTEST_PARENT_H */
