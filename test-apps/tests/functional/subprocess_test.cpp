// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/functional/subprocess.hpp"

#include <gtest/gtest.h>
#include <string>

namespace tests {
namespace {

TEST(Subprocess, KeepsBothStreamsApartAndPassesInput) {
    const auto outcome = run({"sh", "-c", "cat; echo wrong >&2; exit 3"}, std::string("a\0b", 3));
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->status, 3);
    EXPECT_EQ(outcome->out, std::string("a\0b", 3));
    EXPECT_EQ(outcome->err, "wrong\n");
}

TEST(Subprocess, ReportsDeathBySignal) {
    const auto outcome = run({"sh", "-c", "kill -TERM $$"});
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->status, 128 + 15);
}

TEST(Subprocess, SaysWhatCannotBeStarted) {
    const auto outcome = run({"no-such-program-at-all"});
    ASSERT_FALSE(outcome);
    EXPECT_NE(outcome.error().message.find("no-such-program-at-all"), std::string::npos);
}

} // namespace
} // namespace tests
