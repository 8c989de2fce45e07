// SPDX-License-Identifier: GPL-2.0-or-later
// What noise reduction is told of the frame.
#include "module-tests/imgu/settings/world.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <utility>

namespace settings {
namespace {

TEST(Noise, WidthsAreWholeBlocks) {
    for (const auto& [width, padded] :
         {std::pair{1280U, 1280U}, {1281U, 1408U}, {1296U, 1408U}, {32U, 128U}}) {
        const imgu_size frame{.width = width, .height = 732};
        ipu3_uapi_bnr_static_config bnr{};
        ipu3_uapi_dm_config dm{};
        bnr.column_size = 77;
        dm.frame_width = 77;
        const auto user_bnr = bnr;
        const auto user_dm = dm;
        imgu_noise_bnr(&user_bnr, &frame, &bnr);
        imgu_noise_dm(&user_dm, &frame, &dm);
        EXPECT_EQ(bnr.column_size, padded);
        EXPECT_EQ(dm.frame_width, padded);
    }
}

// No cast tells GCC that a number fits into a signed bit-field.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
imgu_acc_anr anr(int x_reset, int y_reset, std::uint32_t width, std::uint32_t height) {
    const imgu_size frame{.width = width, .height = height};
    ipu3_uapi_anr_config user{};
    user.transform.xreset = static_cast<__s16>(x_reset);
    user.transform.yreset = static_cast<__s16>(y_reset);
    imgu_acc_anr made{};
    std::memset(&made, 0x5a, sizeof(made));
    imgu_noise_anr(&user, &frame, &made);
    return made;
}
#pragma GCC diagnostic pop

/// Kept as silicon has always been given it: a start whose frame ends left of the centre wraps.
TEST(Noise, ResetsOfSmallFramesAreAsTheyHaveAlwaysBeen) {
    const auto made = anr(-1632, -1224, 1296, 732);
    EXPECT_EQ(made.transform.xreset, 2687);
    EXPECT_EQ(made.transform.yreset, 3363);
}

TEST(Noise, ResetsStayInTheirField) {
    EXPECT_EQ(anr(-1632, -1224, 2560, 1936).transform.xreset, -1632);
    EXPECT_EQ(anr(-1632, -1224, 2560, 1936).transform.yreset, -1224);
    EXPECT_EQ(anr(4000, 0, 1280, 732).transform.xreset, 4095 - 1280);
    EXPECT_EQ(anr(-4096, -4096, 4224, 3136).transform.xreset, -4095);
    EXPECT_EQ(anr(0, 0, 4224, 3136).transform.xreset, 4095 - 4224);
}

TEST(Noise, AdvancedReductionIsAlwaysOn) {
    const auto made = anr(0, 0, 1296, 732);
    EXPECT_EQ(made.search.enable, 1U);
    EXPECT_EQ(made.transform.enable, 1U);
    EXPECT_EQ(made.tile2strm.enable, 1U);
    EXPECT_EQ(made.stitch.enable, 0U) << "user space's";
    for (const auto width : {made.search.width, made.stitch.width, made.tile2strm.width}) {
        EXPECT_EQ(width, 1408);
    }
    for (const auto height : {made.search.height, made.stitch.height, made.tile2strm.height}) {
        EXPECT_EQ(height, 732);
    }
}

} // namespace
} // namespace settings
