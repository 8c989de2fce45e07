/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAIL_SUITES_H
#define FAIL_SUITES_H

#include "ktap.h"

extern const struct ktest_suite fail_device_suite;
extern const struct ktest_suite fail_buffer_suite;
extern const struct ktest_suite fail_import_suite;
extern const struct ktest_suite fail_domain_suite;
extern const struct ktest_suite fail_control_suite;

#endif /* FAIL_SUITES_H */
