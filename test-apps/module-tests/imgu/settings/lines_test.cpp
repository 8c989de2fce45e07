// SPDX-License-Identifier: GPL-2.0-or-later
// Operation lists of statistics blocks.
#include "module-tests/imgu/settings/world.hpp"

#include <array>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>

namespace settings {
namespace {

struct List {
    std::array<imgu_acc_operation, IMGU_AWB_OPERATIONS> operations{};
    std::array<imgu_acc_lines, IMGU_AWB_LINES> lines{};
    std::array<u8, IMGU_AWB_TRANSFERS> transfers{};

    /// "8 8. T 8. T! ": lines or T for a transfer, "." where a chunk ends, "!" where the list does.
    [[nodiscard]] std::string text() const {
        std::string all;
        std::size_t line = 0;
        for (const auto& operation : operations) {
            all += operation.what == IMGU_ACC_WHAT_TRANSFER
                       ? "T"
                       : fmt::format("{}", lines.at(line++).lines);
            switch (operation.when) {
            case IMGU_ACC_WHEN_END_OF_ACK:
                all += '.';
                break;
            case IMGU_ACC_WHEN_END_OF_OPS:
                return all + '!';
            default:
                break;
            }
            all += ' ';
        }
        return all;
    }
};

List list(unsigned rows, unsigned y_start, std::uint32_t height, std::uint32_t delay,
          bool transfers = true, List made = {}) {
    const imgu_grid grid{.width = 16,
                         .height = static_cast<u8>(rows),
                         .cell_width_log2 = 3,
                         .cell_height_log2 = 3,
                         .x_start = 0,
                         .y_start = static_cast<u16>(y_start)};
    const imgu_line_list to{.operations = made.operations.data(),
                            .lines = made.lines.data(),
                            .transfers = transfers ? made.transfers.data() : nullptr};
    imgu_lines_fill(&grid, height, delay, &to);
    return made;
}

TEST(Lines, AreTwoRowsAhead) {
    EXPECT_EQ(list(4, 0, 100, 0).text(), "8 8. T 8. T 8. T 68. T!");
    EXPECT_EQ(list(4, 10, 42, 0).text(), "18 8. T 8. T 8. T. T!") << "nothing is below the grid";
    EXPECT_EQ(list(2, 0, 16, 0).text(), "8 8. T. T!");
    EXPECT_EQ(list(2, 0, 17, 0).text(), "8 8. T 1. T!");
}

TEST(Lines, OfOneRowEnd) {
    EXPECT_EQ(list(1, 3, 11, 0).text(), "11. T!");
    EXPECT_EQ(list(1, 3, 100, 0).text(), "11 89. T!");
}

TEST(Lines, OfFocusLagBehind) {
    EXPECT_EQ(list(3, 2, 100, 4).text(), "12 8. T 10. T 70. T!");
    EXPECT_EQ(list(3, 2, 30, 4).text(), "12 8. T 10. T. T!");
    EXPECT_EQ(list(1, 2, 100, 4).text(), "14 86. T!");
    EXPECT_EQ(list(3, 2, 100, 5).text(), "12 8. T 11. T 69. T!") << "the larger half at the end";
}

TEST(Lines, ReplaceWhatWasThere) {
    for (const auto what : {IMGU_ACC_WHAT_PROCESS_LINES, IMGU_ACC_WHAT_TRANSFER}) {
        List before;
        before.operations.fill({.when = IMGU_ACC_WHEN_END_OF_OPS, .what = static_cast<u8>(what)});
        before.lines.fill({.lines = 77, .set = 1, .reserved = 0});
        before.transfers.fill(1);
        EXPECT_EQ(list(4, 0, 100, 0, true, before).text(), "8 8. T 8. T 8. T 68. T!");
    }
}

TEST(Lines, OfAGridThatNobodyMakes) {
    EXPECT_EQ(list(4, 90, 100, 0).text(), "98 8. T 8. T 8. T. T!");
    EXPECT_EQ(list(1, 65535, 100, 4).text(), "4107. T!") << "bits beyond the field are no lines";
}

TEST(Lines, SetsTakeTurns) {
    const auto made = list(5, 0, 100, 0);
    for (std::size_t i = 0; i < 6; ++i) {
        EXPECT_EQ(made.lines.at(i).set, i % 2) << i;
    }
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(made.transfers.at(i), i % 2) << i;
    }
    const auto one_set = list(5, 0, 100, 0, false);
    for (const auto& lines : one_set.lines) {
        EXPECT_EQ(lines.set, 0);
    }
}

/// Whatever the grid, the lines are the frame's, and there are as many transfers as rows.
TEST(Lines, AreAllOfTheFrame) {
    for (unsigned rows = 1; rows <= IMGU_GRID_AWB_HEIGHT; ++rows) {
        for (const std::uint32_t delay : {0U, 4U}) {
            for (unsigned y_start = 0; y_start < 40; y_start += 3) {
                const auto end = y_start + 8 * rows + delay;
                for (const auto height : {end, end + 1, end + 5, end + 1000}) {
                    const auto made = list(rows, y_start, height, delay);
                    const auto sum = lines_of(made.operations, made.lines);
                    ASSERT_TRUE(sum) << made.text();
                    ASSERT_EQ(*sum, height) << made.text();
                    const auto is_transfer = [](const imgu_acc_operation& operation) {
                        return operation.what == IMGU_ACC_WHAT_TRANSFER;
                    };
                    ASSERT_EQ(std::ranges::count_if(made.operations, is_transfer), rows);
                }
            }
        }
    }
}

} // namespace
} // namespace settings
