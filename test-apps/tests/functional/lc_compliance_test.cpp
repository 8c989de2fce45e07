// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/functional/lc_compliance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr std::string_view report = R"(Using camera A
[==========] Running 5 tests from 2 test suites.
[ RUN      ] Single/Capture/Raw__1
capture.cpp:32: Skipped
Roles not supported by camera

[  SKIPPED ] Single/Capture/Raw__1 (5 ms)
[ RUN      ] Single/Capture/Still__1
capture.cpp:53: Failure
Value of: cfg.colorSpace
  Actual: false
[0:00:35.689] [194]  INFO Camera camera.cpp:1216 configuring streams: (0) 3200x2432-NV12/Unset
capture.cpp:126: Skipped
Camera needs 4 requests, can't test only 1

[  FAILED  ] Single/Capture/Still__1, where GetParam() = ({ Still }, 1) (53 ms)
[ RUN      ] Single/Capture/Still__8
capture.cpp:53: Failure
Value of: cfg.colorSpace
  Actual: false
[  FAILED  ] Single/Capture/Still__8, where GetParam() = ({ Still }, 8) (530 ms)
[ RUN      ] Single/Capture/Viewfinder__8
[       OK ] Single/Capture/Viewfinder__8 (530 ms)
[ RUN      ] Single/Capture/Viewfinder__13
capture.cpp:53: Failure
Value of: cfg.colorSpace
  Actual: false
capture.cpp:90: Failure
Value of: captured
  Actual: 12
[  FAILED  ] Single/Capture/Viewfinder__13, where GetParam() = ({ Viewfinder }, 13) (530 ms)
[==========] 5 tests from 2 test suites ran. (1701 ms total)
[  PASSED  ] 1 test.
[  FAILED  ] Single/Capture/Still__8, where GetParam() = ({ Still }, 8)
)";

TEST(LcCompliance, TellsWhatNoDriverCanHelpFromTheRest) {
    const auto read = read_lc_compliance(report);
    EXPECT_EQ(read.announced, 5U);
    EXPECT_EQ(read.passed, 1U);
    EXPECT_EQ(read.only_colour_space, 1U);
    EXPECT_THAT(read.skipped, ElementsAre(Pair("Camera needs 4 requests, can't test only 1", 1U),
                                          Pair("Roles not supported by camera", 1U)));
    EXPECT_THAT(read.failed, ElementsAre(HasSubstr("Viewfinder__13")));
    EXPECT_EQ(read.outcomes(), 5U);
}

TEST(LcCompliance, OneThatEndsEarlyHasFewerOutcomesThanTests) {
    const auto read =
        read_lc_compliance(report.substr(0, report.find("[ RUN      ] Single/Capture/View")));
    EXPECT_EQ(read.announced, 5U);
    EXPECT_EQ(read.outcomes(), 3U);
    EXPECT_THAT(read.failed, IsEmpty());
}

TEST(LcCompliance, AFailureWithoutAReasonIsOne) {
    const auto read = read_lc_compliance("[ RUN      ] a\n[  FAILED  ] a (3 ms)\n");
    EXPECT_THAT(read.failed, ElementsAre("[  FAILED  ] a (3 ms)"));
}

} // namespace
} // namespace tests
