// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/imgu/processing.hpp"

#include <algorithm>
#include <cstddef>
#include <gtest/gtest.h>
#include <stdexcept>

namespace ipu3::imgu {
namespace {

constexpr std::uint32_t width = 50;
constexpr std::uint32_t height = 4;

/// A frame of 50x4 that leaves as it is, twice; one sample of it is bright, a red one at 21, 2.
Order order(Sabotage sabotage = Sabotage::none) {
    Order made;
    auto& parameters = made.parameters;
    parameters.effective = {width, height};
    parameters.bds = parameters.effective;
    parameters.gdc = parameters.effective;
    for (std::size_t i = 0; i < 3; ++i) {
        parameters.ccm.row.at(i).at(i) = 8192;
    }
    // Luma is red, U is green, V is blue.
    parameters.csc.row = {{{16384, 0, 0}, {0, 16384, 0}, {0, 0, 16384}}};
    parameters.awb = {.width = 1, .height = 1};
    parameters.af = {.width = 1, .height = 1};
    parameters.out = isp::Output{.size = parameters.effective, .stride = 64};
    parameters.viewfinder = parameters.out;
    made.packed.assign(64UL * height, std::byte{0});
    made.packed.at(2 * 64 + 21 * 10 / 8) = std::byte{0xfc}; // ten bits from bit 2 of byte 26 on
    made.packed.at(2 * 64 + 21 * 10 / 8 + 1) = std::byte{0x0f};
    made.wants_output = true;
    made.wants_viewfinder = true;
    made.wants_statistics = true;
    made.sabotage = sabotage;
    return made;
}

std::uint8_t at(const std::optional<std::vector<std::byte>>& picture, std::size_t x,
                std::size_t y) {
    return std::to_integer<std::uint8_t>(picture.value().at(y * 64 + x));
}

TEST(Processing, MakesWhatIsWanted) {
    auto wanted = order();
    const auto made = process(wanted);
    EXPECT_EQ(at(made.output, 21, 2), 255);
    EXPECT_EQ(at(made.viewfinder, 21, 2), 255);
    EXPECT_EQ(at(made.output, 23, 2), 0);
    EXPECT_TRUE(made.statistics);
    wanted.wants_output = false;
    wanted.wants_statistics = false;
    const auto less = process(wanted);
    EXPECT_FALSE(less.output);
    EXPECT_TRUE(less.viewfinder);
    EXPECT_FALSE(less.statistics);
}

TEST(Processing, RefusesAFrameThatIsTooShort) {
    auto wanted = order();
    wanted.packed.pop_back();
    EXPECT_THROW((void)process(wanted), std::out_of_range);
}

TEST(Processing, SabotageMovesThePixel) {
    const auto made = process(order(Sabotage::shifted_pixel));
    EXPECT_EQ(at(made.output, 22, 2), 255);
    EXPECT_LT(at(made.output, 21, 2), 255);
}

TEST(Processing, SabotageSwapsChroma) {
    // All samples are bright: of the colours that are left, green is.
    auto wanted = order();
    std::ranges::fill(wanted.packed, std::byte{0xff});
    wanted.parameters.csc.row.at(2) = {0, 0, 0};
    const auto right = process(wanted);
    wanted.sabotage = Sabotage::swapped_chroma;
    const auto wrong = process(wanted);
    EXPECT_GT(at(right.output, 10, height), at(right.output, 11, height));
    EXPECT_EQ(at(right.output, 10, height), at(wrong.output, 11, height));
    EXPECT_EQ(at(right.output, 11, height), at(wrong.output, 10, height));
}

TEST(Processing, SabotageMovesRowsTogether) {
    const auto made = process(order(Sabotage::wrong_stride));
    // Two rows further down, twice sixteen bytes earlier.
    EXPECT_EQ(std::to_integer<std::uint8_t>(made.output.value().at(2 * 48 + 21)), 255);
}

} // namespace
} // namespace ipu3::imgu
