// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/membench/plugin/kernel_space.hpp"

#include <gtest/gtest.h>
#include <stdexcept>

namespace ipu3::membench {
namespace {

TEST(CodePieces, AreNumberedAsTheyAreSeen) {
    CodePieces pieces{3};
    EXPECT_EQ(pieces.find(0xffffffff80000000), std::nullopt);
    EXPECT_EQ(pieces.number(0xffffffff80000000), 0U);
    EXPECT_EQ(pieces.number(0xffffffffc0001010), 1U);
    EXPECT_EQ(pieces.number(0xffffffff8000000f), 0U);
    EXPECT_EQ(pieces.number(0xffffffffffffffff), 2U);
    EXPECT_EQ(pieces.find(0xffffffffc000101f), 1U);
    EXPECT_EQ(pieces.find(0xffffffffc0001020), std::nullopt);
}

TEST(CodePieces, AreNotMoreThanThereMayBe) {
    CodePieces pieces{1};
    EXPECT_EQ(pieces.number(0xffffffff80000000), 0U);
    EXPECT_THROW((void)pieces.number(0xffffffff80000010), std::length_error);
    EXPECT_EQ(pieces.find(0xffffffff80000010), std::nullopt);
    EXPECT_EQ(pieces.number(0xffffffff80000001), 0U);
}

TEST(CodePieces, AreTheKernelsAlone) {
    CodePieces pieces{3};
    EXPECT_EQ(pieces.number(0), std::nullopt);
    EXPECT_EQ(pieces.number(0x7fffffffffff), std::nullopt);
    EXPECT_EQ(pieces.number(0xffffffff7fffffff), std::nullopt);
}

} // namespace
} // namespace ipu3::membench
