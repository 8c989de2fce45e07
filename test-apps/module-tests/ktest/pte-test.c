// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/prandom.h>

#include "ipu-mmu-pte.h"
#include "suites.h"

static const u64 edges[] = {
	0,	  1,	    0xfff,	0x1000,	    0x3ff000,	0x3fffff,   0x400000,
	0x7fffff, 0x800000, 0x7fffffff, 0xffc00000, 0xfffff000, 0xffffffff,
};

static void expect_indices(struct ktest *t, u64 iova)
{
	KTEST_EQ(t, ipu_mmu_l1_index(iova), iova / (4 * 1024 * 1024));
	KTEST_EQ(t, ipu_mmu_l2_index(iova), iova / 4096 % 1024);
}

static void pte_index(struct ktest *t)
{
	struct rnd_state rnd;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(edges); i++)
		expect_indices(t, edges[i]);
	prandom_seed_state(&rnd, 1);
	for (i = 0; i < 10000; i++)
		expect_indices(t, prandom_u32_state(&rnd));
}

static void pte_round_trip(struct ktest *t)
{
	struct rnd_state rnd;
	unsigned int i;

	prandom_seed_state(&rnd, 2);
	for (i = 0; i < 10000; i++) {
		u64 dma = (u64)prandom_u32_state(&rnd) * 4096;

		KTEST_EXPECT(t, ipu_mmu_pte_fits(dma));
		KTEST_EQ(t, ipu_mmu_pte_encode(dma), dma / 4096);
		KTEST_EQ(t, ipu_mmu_pte_decode(ipu_mmu_pte_encode(dma)), dma);
	}
}

static void pte_fits(struct ktest *t)
{
	KTEST_EXPECT(t, ipu_mmu_pte_fits(0));
	KTEST_EXPECT(t, ipu_mmu_pte_fits(BIT_ULL(44) - 4096));
	KTEST_EXPECT(t, !ipu_mmu_pte_fits(BIT_ULL(44)));
	KTEST_EXPECT(t, !ipu_mmu_pte_fits(~0ULL & ~4095ULL));
	KTEST_EXPECT(t, !ipu_mmu_pte_fits(1));
	KTEST_EXPECT(t, !ipu_mmu_pte_fits(0x1fff));
}

static const struct ktest_case cases[] = {
	{ "index", pte_index },
	{ "round_trip", pte_round_trip },
	{ "fits", pte_fits },
	{}
};

const struct ktest_suite ktest_pte_suite = { "pte", cases };
