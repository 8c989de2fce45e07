// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/membench/plugin/kernel_space.hpp"

#include <gtest/gtest.h>

namespace ipu3::membench {
namespace {

TEST(KernelSpace, HasAPageForEachAddressOfTheLastTwoGigabytes) {
    EXPECT_EQ(code_page(0xffffffff80000000), 0U);
    EXPECT_EQ(code_page(0xffffffff80000fff), 0U);
    EXPECT_EQ(code_page(0xffffffffc0001000), 0x40001U);
    EXPECT_EQ(code_page(0xffffffffffffffff), code_pages - 1);
}

TEST(KernelSpace, HasNoneForOthers) {
    EXPECT_EQ(code_page(0), std::nullopt);
    EXPECT_EQ(code_page(0x7fffffffffff), std::nullopt);
    EXPECT_EQ(code_page(0xffffffff7fffffff), std::nullopt);
}

} // namespace
} // namespace ipu3::membench
