// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/recorder/expected.hpp"

#include "machine/virtual-ipu3/recorder/fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <utility>
#include <vector>

namespace ipu3::record {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view text = "# what is meant\n"
                                  "\n"
                                  "width parameters:acc_param:bnr.column_size 0x0 * computed\n"
                                  "width parameters:acc_param:dm[0] * * as above\n"
                                  "gate writes:gp_halt - 0x1 after the probe\n"
                                  "queue writes:sp0.queue* * * another one\n";

TEST(Expected, CoversWhatALineSaysAndNothingElse) {
    auto expected = Expected::parse(text).value();
    EXPECT_TRUE(expected.covers({"parameters:acc_param:bnr.column_size", "0x0", "0x510"}));
    EXPECT_FALSE(expected.covers({"parameters:acc_param:bnr.column_size", "0x1", "0x510"}));
    EXPECT_FALSE(expected.covers({"parameters:acc_param:bnr.column_sizes", "0x0", "0x510"}));
    EXPECT_TRUE(expected.covers({"writes:gp_halt", "-", "0x1"}));
    EXPECT_FALSE(expected.covers({"writes:gp_halt", "0x1", "-"}));
    EXPECT_TRUE(expected.covers({"writes:sp0.queues+3", "0x1", "0x2"}));
    EXPECT_FALSE(expected.covers({"writes:pm_ctrl", "0x1", "0x2"}));
}

TEST(Expected, AFieldIsMeantInWhicheverHandOver) {
    auto expected = Expected::parse("width acc_param:bnr.column_size 0 * computed\n"
                                    "bits acc_param:dm[0]&0xffff0000 0 * as above\n")
                        .value();
    EXPECT_TRUE(expected.covers({"parameters:acc_param:bnr.column_size", "0x0", "0x510"}));
    EXPECT_TRUE(expected.covers({"start:acc_param:bnr.column_size", "0x0", "0x510"}));
    EXPECT_FALSE(expected.covers({"parameters:acc_param:bnr.column_size", "0x2", "0x510"}));
    EXPECT_FALSE(expected.covers({"writes:acc_param:bnr.column_size", "0x0", "0x510"}));
    EXPECT_TRUE(expected.covers({"parameters:acc_param:dm[0]", "0x1", "0x5100001"}));
    EXPECT_FALSE(expected.covers({"parameters:acc_param:dm[0]", "0x1", "0x5100003"}));
    EXPECT_FALSE(expected.covers({"parameters:acc_param:dm[0]", "0x10001", "0x5100001"}));
}

TEST(Expected, LinesOfOtherComparisonsSayNothing) {
    auto expected = Expected::parse("a acc_param:ae.stripes[0..15]@one-stripe * * because\n"
                                    "b accepted:low * * because\n"
                                    "c acc_param:reserved * * because\n")
                        .value();
    EXPECT_THAT(expected.unseen(), IsEmpty());
    EXPECT_FALSE(expected.covers({"parameters:acc_param:ae.stripes[0]", "0x0", "0x1"}));
}

TEST(Expected, EachKeyMustOccur) {
    auto expected = Expected::parse(text).value();
    EXPECT_THAT(expected.unseen(), ElementsAre("width", "gate", "queue"));
    EXPECT_TRUE(expected.covers({"parameters:acc_param:dm[0]", "0x0", "0x5100000"}));
    EXPECT_THAT(expected.unseen(), ElementsAre("gate", "queue"));
    EXPECT_TRUE(expected.covers({"writes:gp_halt", "-", "0x1"}));
    EXPECT_TRUE(expected.covers({"writes:sp0.queue", "0x1", "-"}));
    EXPECT_THAT(expected.unseen(), IsEmpty());
}

TEST(Expected, WhatIsMeantIsNotCounted) {
    auto expected = Expected::parse("width parameters:acc_param:bnr.column_size 0x0 * computed\n"
                                    "gate writes:gp_halt - 0x1 after the probe\n"
                                    "more parameters:count 1 2 another one\n")
                        .value();
    const auto block = [](std::uint8_t size, std::uint8_t gain) {
        Block acc{.kind = "acc_param",
                  .bytes = std::vector<std::uint8_t>(285120),
                  .pointers = {},
                  .sections = {}};
        std::uint32_t column_size = 0;
        std::uint32_t gains = 0;
        for (std::uint32_t at = 0; at < acc.bytes.size(); ++at) {
            column_size = place(acc, at).name == "bnr.column_size" ? at : column_size;
            gains = place(acc, at).name == "bnr.wb_gains[1]" ? at : gains;
            if (column_size != 0 && gains != 0) {
                break;
            }
        }
        acc.bytes.at(column_size) = size;
        acc.bytes.at(gains) = gain;
        return HandOver{
            .what = "parameters",
            .pipe = 0,
            .parts = {{.kind = "acc_param", .block = std::make_shared<Block>(std::move(acc))}}};
    };
    const Recording a{.firmware = {}, .entries = {block(0, 0)}};
    const Recording b{
        .firmware = {},
        .entries = {Write{.name = "gp_halt", .at = 0x45dc, .size = 4, .value = 1, .pointer = {}},
                    block(5, 1), block(5, 1)}};
    const auto channels = compare(a, b, {.is_expected = [&expected](const Difference& difference) {
                                      return expected.covers(difference);
                                  }});
    ASSERT_EQ(channels.size(), 2);
    EXPECT_EQ(channels[0].expected, 1);
    EXPECT_EQ(channels[0].differences, 0);
    EXPECT_EQ(channels[1].expected, 2);
    EXPECT_THAT(channels[1].lines, ElementsAre(HasSubstr("bnr.wb_gains[1]: 0x0 | 0x1")));
    EXPECT_THAT(expected.unseen(), IsEmpty());
}

TEST(Expected, LinesWithoutAReasonOrAPlaceAreRefused) {
    const auto why = [](std::string_view line) {
        const auto parsed = Expected::parse(line);
        return parsed ? std::string{"taken"} : parsed.error().message;
    };
    EXPECT_THAT(why("key writes:pm_ctrl 0x1 0x2\n"), HasSubstr("line 1"));
    EXPECT_THAT(why("# first\nkey pm_ctrl 0x1 0x2 because\n"), HasSubstr("line 2"));
    EXPECT_THAT(why("key acc_param:dm[0]&x 0x1 0x2 because\n"), HasSubstr("line 1"));
    EXPECT_THAT(why("key acc_param:dm[0..3] 0x1 0x2 because\n"), HasSubstr("a range"));
    EXPECT_EQ(why("key writes:pm_ctrl 0x1 0x2 because\n"), "taken");
}

TEST(Expected, AFileThatIsNotThereIsNamed) {
    const auto read = Expected::read("/nowhere/expected.txt");
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("/nowhere/expected.txt"));
}

} // namespace
} // namespace ipu3::record
