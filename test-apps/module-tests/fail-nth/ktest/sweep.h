/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One operation, with each of its allocations failing in turn.
 */
#ifndef FAIL_SWEEP_H
#define FAIL_SWEEP_H

#include "ktap.h"

struct vb2_ipu_device;

/**
 * struct fail_operation - what is swept
 * @name: For the report.
 * @run: Do it. Return: 0, or the errno that a caller of the backend sees.
 * @undo: Undo all of it.
 * @wanted: The errno that a failure of the named call must lead to; %NULL: -ENOMEM always.
 */
struct fail_operation {
	const char *name;
	int (*run)(void *context);
	void (*undo)(void *context);
	int (*wanted)(const char *call);
};

unsigned int fail_sweep(struct ktest *t, const struct fail_operation *operation, void *context,
			struct vb2_ipu_device *vid);

#endif /* FAIL_SWEEP_H */
