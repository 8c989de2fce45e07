/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KTEST_SUITES_H
#define KTEST_SUITES_H

#include "ktap.h"

extern const struct ktest_suite ktest_pte_suite;
extern const struct ktest_suite ktest_walker_suite;
extern const struct ktest_suite ktest_map_suite;
extern const struct ktest_suite ktest_flush_suite;
extern const struct ktest_suite ktest_power_suite;
extern const struct ktest_suite ktest_dma_suite;
extern const struct ktest_suite ktest_space_suite;
extern const struct ktest_suite ktest_race_suite;
extern const struct ktest_suite ktest_life_suite;
extern const struct ktest_suite ktest_stage_suite;
extern const struct ktest_suite ktest_order_suite;
extern const struct ktest_suite ktest_buffer_suite;
extern const struct ktest_suite ktest_mapping_suite;
extern const struct ktest_suite ktest_user_suite;
extern const struct ktest_suite ktest_share_suite;
extern const struct ktest_suite ktest_mem_suite;
extern const struct ktest_suite ktest_hibernation_suite;
extern const struct ktest_suite ktest_bug_suite;
extern const struct ktest_suite ktest_bounce_suite;

#endif /* KTEST_SUITES_H */
