// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/recorder/fields.hpp"

#include <gtest/gtest.h>

namespace ipu3::record {
namespace {

Block block(std::string kind) {
    return {.kind = std::move(kind), .bytes = {}, .pointers = {}, .sections = {}};
}

TEST(Place, NamesMembersAndElements) {
    const auto parameters = block("acc_param");
    const auto gain = place(parameters, 0xe3);
    EXPECT_EQ(gain.name, "bnr.wb_gains[1]");
    EXPECT_EQ(gain.at, 0xe2U);
    EXPECT_EQ(gain.bytes, 2U);
    EXPECT_EQ(place(parameters, 0x5c).name, "stripe.effective_frame_width");
    EXPECT_EQ(place(parameters, 0x1c0 + 2 * 255).name, "gamma.gc_lut[255]");
    EXPECT_EQ(place(parameters, 0x450c4).name, "awb.config.rgbs_thr_gb");
    EXPECT_EQ(place(parameters, 285119).name, "osys.scaler_coeffs_luma[127]");
    EXPECT_EQ(place(block("sp_stage"), 260).name, "isp_stage_addr");
}

TEST(Place, NumbersTheWordsOfWhatIsNotKnown) {
    const auto word = place(block("program"), 0x13);
    EXPECT_EQ(word.name, "[4]");
    EXPECT_EQ(word.at, 0x10U);
    EXPECT_EQ(word.bytes, 4U);
}

TEST(Place, LooksIntoSections) {
    auto configuration = block("configuration.dmem0");
    configuration.sections = {{8, "iterator"}, {60, "dvs"}};
    EXPECT_EQ(place(configuration, 4).name, "[1]");
    EXPECT_EQ(place(configuration, 8).name, "iterator.input_info[0]");
    EXPECT_EQ(place(configuration, 8 + 50).name, "iterator.dvs_envelope[1]");
    const auto blocks = place(configuration, 64);
    EXPECT_EQ(blocks.name, "dvs.num_vertical_blocks[0]"); // its end is not known
    EXPECT_EQ(blocks.at, 64U);
}

TEST(Fields, AreInOrder) {
    for (const auto* const kind : {"acc_param", "sp_group", "sp_stage", "isp_stage", "input",
                                   "parameter_set", "iterator", "ref", "tnr3", "tnr3_state"}) {
        const auto all = fields(kind);
        ASSERT_FALSE(all.empty()) << kind;
        EXPECT_EQ(all.front().at, 0U) << kind;
        for (std::size_t index = 1; index < all.size(); ++index) {
            EXPECT_LT(all[index - 1].at, all[index].at) << kind << ' ' << all[index].name;
        }
    }
}

} // namespace
} // namespace ipu3::record
