// SPDX-License-Identifier: GPL-2.0-or-later
// Slices and operations of shading correction.
#include "module-tests/imgu/settings/world.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>

namespace settings {
namespace {

ipu3_uapi_shd_config_static config(unsigned width, unsigned log2, int y_start) {
    ipu3_uapi_shd_config_static made{};
    made.grid.width = static_cast<__u8>(width);
    made.grid.block_height_log2 = log2 & 7U;
    made.grid.y_start = static_cast<__s16>(y_start);
    return made;
}

std::string judge(const ipu3_uapi_shd_config_static& made, std::uint32_t height) {
    const imgu_size frame{.width = 1296, .height = height};
    const auto grid = made.grid;
    return imgu_reason_text(imgu_shading_judge(&grid, &frame));
}

std::string text(imgu_reason reason) {
    return imgu_reason_text(reason);
}

std::unique_ptr<imgu_acc_shd> fill(const ipu3_uapi_shd_config_static& made, std::uint32_t height) {
    const imgu_size frame{.width = 1296, .height = height};
    auto shd = std::make_unique<imgu_acc_shd>();
    std::memset(shd.get(), 0x5a, sizeof(*shd));
    imgu_shading_fill(&made, &frame, shd.get());
    return shd;
}

/// As in lines_test.cpp, with the set of gains that is loaded behind "T".
std::string list(const imgu_acc_shd& shd) {
    std::string all;
    std::size_t line = 0;
    std::size_t transfer = 0;
    for (const auto& operation : shd.operations) {
        all += operation.what == IMGU_ACC_WHAT_TRANSFER
                   ? fmt::format("T{}", shd.transfers[transfer++].set)
                   : fmt::format("{}", shd.lines[line++].lines);
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

TEST(Shading, LoadsAheadOfWhatItNeeds) {
    // Slices of 2 rows of 128 lines.
    EXPECT_EQ(list(*fill(config(73, 7, 0), 100)), "T0 100!");
    EXPECT_EQ(list(*fill(config(73, 7, 0), 128)), "T0 T1 128!")
        << "the second row, for what is below its middle";
    EXPECT_EQ(list(*fill(config(73, 7, 0), 256)), "T0 T1 256!");
    EXPECT_EQ(list(*fill(config(73, 7, 0), 300)), "T0 T1 256 44!");
    EXPECT_EQ(list(*fill(config(73, 7, 0), 732)), "T0 T1 T2 256 256. T0 220!");
    EXPECT_EQ(list(*fill(config(73, 7, 0), 600)), "T0 T1 T2 256 256. 88!");
    EXPECT_EQ(list(*fill(config(73, 7, 0), 1100)), "T0 T1 T2 256 256. T0 256. T1 256. 76!");
}

TEST(Shading, BeginsWhereTheFrameDoes) {
    // The frame ends where its only slice does: the row below is not loaded, though the last lines
    // lie below the middle of a row. So the kernel's own driver does it.
    EXPECT_EQ(list(*fill(config(73, 7, -200), 56)), "T0 56!");
    const auto shd = fill(config(73, 7, -300), 732);
    EXPECT_EQ(list(*shd), "T0 T1 T2 212 256. T0 256. 8!");
    EXPECT_EQ(shd->config.general.init_set_vrt_offst_ul, 300 / 128 % 2);
    EXPECT_EQ(shd->config.grid.grid_height_per_slice, 2);
}

TEST(Shading, LeavesTheGainsAlone) {
    const auto shd = fill(config(73, 7, 0), 732);
    EXPECT_EQ(shd->lut.sets[0].r_and_gr[0].r, 0x5a5a);
    EXPECT_EQ(shd->lut.sets[27].reserved2[23], 0x5a);
}

TEST(Shading, WantsARowInASet) {
    EXPECT_EQ(judge(config(0, 7, 0), 732), text(IMGU_REASON_SHD_WIDTH));
    EXPECT_EQ(judge(config(1, 7, 0), 732), text(IMGU_OK));
    EXPECT_EQ(judge(config(146, 7, 0), 732), text(IMGU_OK));
    EXPECT_EQ(judge(config(147, 7, 0), 732), text(IMGU_REASON_SHD_WIDTH));
}

TEST(Shading, WantsToBeginBeforeTheFrame) {
    for (const auto& [start, expected] : {std::pair{0, IMGU_OK},
                                          {-1, IMGU_OK},
                                          {-4096, IMGU_OK},
                                          {1, IMGU_REASON_SHD_START},
                                          {-4097, IMGU_REASON_SHD_START},
                                          {32767, IMGU_REASON_SHD_START},
                                          {-32768, IMGU_REASON_SHD_START}}) {
        EXPECT_EQ(judge(config(73, 7, start), 732), text(expected)) << start;
        auto sideways = config(73, 7, 0);
        sideways.grid.x_start = static_cast<__s16>(start);
        EXPECT_EQ(judge(sideways, 732), text(expected)) << start;
    }
}

TEST(Shading, HasGainsForSoManySlices) {
    // Slices of 16 lines, and one more is loaded for the last line.
    EXPECT_EQ(judge(config(73, 3, 0), 27 * 16), text(IMGU_OK));
    EXPECT_EQ(judge(config(73, 3, 0), 27 * 16 + 7), text(IMGU_OK));
    EXPECT_EQ(judge(config(73, 3, 0), 27 * 16 + 8), text(IMGU_REASON_SHD_SLICES));
    EXPECT_EQ(judge(config(73, 3, 0), 28 * 16), text(IMGU_REASON_SHD_SLICES));
    EXPECT_EQ(judge(config(146, 0, 0), 3136), text(IMGU_REASON_SHD_SLICES));
    EXPECT_EQ(judge(config(73, 7, 0), 3136), text(IMGU_OK))
        << "what a stream begins with, for any frame";
}

TEST(Shading, ListsEndAndHoldTheFrame) {
    unsigned accepted = 0;
    for (unsigned width = 1; width <= 146; width += 5) {
        for (unsigned log2 = 0; log2 < 8; ++log2) {
            for (const int start : {0, -1, -127, -128, -255, -256, -1000, -4095, -4096}) {
                for (const std::uint32_t height : {32U, 130U, 256U, 732U, 1936U, 3136U}) {
                    const auto made = config(width, log2, start);
                    if (judge(made, height) != text(IMGU_OK)) {
                        continue;
                    }
                    ++accepted;
                    const auto shd = fill(made, height);
                    const auto sum = lines_of(shd->operations, shd->lines);
                    ASSERT_TRUE(sum) << list(*shd);
                    ASSERT_EQ(*sum, height) << list(*shd);
                }
            }
        }
    }
    EXPECT_GT(accepted, 1000U);
}

} // namespace
} // namespace settings
