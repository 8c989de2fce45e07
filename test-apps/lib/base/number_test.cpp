// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/base/number.hpp"

#include <cstdint>
#include <gtest/gtest.h>
#include <limits>
#include <optional>

namespace base {
namespace {

TEST(ParseNumber, TakesWholeNumbersUpToTheirLimits) {
    EXPECT_EQ(parse_number<std::uint8_t>("0"), 0);
    EXPECT_EQ(parse_number<std::uint8_t>("255"), 255);
    EXPECT_EQ(parse_number<std::uint8_t>("256"), std::nullopt);
    EXPECT_EQ(parse_number<std::int64_t>("-9223372036854775808"),
              std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(parse_number<std::int64_t>("9223372036854775808"), std::nullopt);
    EXPECT_EQ(parse_number<std::uint32_t>("fF", 16), 255U);
}

TEST(ParseNumber, TakesNothingElse) {
    for (const auto* const text : {"", " ", "+1", " 1", "1 ", "1x", "0x10", "1.5", "x"}) {
        EXPECT_EQ(parse_number<int>(text), std::nullopt) << text;
    }
    EXPECT_EQ(parse_number<unsigned>("-1"), std::nullopt);
}

TEST(ParseNumber, TakesFractions) {
    EXPECT_EQ(parse_number<double>("0.25"), 0.25);
    EXPECT_EQ(parse_number<double>("-1e3"), -1000.0);
    for (const auto* const text : {"", ".", "1,5", "1.5s", "0x1", "1e999"}) {
        EXPECT_EQ(parse_number<double>(text), std::nullopt) << text;
    }
}

} // namespace
} // namespace base
