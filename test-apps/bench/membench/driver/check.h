/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMBENCH_CHECK_H
#define MEMBENCH_CHECK_H

int check_counters(void);

#endif /* MEMBENCH_CHECK_H */
