// SPDX-License-Identifier: GPL-2.0-or-later
// Grids: what is accepted, where they end, how two stripes share them.
#include "module-tests/imgu/settings/world.hpp"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <random>
#include <string>

namespace settings {
namespace {

constexpr imgu_size frame{.width = 1296, .height = 732}; // 1408 wide with its padding

constexpr imgu_grid small{.width = 16,
                          .height = 16,
                          .cell_width_log2 = 3,
                          .cell_height_log2 = 3,
                          .x_start = 0,
                          .y_start = 0};

std::string judge(imgu_grid_block block, const imgu_grid& grid, bool made = true) {
    return imgu_reason_text(imgu_grid_judge(block, &grid, &frame, made));
}

std::string text(imgu_reason reason) {
    return imgu_reason_text(reason);
}

imgu_acc_stripe stripes_of(std::uint32_t width, std::uint32_t height, unsigned count = 2) {
    const auto g = sizes(width, height);
    const auto p = program(count);
    imgu_acc_stripe stripe{};
    EXPECT_EQ(imgu_stripes(&g, &p, &stripe), IMGU_OK);
    return stripe;
}

struct Limit {
    imgu_grid_block block;
    unsigned columns, rows, log2;
    imgu_reason cells, cell_size, place;
};
constexpr std::array limits{
    Limit{.block = IMGU_GRID_AF,
          .columns = 32,
          .rows = 24,
          .log2 = 7,
          .cells = IMGU_REASON_AF_CELLS,
          .cell_size = IMGU_REASON_AF_CELL_SIZE,
          .place = IMGU_REASON_AF_PLACE},
    Limit{.block = IMGU_GRID_AWB_FR,
          .columns = 32,
          .rows = 24,
          .log2 = 7,
          .cells = IMGU_REASON_AWB_FR_CELLS,
          .cell_size = IMGU_REASON_AWB_FR_CELL_SIZE,
          .place = IMGU_REASON_AWB_FR_PLACE},
    Limit{.block = IMGU_GRID_AE,
          .columns = 32,
          .rows = 24,
          .log2 = 7,
          .cells = IMGU_REASON_AE_CELLS,
          .cell_size = IMGU_REASON_AE_CELL_SIZE,
          .place = IMGU_REASON_AE_PLACE},
    Limit{.block = IMGU_GRID_AWB,
          .columns = 80,
          .rows = 60,
          .log2 = 6,
          .cells = IMGU_REASON_AWB_CELLS,
          .cell_size = IMGU_REASON_AWB_CELL_SIZE,
          .place = IMGU_REASON_AWB_PLACE},
};

class OfBlock : public testing::TestWithParam<Limit> {
  protected:
    [[nodiscard]] static std::string judged(const imgu_grid& grid, bool made = true) {
        return judge(GetParam().block, grid, made);
    }
    [[nodiscard]] static unsigned delay() {
        return GetParam().block == IMGU_GRID_AF || GetParam().block == IMGU_GRID_AWB_FR ? 4 : 0;
    }
};

TEST_P(OfBlock, TakesAsManyCellsAsItsTableHas) {
    auto grid = small;
    grid.width = static_cast<u8>(GetParam().columns);
    grid.height = static_cast<u8>(GetParam().rows);
    EXPECT_EQ(judged(grid), text(IMGU_OK));
    ++grid.width;
    EXPECT_EQ(judged(grid), text(GetParam().cells));
    EXPECT_EQ(judged(grid, false), text(GetParam().cells)) << "whichever program runs";
    --grid.width;
    ++grid.height;
    EXPECT_EQ(judged(grid), text(GetParam().cells));
    grid.height = 0;
    EXPECT_EQ(judged(grid), text(GetParam().cells));
    grid.height = 1;
    grid.width = 0;
    EXPECT_EQ(judged(grid), text(GetParam().cells));
}

TEST_P(OfBlock, TakesCellsFromEightPixelsOn) {
    auto grid = small;
    grid.width = grid.height = 1;
    for (unsigned log2 = 0; log2 < 16; ++log2) {
        const auto expected = log2 >= 3 && log2 <= GetParam().log2 ? IMGU_OK : GetParam().cell_size;
        grid.cell_width_log2 = static_cast<u8>(log2);
        EXPECT_EQ(judged(grid), text(expected)) << log2;
        grid.cell_width_log2 = 3;
        grid.cell_height_log2 = static_cast<u8>(log2);
        EXPECT_EQ(judged(grid), text(expected)) << log2;
        grid.cell_height_log2 = 3;
    }
}

TEST_P(OfBlock, MayReachToTheEndOfThePadding) {
    auto grid = small;
    grid.x_start = 1408 - 128;
    EXPECT_EQ(judged(grid), text(IMGU_OK));
    ++grid.x_start;
    EXPECT_EQ(judged(grid), text(GetParam().place));
    EXPECT_EQ(judged(grid, false), text(IMGU_OK)) << "nobody makes it";
}

TEST_P(OfBlock, MayReachToTheLastLine) {
    auto grid = small;
    grid.y_start = static_cast<u16>(732 - 128 - delay());
    EXPECT_EQ(judged(grid), text(IMGU_OK));
    ++grid.y_start;
    EXPECT_EQ(judged(grid), text(GetParam().place));
    EXPECT_EQ(judged(grid, false), text(IMGU_OK)) << "nobody makes it";
}

TEST_P(OfBlock, BeginsWithinItsField) {
    auto grid = small;
    grid.x_start = 4096;
    EXPECT_EQ(judged(grid), text(GetParam().place));
    grid.x_start = 65535;
    EXPECT_EQ(judged(grid), text(GetParam().place));
    grid.x_start = 0;
    for (const unsigned start : {4096U, 65530U, 65535U}) {
        grid.y_start = static_cast<u16>(start);
        EXPECT_EQ(judged(grid), text(GetParam().place)) << start;
    }
    // The padded line of the widest frame is longer than what the field can say.
    const imgu_size widest{.width = 4224, .height = 3136};
    grid = small;
    grid.width = 1;
    grid.x_start = 4095;
    EXPECT_EQ(imgu_grid_judge(GetParam().block, &grid, &widest, true), IMGU_OK);
    grid.x_start = 4096;
    EXPECT_EQ(imgu_grid_judge(GetParam().block, &grid, &widest, true), GetParam().place);
    // No frame is as high; the rule holds by itself.
    const imgu_size higher{.width = 4224, .height = 5000};
    grid = small;
    grid.y_start = 4095;
    EXPECT_EQ(imgu_grid_judge(GetParam().block, &grid, &higher, true), IMGU_OK);
    grid.y_start = 4096;
    EXPECT_EQ(imgu_grid_judge(GetParam().block, &grid, &higher, true), GetParam().place);
}

TEST_P(OfBlock, FitsIntoTheSmallestFrame) {
    for (std::uint32_t width = 32; width <= 400; ++width) {
        for (std::uint32_t height = 32; height <= 160; ++height) {
            const imgu_size size{.width = width, .height = height};
            auto grid = small;
            grid.x_start = 10;
            grid.y_start = 2;
            imgu_grid_fit(GetParam().block, &grid, &size);
            ASSERT_EQ(imgu_grid_judge(GetParam().block, &grid, &size, true), IMGU_OK)
                << width << " x " << height;
            ASSERT_EQ(grid.width == 16, (width + 127) / 128 * 128 >= 10 + 128) << width;
            ASSERT_EQ(grid.height == 16, height >= 2 + 128 + delay()) << height;
        }
    }
}

/// Every split of a legal grid is one of whole cells, each in one stripe, within that stripe.
TEST_P(OfBlock, IsSharedCellByCell) {
    std::mt19937 random{20};
    const auto pick = [&](unsigned low, unsigned high) {
        return std::uniform_int_distribution<unsigned>{low, high}(random);
    };
    std::array<unsigned, 3> seen{};
    for (int i = 0; i < 300; ++i) {
        const auto width = pick(17, 500) * 8;
        const auto g = sizes(width, 1600);
        const auto stripe = stripes_of(width, 1600);
        for (int k = 0; k < 300; ++k) {
            const imgu_grid grid{.width = static_cast<u8>(pick(1, GetParam().columns)),
                                 .height = 1,
                                 .cell_width_log2 = static_cast<u8>(pick(3, GetParam().log2)),
                                 .cell_height_log2 = 3,
                                 .x_start = static_cast<u16>(pick(0, std::min(width, 4095U))),
                                 .y_start = 0};
            if (imgu_grid_judge(GetParam().block, &grid, &g.bds, true) != IMGU_OK) {
                continue;
            }
            std::array<imgu_grid_part, 2> part{};
            imgu_grid_split(GetParam().block, &grid, &stripe, part.data());
            const auto cell = 1U << grid.cell_width_log2;
            unsigned cells = 0;
            unsigned next = grid.x_start;
            for (unsigned s = 0; s < 2; ++s) {
                const auto& one = part[s];
                ASSERT_LE(one.width, grid.width);
                if (!one.enabled) {
                    continue;
                }
                ASSERT_GT(one.width, 0U);
                ASSERT_EQ(one.x_end, one.x_start + one.width * cell - 1);
                ASSERT_EQ(one.x_start + stripe.scaled[s].offset, next) << "no gap, no overlap";
                ASSERT_LT(one.x_end, stripe.bds[s].width) << width << ' ' << grid.x_start;
                next += one.width * cell;
                cells += one.width;
            }
            ASSERT_EQ(cells, grid.width);
            const auto left = part[0].enabled ? 1U : 0U;
            const auto makers = part[1].enabled ? left + 1U : 0U;
            ++seen.at(makers);
        }
    }
    EXPECT_GT(seen[0], 1000U);
    EXPECT_GT(seen[1], 1000U);
    EXPECT_GT(seen[2], 1000U);
}

TEST_P(OfBlock, OneStripeMakesAllOfIt) {
    const auto stripe = stripes_of(1296, 732, 1);
    for (const unsigned start : {0U, 9U, 10U, 500U, 1000U}) {
        auto grid = small;
        grid.x_start = static_cast<u16>(start);
        std::array<imgu_grid_part, 2> part{};
        imgu_grid_split(GetParam().block, &grid, &stripe, part.data());
        EXPECT_TRUE(part[0].enabled);
        EXPECT_FALSE(part[1].enabled);
        EXPECT_EQ(part[0].width, 16);
        EXPECT_EQ(part[0].x_start, start);
        EXPECT_EQ(part[0].x_end, start + 127);
    }
}

std::string block_name(const testing::TestParamInfo<Limit>& of) {
    constexpr std::array names{"AF", "AWB_FR", "AE", "AWB"};
    return names.at(of.param.block);
}
INSTANTIATE_TEST_SUITE_P(Grid, OfBlock, testing::ValuesIn(limits), block_name);

// Stripes of 1296 pixels: 0 to 895, and 640 to 1407.
struct Split {
    imgu_grid_block block;
    unsigned x_start, columns, log2;
    bool left, right;
    unsigned left_columns, right_start;
};

TEST(GridSplit, AtTheEdges) {
    const auto stripe = stripes_of(1296, 732);
    ASSERT_EQ(stripe.bds[0].width, 896);
    ASSERT_EQ(stripe.scaled[1].offset, 640);
    const std::array cases{
        Split{IMGU_GRID_AF, 640 + 9, 16, 4, true, true, (896 - 10 - 649 + 1) / 16,
              649 - 640 + 14 * 16},
        Split{IMGU_GRID_AF, 640 + 10, 16, 4, false, true, 16, 10},
        Split{IMGU_GRID_AF, 886 - 127, 16, 3, false, true, 16, 886 - 127 - 640},
        Split{IMGU_GRID_AF, 631, 32, 3, true, false, 32, 0},  // ends in 886
        Split{IMGU_GRID_AF, 632, 32, 3, true, true, 31, 240}, // ends in 887
        Split{IMGU_GRID_AWB_FR, 650, 16, 4, false, true, 16,
              10}, // counts from its own stripe's start
        Split{IMGU_GRID_AE, 639, 16, 5, true, true, 8, 639 + 256 - 640},
        Split{IMGU_GRID_AE, 640, 32, 3, false, true, 32, 0},
        Split{IMGU_GRID_AWB, 0, 80, 4, true, true, 56, 896 - 640},
        Split{IMGU_GRID_AWB, 248, 80, 3, true, false, 80, 0}, // its last pixel is 887
        Split{IMGU_GRID_AWB, 256, 80, 3, true, false, 80, 0}, // 895, the stripe's last
        Split{IMGU_GRID_AWB, 257, 80, 3, true, true, 79, 896 - 7 - 640},
        Split{IMGU_GRID_AE, 640 - 1, 32, 3, true, false, 32, 0}, // 894
    };
    for (const auto& expected : cases) {
        const imgu_grid grid{.width = static_cast<u8>(expected.columns),
                             .height = 1,
                             .cell_width_log2 = static_cast<u8>(expected.log2),
                             .cell_height_log2 = 3,
                             .x_start = static_cast<u16>(expected.x_start),
                             .y_start = 0};
        std::array<imgu_grid_part, 2> part{};
        imgu_grid_split(expected.block, &grid, &stripe, part.data());
        SCOPED_TRACE(expected.x_start);
        EXPECT_EQ(part[0].enabled, expected.left);
        EXPECT_EQ(part[1].enabled, expected.right);
        if (expected.left) {
            EXPECT_EQ(part[0].width, expected.left_columns);
        }
        if (expected.right) {
            EXPECT_EQ(part[1].x_start, expected.right_start);
            EXPECT_EQ(part[1].width,
                      expected.columns - (expected.left ? expected.left_columns : 0));
        }
    }
}

} // namespace
} // namespace settings
