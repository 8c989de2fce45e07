// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/imgu-cells/choose.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace imgu_cells {
namespace {

const Choosing choosing{
    .reference = REFERENCE_PROGRAM, .differences = DIFFERENCES, .seed = 1, .cells = 0};

TEST(Choose, LetsEachTwoValuesMeet) {
    const auto chosen = choose(choosing);
    EXPECT_TRUE(chosen.unmet.empty()) << chosen.unmet.front();
    // The pairs of 4, 2, 4, 5, 3, 3 and 3 values.
    EXPECT_EQ(chosen.pairs, 8U + 4 * 18 + 2 * 18 + 4 * 14 + 5 * 9 + 3 * 6 + 3 * 3);
    EXPECT_GT(chosen.cells.size(), 20U);
    EXPECT_LT(chosen.cells.size(), 100U);
}

TEST(Choose, PutsCellsOfTheSamePipesTogether) {
    const auto chosen = choose(choosing);
    const auto group = [](const Cell& cell) {
        return cell.pipes.size() == 2 ? 0U : cell.pipes[0].pipe + 1;
    };
    EXPECT_TRUE(std::ranges::is_sorted(chosen.cells, {}, group));
    EXPECT_EQ(group(chosen.cells.front()), 0U);
    EXPECT_EQ(chosen.cells.front().pipes[1].pipe, 1U);
    EXPECT_EQ(group(chosen.cells.back()), 2U);
}

TEST(Choose, MakesTheSameOfTheSameSeed) {
    auto other = choosing;
    other.seed = 2;
    EXPECT_EQ(choose(choosing).cells, choose(choosing).cells);
    EXPECT_NE(choose(choosing).cells, choose(other).cells);
}

} // namespace
} // namespace imgu_cells
