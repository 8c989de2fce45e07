// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/patience.hpp"

#include <gtest/gtest.h>

namespace ipu3::vm {
namespace {

using namespace std::chrono_literals;

TEST(Patience, GrowsWithTheBootAndNeverShrinks) {
    EXPECT_EQ(slowness(0ms), 1);
    EXPECT_EQ(slowness(2400ms), 1);
    EXPECT_EQ(slowness(30s), 10);
    EXPECT_EQ(patient(120s, slowness(30s)), 1200s);
    EXPECT_EQ(patient(120s, slowness(1s)), 120s);
    EXPECT_EQ(patient(10s, slowness(4500ms)), 15s);
}

} // namespace
} // namespace ipu3::vm
