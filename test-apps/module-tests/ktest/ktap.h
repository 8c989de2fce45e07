/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests that report to the kernel log in KTAP version 1 (Documentation/dev-tools/ktap.rst).
 */
#ifndef KTEST_KTAP_H
#define KTEST_KTAP_H

#include <linux/types.h>

/**
 * struct ktest - a test that runs
 * @name: Its name.
 * @failed: Something was not as expected.
 * @skip: Why it cannot be run here; %NULL if it can.
 * @complaints: Expectations that did not hold.
 */
struct ktest {
	const char *name;
	bool failed;
	const char *skip;
	unsigned int complaints;
};

/**
 * struct ktest_case - a test
 * @name: Its name, of letters, digits and underscores.
 * @run: What it does.
 */
struct ktest_case {
	const char *name;
	void (*run)(struct ktest *t);
};

/**
 * struct ktest_suite - tests of one matter
 * @name: Its name, of letters, digits and dashes.
 * @cases: They; the array ends with an empty entry.
 */
struct ktest_suite {
	const char *name;
	const struct ktest_case *cases;
};

bool ktest_expect(struct ktest *t, bool holds, const char *file, int line, const char *what);
bool ktest_expect_eq(struct ktest *t, long long got, long long wanted, const char *file, int line,
		     const char *what);
unsigned int ktest_run(const struct ktest_suite *const *suites, unsigned int count);

/* Both note a failure and return whether there was none, so that a test can give up. */
#define KTEST_EXPECT(t, holds) ktest_expect(t, holds, __FILE__, __LINE__, #holds)
#define KTEST_EQ(t, got, wanted) \
	ktest_expect_eq(t, got, wanted, __FILE__, __LINE__, #got " == " #wanted)

#endif /* KTEST_KTAP_H */
