// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "ktap.h"

/* A test that fails in a loop must not push its own beginning out of the log. */
#define KTEST_MAX_COMPLAINTS 8

static bool ktest_complain(struct ktest *t)
{
	WRITE_ONCE(t->failed, true);
	return t->complaints++ < KTEST_MAX_COMPLAINTS;
}

/**
 * ktest_expect() - note whether something holds
 * @t: The test.
 * @holds: Whether it does.
 * @file: Where that is asked.
 * @line: Where that is asked.
 * @what: What was asked.
 *
 * Context: Any.
 * Return: @holds.
 */
bool ktest_expect(struct ktest *t, bool holds, const char *file, int line, const char *what)
{
	if (!holds && ktest_complain(t))
		pr_info("        # %s: %s:%d: not so: %s\n", t->name, kbasename(file), line, what);
	return holds;
}

/**
 * ktest_expect_eq() - note whether two numbers are the same
 * @t: The test.
 * @got: The one.
 * @wanted: The other.
 * @file: Where that is asked.
 * @line: Where that is asked.
 * @what: What was asked.
 *
 * Context: Any.
 * Return: Whether they are.
 */
bool ktest_expect_eq(struct ktest *t, long long got, long long wanted, const char *file, int line,
		     const char *what)
{
	if (got != wanted && ktest_complain(t))
		pr_info("        # %s: %s:%d: not so: %s: %lld (%#llx), %lld (%#llx)\n", t->name,
			kbasename(file), line, what, got, got, wanted, wanted);
	return got == wanted;
}

static unsigned int ktest_run_suite(const struct ktest_suite *suite)
{
	unsigned int count = 0, failed = 0, i;

	while (suite->cases[count].name)
		count++;
	pr_info("    KTAP version 1\n    # Subtest: %s\n    1..%u\n", suite->name, count);
	for (i = 0; i < count; i++) {
		struct ktest t = { .name = suite->cases[i].name };

		suite->cases[i].run(&t);
		cond_resched();
		failed += t.failed;
		if (t.skip && !t.failed)
			pr_info("    ok %u %s # SKIP %s\n", i + 1, t.name, t.skip);
		else
			pr_info("    %sok %u %s\n", t.failed ? "not " : "", i + 1, t.name);
	}
	return failed;
}

/**
 * ktest_run() - run tests and report each
 * @suites: The tests.
 * @count: How many suites.
 *
 * Context: Process context.
 * Return: How many tests failed.
 */
unsigned int ktest_run(const struct ktest_suite *const *suites, unsigned int count)
{
	unsigned int failed = 0, i;

	pr_info("KTAP version 1\n1..%u\n", count);
	for (i = 0; i < count; i++) {
		unsigned int bad = ktest_run_suite(suites[i]);

		pr_info("%sok %u %s\n", bad ? "not " : "", i + 1, suites[i]->name);
		failed += bad;
	}
	return failed;
}
