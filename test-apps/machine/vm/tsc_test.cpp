// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/tsc.hpp"

#include <gtest/gtest.h>

namespace ipu3::vm {
namespace {

TEST(Tsc, MeasurementsAgree) {
    const auto first = measure_tsc_khz();
    const auto second = measure_tsc_khz();
#if defined(__x86_64__)
    EXPECT_GT(first, 100'000U); // no x86-64 processor's counter was slower than 100 MHz
    EXPECT_NEAR(first, second, first / 200.0);
#else
    EXPECT_EQ(first, 0U);
    EXPECT_EQ(second, 0U);
#endif
}

} // namespace
} // namespace ipu3::vm
