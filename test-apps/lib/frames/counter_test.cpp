// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/frames/counter.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

namespace {

using frames::counter_header_pixels;
using frames::counter_line;
using frames::counter_number;
using frames::counter_pixel;

std::vector<std::uint16_t> line_of(std::uint32_t frame, unsigned y, std::size_t width) {
    std::vector<std::uint16_t> line(width);
    counter_line(frame, y, line);
    return line;
}

TEST(Counter, ALineIsItsPixels) {
    for (const std::size_t width : {0U, 1U, 7U, 8U, 9U, 31U, 1296U, 1297U}) {
        for (const unsigned y : {0U, 1U, 2U, 971U, 65535U}) {
            const auto line = line_of(0xdeadbeef, y, width);
            for (unsigned x = 0; x < width; ++x) {
                ASSERT_EQ(line[x], counter_pixel(0xdeadbeef, x, y)) << x << ',' << y;
                ASSERT_LT(line[x], 1024);
            }
        }
    }
}

TEST(Counter, ThePatternIsTheOneThatOldDumpsHold) {
    // Worked out apart from the implementation (a few lines of Python with 32-bit masks).
    EXPECT_EQ(counter_pixel(0, 0, 0), 0x2d0);
    EXPECT_EQ(counter_pixel(0x87654321, 0, 0), 0x2d1);
    EXPECT_EQ(counter_pixel(0x87654321, 7, 0), 0x208);
    EXPECT_EQ(counter_pixel(0, 8, 0), 1005);
    EXPECT_EQ(counter_pixel(7, 0, 1), 793);
    EXPECT_EQ(counter_pixel(299, 2591, 1943), 322);
    EXPECT_EQ(counter_pixel(0xffffffff, 1295, 971), 143);
}

TEST(Counter, TheHeaderHoldsEveryNumber) {
    for (const std::uint32_t frame :
         {0U, 1U, 15U, 16U, 299U, 65535U, 65536U, 0x87654321U, 0xffffffffU}) {
        EXPECT_EQ(counter_number(line_of(frame, 0, 64)), frame);
        EXPECT_EQ(counter_number(line_of(frame, 0, 8)), frame);
    }
    EXPECT_EQ(counter_number(line_of(0x87654321, 0, 2)), 0x21U) << "narrow lines carry a part";
}

TEST(Counter, NoHeaderNoNumber) {
    EXPECT_EQ(counter_number({}), std::nullopt);
    EXPECT_EQ(counter_number(line_of(5, 1, 64)), std::nullopt);
    EXPECT_EQ(counter_number(std::vector<std::uint16_t>(64, 0)), std::nullopt);
    EXPECT_EQ(counter_number(std::vector<std::uint16_t>(64, 1023)), std::nullopt);
    const auto line = line_of(5, 0, 64);
    for (std::size_t shift = 1; shift < 56; ++shift) {
        EXPECT_EQ(counter_number(std::span{line}.subspan(shift)), std::nullopt) << shift;
    }
    for (unsigned x = 0; x < counter_header_pixels; ++x) {
        for (unsigned bit = 4; bit < 16; ++bit) {
            auto broken = line;
            broken[x] = static_cast<std::uint16_t>(broken[x] ^ (1U << bit));
            EXPECT_EQ(counter_number(broken), std::nullopt) << x << " bit " << bit;
        }
    }
}

/// Of @p count pixels from (0, 1) on, the share that equals the pattern displaced by (dx, dy,
/// frames).
double agreement(std::uint32_t frame, unsigned dx, unsigned dy, std::uint32_t frames) {
    constexpr unsigned width = 200;
    constexpr unsigned height = 5;
    unsigned equal = 0;
    for (unsigned y = 1; y <= height; ++y) {
        for (unsigned x = 0; x < width; ++x) {
            equal += counter_pixel(frame, x, y) == counter_pixel(frame + frames, x + dx, y + dy)
                         ? 1U
                         : 0U;
        }
    }
    return equal / double{width * height};
}

// Equal by chance: 1 of 1024. Of 1000 pixels more than 2 % would be a structure, not chance.
constexpr double by_chance = 0.02;

TEST(Counter, AnyShiftByPixelsShows) {
    for (unsigned dx = 1; dx < 4096; ++dx) {
        ASSERT_LT(agreement(3, dx, 0, 0), by_chance) << dx;
    }
}

TEST(Counter, AnyShiftByLinesShows) {
    for (unsigned dy = 1; dy < 4096; ++dy) {
        ASSERT_LT(agreement(3, 0, dy, 0), by_chance) << dy;
    }
}

TEST(Counter, AnyShiftByFramesShows) {
    for (std::uint32_t frames = 1; frames < 4096; ++frames) {
        ASSERT_LT(agreement(3, 0, 0, frames), by_chance) << frames;
    }
    for (unsigned bit = 0; bit < 32; ++bit) {
        ASSERT_LT(agreement(3, 0, 0, 1U << bit), by_chance) << bit;
    }
}

TEST(Counter, ShiftsInSeveralDirectionsShow) {
    for (unsigned d = 1; d < 40; ++d) {
        for (unsigned e = 1; e < 40; ++e) {
            ASSERT_LT(agreement(100, d, e, 0), by_chance);
            ASSERT_LT(agreement(100, d, 0, e), by_chance);
            ASSERT_LT(agreement(100, 0, d, 0U - e), by_chance);
        }
    }
}

TEST(Counter, LinesOfManyFramesAllDiffer) {
    std::set<std::vector<std::uint16_t>> seen;
    for (std::uint32_t frame = 0; frame < 50; ++frame) {
        for (unsigned y = 0; y < 200; ++y) {
            seen.insert(line_of(frame, y, 16));
        }
    }
    EXPECT_EQ(seen.size(), 50U * 200U);
}

TEST(Counter, EveryBitOfASampleIsUsedEvenly) {
    std::array<unsigned, 10> ones{};
    const auto line = line_of(1, 1, 100000);
    for (const auto value : line) {
        for (unsigned bit = 0; bit < 10; ++bit) {
            ones[bit] += (value >> bit) & 1U;
        }
    }
    for (const auto count : ones) {
        EXPECT_NEAR(count, 50000.0, 800.0);
    }
}

} // namespace
