// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sim/sabotage.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipu3::sim {
namespace {

using testing::HasSubstr;

TEST(Sabotage, EachMistakeIsParsedByItsOwnName) {
    for (std::uint8_t value = 0; value <= static_cast<std::uint8_t>(Mistake::late_event); ++value) {
        const auto mistake = static_cast<Mistake>(value);
        EXPECT_NE(std::ranges::find(all_mistakes(), mistake), all_mistakes().end());
        const auto parsed = parse_mistake(name(mistake));
        ASSERT_TRUE(parsed) << name(mistake);
        EXPECT_EQ(*parsed, mistake);
    }
}

TEST(Sabotage, ListTellsWhoseTheyAre) {
    const auto list = list_mistakes();
    EXPECT_TRUE(list.starts_with("packing-bit, lop-step")) << list;
    EXPECT_THAT(list, HasSubstr("chip-id; in the image processor: swapped-chroma, "));
    EXPECT_TRUE(list.ends_with("late-event")) << list;
    EXPECT_FALSE(is_imgu(Mistake::chip_id));
    EXPECT_TRUE(is_imgu(Mistake::swapped_chroma));
}

TEST(Sabotage, UnknownNamesAreAnsweredWithThePossibleOnes) {
    for (const auto* text : {"", "packing", "packing-bit ", "Packing-bit"}) {
        const auto parsed = parse_mistake(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_THAT(parsed.error().message, HasSubstr("unknown sabotage '" + std::string{text}));
        EXPECT_THAT(parsed.error().message, HasSubstr(list_mistakes()));
    }
}

} // namespace
} // namespace ipu3::sim
