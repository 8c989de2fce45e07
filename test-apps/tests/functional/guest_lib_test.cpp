// SPDX-License-Identifier: GPL-2.0-or-later
// The library of the guest's scripts, by itself: what it reports, and what the judge says of it.
#include "tests/functional/ktap.hpp"
#include "tests/functional/subprocess.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

namespace tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Runs @p script behind the library, in a folder that it may write to.
Outcome run_behind(std::string_view script) {
    auto outcome = run({"sh", "-c",
                        fmt::format("folder=$(mktemp -d) && cd \"$folder\" || exit 99\n"
                                    ". {}/test-apps/tests/guest/lib.sh\n"
                                    "rm_folder() {{ rm -r \"$folder\"; }}\n{}",
                                    IPU3_SOURCE_DIR, script)});
    if (!outcome) {
        throw std::runtime_error{outcome.error().message};
    }
    return std::move(*outcome);
}

TEST(GuestLib, ReportsPointsInOrder) {
    const auto outcome =
        run_behind("plan 4\nrm_folder\ntrue; ok $? 'yes'\nis 'one' 1 1\n"
                   "comment 'a\nb'\nwithin 1 true; ok $? 'in time'\nok 0 'two\nlines'");
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "KTAP version 1\n1..4\nok 1 - yes\nok 2 - one\n# a\n# b\n"
                           "ok 3 - in time\nok 4 - two\n# lines\n");
    EXPECT_TRUE(judge_ktap(outcome.out).good());
}

TEST(GuestLib, APlanMayComeLast) {
    const auto outcome = run_behind("plan later\nrm_folder\nok 0 a\nok 0 b\nplanned");
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "KTAP version 1\nok 1 - a\nok 2 - b\n1..2\n");
    const auto without = run_behind("plan later\nrm_folder\nok 0 a\nok 0 b");
    EXPECT_EQ(without.status, 1);
    EXPECT_FALSE(judge_ktap(without.out).good());
}

TEST(GuestLib, WhatIsWrongIsToldAndIsTheStatus) {
    const auto outcome = run_behind("plan 4\nrm_folder\nfalse; ok $? 'no'\nis 'one' 1 2\n"
                                    "within 1 false; ok $? 'late'\nok 0 'good'");
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(judge_ktap(outcome.out).problems,
                ElementsAre("not ok 1 - no", "not ok 2 - one: 1, not 2", "not ok 3 - late"));
}

TEST(GuestLib, AnEarlyEndIsTheStatus) {
    EXPECT_EQ(run_behind("plan 2\nrm_folder\nok 0 a\nexit 0").status, 1);
    EXPECT_EQ(run_behind("plan 2\nrm_folder\nok 0 a\nexit 7").status, 7);
    EXPECT_EQ(run_behind("rm_folder").status, 1) << "no plan";
    // A variable that nobody set is a mistake.
    const auto unset = run_behind("plan 2\nrm_folder\nok 0 a\nok 0 $nobody");
    EXPECT_NE(unset.status, 0);
    EXPECT_THAT(judge_ktap(unset.out).problems,
                ElementsAre("it ended early, without point 2 of 2"));
}

TEST(GuestLib, WhatTheKernelHasToSayAtTheEndIsTheStatusOfWhatSucceeded) {
    const auto watched = [](std::string_view status, std::string_view script) {
        return run_behind(fmt::format("echo 'watch_kernel() {{ rm_folder; return {}; }}' "
                                      ">lib-watch.sh\nktap_folder=$folder WATCH=1\n{}",
                                      status, script))
            .status;
    };
    EXPECT_EQ(watched("1", "plan 1\nok 0 a"), 99);
    EXPECT_EQ(watched("0", "plan 1\nok 0 a"), 0);
    EXPECT_EQ(watched("0", "plan 1\nok 1 a"), 1);
    EXPECT_EQ(watched("1", "plan 1\nok 1 a"), 1);
    EXPECT_EQ(watched("1", "plan 2\nok 0 a\nexit 7"), 7);
}

TEST(GuestLib, GivingUpIsToldWithTheReason) {
    const auto outcome = run_behind("plan 2\nrm_folder\nok 0 a\nbail 'no device'");
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(judge_ktap(outcome.out).problems,
                ElementsAre("it gave up: no device", "it ended early, without point 2 of 2"));
}

TEST(GuestLib, SkipsAreToldAndAreNoFailure) {
    const auto one = run_behind("plan 2\nrm_folder\nskip 'a' 'no sensor'\nok 0 b");
    EXPECT_EQ(one.status, 0) << one.err;
    const auto report = judge_ktap(one.out);
    EXPECT_THAT(report.problems, IsEmpty());
    EXPECT_THAT(report.skipped, ElementsAre("a: no sensor"));
    const auto all = run_behind("rm_folder\nskip_all 'no ImgU'\nok 1 'never'");
    EXPECT_EQ(all.status, 0) << all.err;
    EXPECT_THAT(judge_ktap(all.out).skipped, ElementsAre("all: no ImgU"));
}

TEST(GuestLib, ControlsFindComplaintsAndDoNotCount) {
    const auto outcome = run_behind(R"sh(plan 5
judges() { ok 0 'before'; is 'leak' "$1" 0; ok 0 'after'; of_it=$1; }
complains 'leak: 7' judges 7; ok $? 'finds it'
is 'in this shell' $of_it 7
complains 'leak: 8' judges 7; is 'another one' $? 1
complains 'after' judges 7; is 'what is ok' $? 1
lines() { is 'lines' "$(printf 'x\ny')" ''; }
complains '^# y' lines; ok $? 'in a comment'
rm_folder)sh");
    EXPECT_EQ(outcome.status, 0) << outcome.err << outcome.out;
    EXPECT_TRUE(judge_ktap(outcome.out).good()) << outcome.out;
}

TEST(GuestLib, ACommandThatHoldsIsAPoint) {
    const auto outcome = run_behind("plan 2\nrm_folder\nholds 'three' test 3 -gt 2\n"
                                    "holds 'less' test 3 -lt 2");
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.out, "KTAP version 1\n1..2\nok 1 - three\nnot ok 2 - less\n");
}

} // namespace
} // namespace tests
