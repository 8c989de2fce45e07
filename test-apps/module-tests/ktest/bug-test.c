// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the backend does where a driver has a bug: each of these leaves a warning in the log, so
 * they only run when asked for by the suite's name.
 */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/sizes.h>

#include "backend.h"
#include "dma-address.h"
#include "parent.h"
#include "suites.h"
#include "walker.h"

/* With power on, the end leaves the hardware with a translation that leads nowhere, and stays. */
static void bug_destroyed_with_power(struct ktest *t)
{
	struct ktest_rig rig;
	phys_addr_t table;
	dma_addr_t l1;

	if (!ktest_rig_open_with(t, &rig, true, &ktest_halting_ops))
		return;
	l1 = rig.l1;
	ipu_mmu_destroy(rig.mmu);
	KTEST_EXPECT(t, rig.l1 != l1);
	KTEST_EQ(t, atomic_read(&rig.set_l1s), 2);
	KTEST_EQ(t, ktest_invalidates(&rig), 2);
	KTEST_EQ(t, rig.halts, 2);
	KTEST_EQ(t, rig.awake, 0);
	/* What the registers name is not anybody else's memory. */
	table = ipu_dma_to_phys(ktest_parent(), rig.l1);
	KTEST_EXPECT(t, table);
	KTEST_EXPECT(t, page_count(pfn_to_page(PHYS_PFN(table))));
}

/* A driver whose buf_finish does not call the backend's: user space would read what was before. */
static void bug_forgotten_finish(struct ktest *t)
{
	struct ktest_plane *plane;
	struct ktest_backend b;
	unsigned int i;

	if (!ktest_backend_open(t, &b, true, true))
		return;
	plane = ktest_plane_alloc(t, &b, DMA_FROM_DEVICE, SZ_64K);
	if (plane) {
		KTEST_EXPECT(t, vb2_ipu_iommu_memops.vaddr(&plane->vb, plane->priv));
		for (i = 0; i < 3; i++) {
			ktest_plane_begin(plane);
			ktest_plane_end(plane);
		}
		vb2_ipu_iommu_memops.put(plane->priv);
	}
	ktest_plane_free(plane);
	ktest_backend_close(t, &b);
}

static const struct ktest_case cases[] = {
	{ "destroyed_with_power", bug_destroyed_with_power },
	{ "forgotten_finish", bug_forgotten_finish },
	{}
};

const struct ktest_suite ktest_bug_suite = { "bug", cases };
