// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/imgu-cells/factors.hpp"

#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <vector>

namespace imgu_cells {
namespace {

Pairs three() {
    return Pairs{{{.name = "a", .values = {"0", "1"}},
                  {.name = "b", .values = {"0", "1"}},
                  {.name = "c", .values = {"0", "1", "2"}}}};
}

TEST(Pairs, AreUnmetAtFirst) {
    const auto pairs = three();
    EXPECT_EQ(pairs.met(), 0U);
    EXPECT_EQ(pairs.unmet().size(), 2U * 2U + 2U * 3U + 2U * 3U);
    EXPECT_EQ(pairs.unmet({0, 0, 0}), 3U);
}

TEST(Pairs, OfACellHaveMetAndNoOthers) {
    auto pairs = three();
    pairs.meet({0, 1, 2});
    EXPECT_EQ(pairs.met(), 3U);
    EXPECT_EQ(pairs.unmet({0, 1, 2}), 0U);
    EXPECT_EQ(pairs.unmet({0, 1, 1}), 2U);
    EXPECT_EQ(pairs.unmet({1, 0, 2}), 3U);
    pairs.meet({0, 1, 2});
    EXPECT_EQ(pairs.met(), 3U);
}

TEST(Pairs, ThatAreUnmetHaveNames) {
    auto pairs = three();
    for (std::size_t a = 0; a < 2; ++a) {
        for (std::size_t c = 0; c < 3; ++c) {
            pairs.meet({a, 0, c});
            if (a != 0) {
                pairs.meet({a, 1, c});
            }
        }
    }
    EXPECT_EQ(pairs.unmet(), (std::vector<std::string>{"a 0, b 1"}));
}

TEST(Pairs, OfWhatIsNoValueAreRefused) {
    auto pairs = three();
    EXPECT_THROW(pairs.meet({0, 0}), std::out_of_range);
    EXPECT_THROW(pairs.meet({0, 0, 3}), std::out_of_range);
    EXPECT_THROW((void)pairs.unmet({2, 0, 0}), std::out_of_range);
}

} // namespace
} // namespace imgu_cells
