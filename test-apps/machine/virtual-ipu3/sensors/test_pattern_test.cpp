// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sensors/test_pattern.hpp"

#include <array>
#include <gtest/gtest.h>
#include <set>

namespace ipu3::sensors {
namespace {

using enum frames::BayerOrder;

/// Red, green and blue of bar @p bar, from the 2x2 cell in its middle.
std::array<unsigned, 3> colour(TestPattern pattern, frames::BayerOrder order, unsigned bar) {
    constexpr frames::Size size{64, 16};
    const unsigned x = bar * 8 + 2;
    const auto at = [&](unsigned dx, unsigned dy) -> unsigned {
        return test_pattern_pixel(pattern, size, order, 0, x + dx, 4 + dy);
    };
    switch (order) {
    case bggr:
        EXPECT_EQ(at(1, 0), at(0, 1));
        return {at(1, 1), at(1, 0), at(0, 0)};
    case gbrg:
        EXPECT_EQ(at(0, 0), at(1, 1));
        return {at(0, 1), at(0, 0), at(1, 0)};
    case grbg:
        EXPECT_EQ(at(0, 0), at(1, 1));
        return {at(1, 0), at(0, 0), at(0, 1)};
    case rggb:
        EXPECT_EQ(at(1, 0), at(0, 1));
        return {at(0, 0), at(1, 0), at(1, 1)};
    case grey:
        break;
    }
    return {at(0, 0), at(0, 0), at(0, 0)};
}

TEST(TestPattern, BarsAreTheClassicalEightInEveryOrder) {
    using Rgb = std::array<unsigned, 3>;
    constexpr std::array expected{
        Rgb{1023, 1023, 1023}, Rgb{1023, 1023, 0}, Rgb{0, 1023, 1023}, Rgb{0, 1023, 0},
        Rgb{1023, 0, 1023},    Rgb{1023, 0, 0},    Rgb{0, 0, 1023},    Rgb{0, 0, 0},
    };
    for (const auto order : {bggr, gbrg, grbg, rggb}) {
        for (unsigned bar = 0; bar < expected.size(); ++bar) {
            EXPECT_EQ(colour(TestPattern::bars, order, bar), expected.at(bar)) << "bar " << bar;
        }
    }
}

TEST(TestPattern, GreyBarsFallInEqualSteps) {
    for (unsigned bar = 0; bar < 8; ++bar) {
        EXPECT_EQ(colour(TestPattern::bars, grey, bar)[0], 1023 * (7 - bar) / 7);
    }
}

TEST(TestPattern, TheRollingBarMovesEightLinesAFrame) {
    constexpr frames::Size size{64, 80};
    const auto dark = [&](std::uint32_t frame, unsigned y) {
        // Column 0 is white wherever the band is not.
        return test_pattern_pixel(TestPattern::rolling_bars, size, bggr, frame, 0, y) == 0;
    };
    for (unsigned y = 0; y < 80; ++y) {
        EXPECT_EQ(dark(0, y), y < 10);
        EXPECT_EQ(dark(3, y), y >= 24 && y < 34);
        EXPECT_EQ(dark(9, y), y >= 72 || y < 2) << "wraps";
    }
}

TEST(TestPattern, RandomChangesWithPlaceAndFrame) {
    constexpr frames::Size size{64, 64};
    std::set<std::uint16_t> values;
    unsigned same = 0;
    for (unsigned y = 0; y < 64; ++y) {
        for (unsigned x = 0; x < 64; ++x) {
            const auto value = test_pattern_pixel(TestPattern::random, size, bggr, 0, x, y);
            EXPECT_LE(value, 1023);
            values.insert(value);
            same += value == test_pattern_pixel(TestPattern::random, size, bggr, 1, x, y) ? 1U : 0U;
        }
    }
    EXPECT_GT(values.size(), 900U);
    EXPECT_LT(same, 40U);
}

TEST(TestPattern, FillAgreesWithThePixelFunction) {
    using enum TestPattern;
    for (const auto pattern :
         {none, bars, rolling_bars, random, squares, rolling_squares, grey_squares, black}) {
        for (const auto size : {frames::Size{2, 2}, frames::Size{50, 37}, frames::Size{64, 48}}) {
            frames::RawImage image{.size = size, .order = grbg, .pixels = {}};
            fill_test_pattern(pattern, 5, image);
            ASSERT_EQ(image.pixels.size(), std::size_t{size.width} * size.height);
            for (unsigned y = 0; y < size.height; ++y) {
                for (unsigned x = 0; x < size.width; ++x) {
                    ASSERT_EQ(image.line(y)[x], test_pattern_pixel(pattern, size, grbg, 5, x, y))
                        << static_cast<int>(pattern) << " at " << x << ',' << y;
                }
            }
        }
    }
}

} // namespace
} // namespace ipu3::sensors
