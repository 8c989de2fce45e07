// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-judge/awb.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace judge {
namespace {

constexpr frames::Size size{.width = 64, .height = 34};
constexpr AwbGrid grid{
    .width = 4, .height = 2, .cell_width = 8, .cell_height = 8, .left = 0, .top = 0};

/// Its colours are 100, 200, 300 and 400, a little more to the right.
frames::RawImage frame() {
    frames::RawImage raw{.size = size,
                         .order = frames::BayerOrder::grbg,
                         .pixels = std::vector<std::uint16_t>(std::size_t{64} * 34)};
    for (unsigned y = 0; y < size.height; ++y) {
        for (unsigned x = 0; x < size.width; ++x) {
            raw.line(y)[x] = static_cast<std::uint16_t>((y % 2 * 2 + x % 2 + 1) * 100 + x / 16 * 4);
        }
    }
    return raw;
}

std::vector<std::byte> buffer() {
    std::vector<std::byte> bytes(statistics_bytes);
    bytes[0x1ea60] = std::byte{1};
    bytes[0x1e688] = std::byte{4};
    bytes[0x1e689] = std::byte{2};
    bytes[0x1e68a] = std::byte{3 | 3 << 3};
    return bytes;
}

TEST(Recompute, TakesMeansByColour) {
    const auto cells = recompute_awb(frame(), size, grid, 0);
    ASSERT_EQ(cells.size(), 8U);
    EXPECT_THAT(cells[0].least, testing::ElementsAre(25, 50, 75, 100));
    EXPECT_THAT(cells[3].least, testing::ElementsAre(26, 51, 76, 101));
    EXPECT_EQ(cells[3].least, cells[3].most);
    EXPECT_THAT(recompute_awb(frame(), size, grid, 40)[0].least,
                testing::ElementsAre(15, 40, 65, 90));
}

TEST(Recompute, LeavesRoomForTheScaler) {
    const auto cells = recompute_awb(frame(), {.width = 32, .height = 17}, grid, 0);
    EXPECT_THAT(cells[4].least, testing::ElementsAre(25, 50, 75, 100)); // even all around
    EXPECT_THAT(cells[4].most, testing::ElementsAre(25.125, 50.125, 75.125, 100.125));
    EXPECT_EQ(cells[7].least[0], 27.875);
    EXPECT_EQ(cells[7].most[0], 28);
}

TEST(Recompute, LeavesOutWhatTheDriverDoes) {
    // The same frame, but for a row of something else at its top.
    auto raw = frame();
    raw.order = frames::BayerOrder::bggr;
    for (unsigned y = size.height - 1; y > 0; --y) {
        std::ranges::copy(raw.line(y - 1), raw.line(y).begin());
    }
    std::ranges::fill(raw.line(0), std::uint16_t{1023});
    EXPECT_THAT(recompute_awb(raw, size, grid, 0)[0].least, testing::ElementsAre(25, 50, 75, 100));
}

TEST(Read, FindsGridAndCells) {
    auto bytes = buffer();
    bytes[8 * 5 + 1] = std::byte{77};
    const auto awb = read_awb(bytes);
    ASSERT_TRUE(awb) << awb.error().message;
    EXPECT_EQ(awb->grid.width, 4U);
    EXPECT_EQ(awb->grid.cell_height, 8U);
    ASSERT_EQ(awb->cells.size(), 8U);
    EXPECT_EQ(awb->cells[5][1], 77);
}

TEST(Read, RefusesWhatIsNone) {
    EXPECT_FALSE(read_awb({}));
    auto bytes = buffer();
    bytes[0x1ea60] = std::byte{0};
    EXPECT_THAT(read_awb(bytes).error().message, testing::HasSubstr("none of white balance"));
    bytes = buffer();
    bytes[0x1e688] = bytes[0x1e689] = std::byte{255};
    EXPECT_THAT(read_awb(bytes).error().message, testing::HasSubstr("a grid of 255x255"));
    bytes[0x1e688] = std::byte{0};
    EXPECT_FALSE(read_awb(bytes));
}

TEST(Judge, AllowsOneAndFindsTwo) {
    const auto expected = recompute_awb(frame(), size, grid, 0);
    AwbStatistics statistics{.grid = grid, .cells = {}};
    for (const auto& bounds : expected) {
        statistics.cells.push_back(bounds.least);
    }
    const auto right = statistics.cells;
    EXPECT_EQ(judge_awb(statistics, expected, size).wrong, 0U);
    EXPECT_EQ(judge_awb(statistics, expected, size).compared, 8U);
    EXPECT_EQ(judge_awb(statistics, expected, size).exactly, 8U);
    statistics.cells[6][2] += 1;
    EXPECT_EQ(judge_awb(statistics, expected, size).wrong, 0U);
    statistics.cells[6][2] += 1;
    const auto verdict = judge_awb(statistics, expected, size);
    EXPECT_EQ(verdict.wrong, 1U);
    EXPECT_EQ(verdict.x, 2U);
    EXPECT_EQ(verdict.y, 1U);
    statistics.cells = right;
    std::swap(statistics.cells[0][0], statistics.cells[0][1]); // of the wrong colour
    EXPECT_EQ(judge_awb(statistics, expected, size).wrong, 1U);
    // Those that reach beyond the frame are not compared.
    EXPECT_EQ(judge_awb(statistics, expected, {.width = 64, .height = 15}).compared, 4U);
}

} // namespace
} // namespace judge
