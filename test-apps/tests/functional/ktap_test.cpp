// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/functional/ktap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

namespace tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> problems(std::string_view text) {
    const auto report = judge_ktap(text);
    EXPECT_EQ(report.good(), report.problems.empty());
    return report.problems;
}

TEST(Ktap, AllThatWasPlannedAndOkIsGood) {
    const auto report = judge_ktap("KTAP version 1\n1..3\nok 1 - one\n# a word\nwhat a program "
                                   "says\nok 2 two\nok 3\n");
    EXPECT_THAT(report.problems, IsEmpty());
    EXPECT_EQ(report.passed, 3U);
    EXPECT_EQ(report.failed, 0U);
    EXPECT_THAT(report.skipped, IsEmpty());
}

TEST(Ktap, ThePlanMayBeLast) {
    EXPECT_THAT(problems("KTAP version 1\nok 1 - one\nok 2 - two\n1..2\n"), IsEmpty());
}

TEST(Ktap, ADeathIsSeenByThePlan) {
    EXPECT_THAT(problems("KTAP version 1\n1..4\nok 1 - one\n"),
                ElementsAre("it ended early, without points 2 to 4 of 4"));
    EXPECT_THAT(problems("KTAP version 1\n1..2\nok 1 - one\n"),
                ElementsAre("it ended early, without point 2 of 2"));
    EXPECT_THAT(problems("KTAP version 1\n1..1\n"),
                ElementsAre("it ended early, without point 1 of 1", "there is no point"));
}

TEST(Ktap, ADeathIsSeenByTheMissingPlan) {
    EXPECT_THAT(problems("KTAP version 1\nok 1 - one\nok 2 - two\n"),
                ElementsAre("there is no plan: it ended early, after 2 points"));
    EXPECT_THAT(
        problems("KTAP version 1\n"),
        ElementsAre("there is no plan: it ended early, after 0 points", "there is no point"));
}

TEST(Ktap, WhatIsNoReportDoesNotPass) {
    EXPECT_THAT(problems(""), ElementsAre("there is no KTAP report"));
    EXPECT_THAT(problems("sh: 1: Syntax error\n"), ElementsAre("there is no KTAP report"));
    EXPECT_THAT(problems("1..1\nok 1 - one\n"),
                ElementsAre("outside of a report: 1..1", "outside of a report: ok 1 - one",
                            "there is no KTAP report"));
    EXPECT_THAT(problems("KTAP version 1\n1..0\n"),
                ElementsAre("nothing was planned", "there is no point"));
}

TEST(Ktap, APointThatIsNotOkIsAProblem) {
    const auto report = judge_ktap("KTAP version 1\n1..2\nnot ok 1 - one: 3, not 4\nok 2 - two\n");
    EXPECT_THAT(report.problems, ElementsAre("not ok 1 - one: 3, not 4"));
    EXPECT_EQ(report.passed, 1U);
    EXPECT_EQ(report.failed, 1U);
}

TEST(Ktap, MoreThanPlannedIsAProblem) {
    EXPECT_THAT(problems("KTAP version 1\n1..1\nok 1 - one\nok 2 - two\nok 3 - three\n"),
                ElementsAre("nobody planned points 2 to 3"));
    EXPECT_THAT(problems("KTAP version 1\n1..1\nok 1 - one\n1..1\n"),
                ElementsAre("a second plan: 1..1"));
    EXPECT_THAT(problems("KTAP version 1\n1..1\nok 1 - one\nKTAP version 1\n1..1\nok 1 - one\n"),
                ElementsAre("a second report begins"));
}

TEST(Ktap, NumbersAreInOrderAndWithoutAGap) {
    EXPECT_THAT(problems("KTAP version 1\n1..2\nok 1 - one\nok 1 - one\nok 2 - two\n"),
                ElementsAre("point 1 comes after point 1: ok 1 - one"));
    EXPECT_THAT(problems("KTAP version 1\n1..3\nok 1 - one\nok 3 - three\n"),
                ElementsAre("without point 2 before it: ok 3 - three"));
    EXPECT_THAT(problems("KTAP version 1\n1..4\nok 1 - one\nok 4 - four\n"),
                ElementsAre("without points 2 to 3 before it: ok 4 - four"));
    // A line that hangs on what a program left without an end is none of its own.
    EXPECT_THAT(problems("KTAP version 1\n1..2\nok 1 - one\n100 %ok 2 - two\n"),
                ElementsAre("it ended early, without point 2 of 2"));
}

TEST(Ktap, WhatIsMeantAsAPointIsOneOrAProblem) {
    EXPECT_THAT(problems("KTAP version 1\n1..1\nok: one\nok 1 - one\n"),
                ElementsAre("no point, though alike: ok: one"));
    EXPECT_THAT(problems("KTAP version 1\n1..1\nnot ok\nok 1 - one\n"),
                ElementsAre("no point, though alike: not ok"));
    EXPECT_THAT(problems("KTAP version 1\n1..1\nok 1x - one\nok 1 - one\n"),
                ElementsAre("no point, though alike: ok 1x - one"));
    EXPECT_THAT(problems("KTAP version 1\n1..1\nok 99999999999999999999999 - one\nok 1 - one\n"),
                ElementsAre("no point, though alike: ok 99999999999999999999999 - one"));
    EXPECT_THAT(problems("KTAP version 1\n1..one\nok 1 - one\n"),
                ElementsAre("no plan, though alike: 1..one",
                            "there is no plan: it ended early, after 1 points"));
    EXPECT_THAT(problems("KTAP version 1\n1..1\nokay\n  ok 7 - no level\nok 1 - one\n"), IsEmpty());
}

TEST(Ktap, WhoGivesUpDoesNotPass) {
    EXPECT_THAT(problems("KTAP version 1\n1..1\nok 1 - one\nBail out! no device\n"),
                ElementsAre("it gave up: no device"));
}

TEST(Ktap, WhatIsSkippedIsToldWithItsReason) {
    const auto report =
        judge_ktap("KTAP version 1\n1..2\nok 1 - one # SKIP no sensor\nok 2 - two\n");
    EXPECT_TRUE(report.good());
    EXPECT_EQ(report.passed, 1U);
    EXPECT_THAT(report.skipped, ElementsAre("one: no sensor"));

    const auto whole = judge_ktap("KTAP version 1\n1..0 # SKIP no ImgU\n");
    EXPECT_TRUE(whole.good()) << describe(whole);
    EXPECT_THAT(whole.skipped, ElementsAre("all: no ImgU"));

    // Not ok stays not ok.
    EXPECT_FALSE(judge_ktap("KTAP version 1\n1..1\nnot ok 1 - one # SKIP no sensor\n").good());
}

constexpr std::string_view kernel_log = "[    5.000001] vb2-ipu-iommu: a message\n"
                                        "[    5.000002] KTAP version 1\n"
                                        "               1..2\n"
                                        "[    5.000003]     KTAP version 1\n"
                                        "                   # Subtest: first\n"
                                        "                   1..2\n"
                                        "[    5.000004]     ok 1 one\n"
                                        "[   15.000005] random: crng init done\n"
                                        "[   15.000006]     ok 2 two # SKIP no flushes\n"
                                        "[   15.000007] ok 1 first\n"
                                        "[   15.000008]     KTAP version 1\n";

TEST(Ktap, SubtestsInAKernelsLogHaveTheirOwnPlans) {
    const std::string log{kernel_log};
    const auto good = judge_ktap(log + "                   # Subtest: second\n"
                                       "                   1..1\n"
                                       "[   16.000001]     ok 1 one\n"
                                       "[   16.000002] ok 2 second\n");
    EXPECT_THAT(good.problems, IsEmpty());
    EXPECT_EQ(good.passed, 4U);
    EXPECT_THAT(good.skipped, ElementsAre("two: no flushes"));

    EXPECT_THAT(
        problems(log + "                   # Subtest: second\n"
                       "                   1..3\n"
                       "[   16.000001]     not ok 1 one\n"
                       "[   16.000002] ok 2 second\n"),
        ElementsAre("second: not ok 1 one", "second: it ended early, without points 2 to 3 of 3"));
    EXPECT_THAT(problems(log + "                   # Subtest: second\n"
                               "                   1..1\n"),
                ElementsAre("second: it ended early, without point 1 of 1",
                            "it ended early, without point 2 of 2"));
}

// As the launcher writes it: nothing is put before the further lines of one message.
TEST(Ktap, FurtherLinesOfAMessageMayBeginAtTheirOwnPlace) {
    const auto report = judge_ktap("[  123.390591] KTAP version 1\n"
                                   "1..1\n"
                                   "[  123.390764]     KTAP version 1\n"
                                   "    # Subtest: buffer\n"
                                   "    1..2\n"
                                   "[  123.712872]     ok 1 zeroes\n"
                                   "[  126.391831]     ok 2 zeroes_come_first\n"
                                   "[  132.439261] ok 1 buffer\n");
    EXPECT_THAT(report.problems, IsEmpty());
    EXPECT_EQ(report.passed, 3U);
}

} // namespace
} // namespace tests
