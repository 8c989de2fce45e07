/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What memory is allocated and mapped for: a device behind an IPU MMU, whose hardware only takes
 * notes.
 */
#ifndef MEMBENCH_TARGET_H
#define MEMBENCH_TARGET_H

#include <linux/types.h>

struct device;
struct platform_device;
struct vb2_ipu_device;

/**
 * struct target - the device
 * @parent: A PCI function, or what stands for one.
 * @fake: What stands for one; %NULL with a PCI function.
 * @vid: The backend's view of it.
 * @dev: The translated device, which all backends allocate for.
 * @noncoherent: It does not snoop.
 * @translated: Another IOMMU stands before @parent.
 * @invalidates: TLB invalidates so far.
 */
struct target {
	struct device *parent;
	struct platform_device *fake;
	struct vb2_ipu_device *vid;
	struct device *dev;
	bool noncoherent;
	bool translated;
	u64 invalidates;
};

int target_open(struct target *target, bool noncoherent, const char *pci_address);
void target_close(struct target *target);

#endif /* MEMBENCH_TARGET_H */
