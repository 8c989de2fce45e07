// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/isp/bayer_frame.hpp"
#include "machine/virtual-ipu3/isp/develop.hpp"
#include "machine/virtual-ipu3/isp/focus.hpp"
#include "machine/virtual-ipu3/isp/output.hpp"
#include "machine/virtual-ipu3/isp/statistics.hpp"

#include "machine/virtual-ipu3/cio2/ip3_pack.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>
#include <random>
#include <utility>

namespace ipu3::isp {
namespace {

constexpr std::int32_t one_ccm = 8192;

Matrix identity() {
    Matrix matrix;
    for (std::size_t i = 0; i < 3; ++i) {
        matrix.row.at(i).at(i) = one_ccm;
    }
    return matrix;
}

/// The first driver's defaults for colour space conversion; the rest as if there were none.
Parameters plain() {
    Parameters parameters;
    parameters.ccm = identity();
    parameters.csc.row = {{{4898, 9617, 1867}, {-2410, -4732, 7143}, {10076, -8437, -1638}}};
    return parameters;
}

/// Samples by the colour that they are of.
BayerFrame flat(Size size, const BayerValues& values) {
    BayerFrame frame{size};
    for (std::size_t y = 0; y < size.height; ++y) {
        auto row = frame.row(y);
        for (std::size_t x = 0; x < size.width; ++x) {
            const auto& [even, odd] =
                y % 2 == 0 ? std::pair{values.gr, values.r} : std::pair{values.b, values.gb};
            row[x] = x % 2 == 0 ? even : odd;
        }
    }
    return frame;
}

TEST(Unpack, ReadsWhatTheReceiverPacks) {
    std::mt19937 random{1};
    std::vector<std::uint16_t> line(130);
    std::ranges::generate(line, [&] { return static_cast<std::uint16_t>(random() % 1024); });
    std::vector<std::byte> packed(packed_bytes(line.size()));
    EXPECT_EQ(packed.size(), 192U);
    cio2::ip3_pack_line(line, packed);
    for (const std::size_t first : {0U, 1U, 24U, 25U, 49U, 50U, 77U}) {
        std::vector<std::uint16_t> got(line.size() - first);
        unpack_row(packed, first, got);
        EXPECT_TRUE(std::ranges::equal(got, std::span{line}.subspan(first))) << first;
    }
}

TEST(Black, IsTakenOffByColourAndNeverBelowNone) {
    auto frame = flat({4, 2}, {100, 50, 1023, 64});
    subtract_black(frame, {.gr = 64, .r = 64, .b = 64, .gb = 64});
    EXPECT_THAT(frame.row(0), testing::ElementsAre(288, 0, 288, 0));
    EXPECT_THAT(frame.row(1), testing::ElementsAre(7672, 0, 7672, 0));
    frame = flat({2, 2}, {100, 100, 100, 100});
    subtract_black(frame, {.gr = 0, .r = 10, .b = 20, .gb = 30});
    EXPECT_THAT(frame.row(0), testing::ElementsAre(800, 720));
    EXPECT_THAT(frame.row(1), testing::ElementsAre(640, 560));
}

TEST(Scale, KeepsColoursApartAndMeansAsTheyAre) {
    const BayerValues values{1000, 2000, 3000, 4000};
    for (const Size size : {Size{64, 48}, Size{32, 24}, Size{50, 38}, Size{62, 46}}) {
        const auto scaled = scale_bayer(flat({64, 48}, values), size);
        EXPECT_EQ(scaled.size(), size);
        const auto wanted = flat(size, values);
        for (std::size_t y = 0; y < size.height; ++y) {
            ASSERT_TRUE(std::ranges::equal(scaled.row(y), wanted.row(y))) << size.width << " " << y;
        }
    }
}

TEST(Scale, PutsThingsWhereTheyWere) {
    BayerFrame frame{{64, 64}};
    frame.row(20)[41] = 8000; // a red one
    const auto half = scale_bayer(frame, {32, 32});
    // Of four red samples, one; the others of its place are of other colours.
    EXPECT_EQ(half.row(10)[21], 2000);
    std::uint64_t sum = 0;
    for (std::size_t y = 0; y < 32; ++y) {
        sum = std::accumulate(half.row(y).begin(), half.row(y).end(), sum);
    }
    EXPECT_EQ(sum, 2000U);
}

TEST(Develop, LeavesGreyGrey) {
    const auto frame = flat({16, 8}, {4000, 4000, 4000, 4000});
    const auto picture = develop(frame, plain());
    for (std::size_t y = 0; y < 8; ++y) {
        for (const auto luma : picture.luma(y)) {
            EXPECT_NEAR(luma, 125, 1);
        }
    }
    for (std::size_t y = 0; y < 4; ++y) {
        for (const auto chroma : picture.chroma(y)) {
            EXPECT_NEAR(chroma, 128, 1);
        }
    }
}

TEST(Develop, BalancesWhatTheLightHasTinted) {
    auto parameters = plain();
    parameters.gain = {.gr = 0, .r = 8192, .b = 4096, .gb = 0}; // 2 and 1.5
    const auto picture = develop(flat({8, 8}, {3000, 1500, 2000, 3000}), parameters);
    EXPECT_NEAR(picture.luma(3)[3], 93.75, 1);
    EXPECT_NEAR(picture.chroma(1)[2], 128, 1);
    EXPECT_NEAR(picture.chroma(1)[3], 128, 1);
}

TEST(Develop, KnowsRedFromBlue) {
    const auto red = develop(flat({8, 8}, {0, 6000, 0, 0}), plain());
    EXPECT_LT(red.chroma(1)[2], 120);
    EXPECT_GT(red.chroma(1)[3], 200);
    const auto blue = develop(flat({8, 8}, {0, 0, 6000, 0}), plain());
    EXPECT_GT(blue.chroma(1)[2], 200);
    EXPECT_LT(blue.chroma(1)[3], 120);
    const auto green = develop(flat({8, 8}, {6000, 0, 0, 6000}), plain());
    EXPECT_LT(green.chroma(1)[2], 90);
    EXPECT_LT(green.chroma(1)[3], 90);
}

TEST(Develop, PutsThingsWhereTheyWere) {
    BayerFrame frame{{16, 16}};
    frame.row(6)[8] = 8000; // green
    const auto picture = develop(frame, plain());
    for (std::size_t y = 0; y < 16; ++y) {
        for (std::size_t x = 0; x < 16; ++x) {
            const auto distance =
                std::max(std::abs(static_cast<int>(y) - 6), std::abs(static_cast<int>(x) - 8));
            if (distance > 1) {
                EXPECT_EQ(picture.luma(y)[x], 0) << x << "," << y;
            }
            EXPECT_LE(picture.luma(y)[x], picture.luma(6)[8]);
        }
    }
    EXPECT_GT(picture.luma(6)[8], 100);
}

TEST(Develop, FollowsTheToneCurve) {
    auto parameters = plain();
    parameters.gamma.emplace();
    for (std::size_t i = 0; i < 256; ++i) {
        parameters.gamma->at(i) =
            static_cast<std::uint16_t>(std::min<std::size_t>(8191, 64 * (i + 1)));
    }
    const auto picture = develop(flat({8, 8}, {2000, 2000, 2000, 2000}), parameters);
    EXPECT_NEAR(picture.luma(4)[4], 125, 1);
}

TEST(Develop, ClipsWhatIsTooMuch) {
    auto parameters = plain();
    parameters.gain = {.gr = 65535, .r = 65535, .b = 65535, .gb = 65535};
    parameters.ccm.row.at(0) = {32767, -32768, 32767};
    parameters.ccm.offset = {-8191, 8191, 0};
    const auto picture = develop(flat({4, 4}, {8191, 8191, 8191, 8191}), parameters);
    EXPECT_GE(picture.luma(0)[0], 200);
}

YuvFrame ramp(Size size) {
    YuvFrame frame{size};
    for (std::size_t y = 0; y < size.height; ++y) {
        for (std::size_t x = 0; x < size.width; ++x) {
            frame.luma(y)[x] = static_cast<std::uint8_t>(x + y);
        }
    }
    for (std::size_t y = 0; y < size.height / 2; ++y) {
        for (std::size_t x = 0; x < size.width / 2; ++x) {
            frame.chroma(y)[2 * x] = static_cast<std::uint8_t>(2 * x);
            frame.chroma(y)[2 * x + 1] = static_cast<std::uint8_t>(200 - 2 * y);
        }
    }
    return frame;
}

std::uint8_t at(const std::vector<std::byte>& picture, std::size_t offset) {
    return std::to_integer<std::uint8_t>(picture.at(offset));
}

TEST(Nv12, HasEachPixelWhereTheStrideSays) {
    const auto frame = ramp({32, 16});
    const Output output{.size = {32, 16}, .stride = 64};
    const auto picture = make_nv12(frame, output);
    ASSERT_EQ(picture.size(), 64U * 24);
    for (std::size_t y = 0; y < 16; ++y) {
        for (std::size_t x = 0; x < 32; ++x) {
            ASSERT_EQ(at(picture, 64 * y + x), x + y);
        }
        EXPECT_EQ(at(picture, 64 * y + 32), 0);
    }
    EXPECT_EQ(at(picture, 64 * 16 + 6), 6);
    EXPECT_EQ(at(picture, 64 * 17 + 7), 198);
}

TEST(Nv12, IsCropped) {
    const auto frame = ramp({64, 32});
    const auto picture =
        make_nv12(frame, {.size = {16, 8}, .stride = 16, .crop_left = 20, .crop_top = 10});
    EXPECT_EQ(at(picture, 0), 30);
    EXPECT_EQ(at(picture, 127), 52);
    EXPECT_EQ(at(picture, 128), 20);
    EXPECT_EQ(at(picture, 129), 190);
}

TEST(Nv12, IsScaledInPlace) {
    const auto frame = ramp({64, 32});
    const auto picture = make_nv12(frame, {.size = {32, 16}, .stride = 32, .step = 4096});
    for (std::size_t y = 0; y < 16; ++y) {
        for (std::size_t x = 0; x < 32; ++x) {
            // Between two columns and two rows, each.
            ASSERT_EQ(at(picture, 32 * y + x), 2 * x + 2 * y + 1) << x << "," << y;
        }
    }
    // Beyond the frame its border goes on: column 63, between rows 0 and 1.
    const auto wide = make_nv12(frame, {.size = {48, 16}, .stride = 48, .step = 4096});
    EXPECT_EQ(at(wide, 47), 64);
}

TEST(Crop, KeepsTheMiddle) {
    const auto cropped = crop_centre(ramp({64, 32}), {48, 24});
    EXPECT_EQ(cropped.size(), (Size{48, 24}));
    EXPECT_EQ(cropped.luma(0)[0], 12);
    EXPECT_EQ(cropped.chroma(0)[0], 8);
    EXPECT_EQ(cropped.chroma(0)[1], 196);
}

TEST(Awb, HasTheMeansOfEachCell) {
    BayerFrame frame{{32, 32}};
    std::mt19937 random{2};
    for (std::size_t y = 0; y < 32; ++y) {
        std::ranges::generate(frame.row(y),
                              [&] { return static_cast<std::uint16_t>(random() % 8192); });
    }
    const Grid grid{.width = 4, .height = 3, .x_start = 0, .y_start = 8};
    const auto cells = count_awb(frame, grid, {8191, 8191, 8191, 8191}, true);
    ASSERT_EQ(cells.size(), 12U);
    std::uint32_t blue = 0;
    for (std::size_t y = 17; y < 24; y += 2) {
        for (std::size_t x = 16; x < 24; x += 2) {
            blue += frame.row(y)[x];
        }
    }
    EXPECT_EQ(cells[4 + 2].b, blue / 16 / 32);
    EXPECT_EQ(cells[4 + 2].saturated, 0);
}

TEST(Awb, CountsWhatIsSaturatedAndWhatThereIs) {
    const auto frame = flat({20, 20}, {100, 8000, 100, 100});
    const Grid grid{.width = 4, .height = 4};
    const auto cells = count_awb(frame, grid, {8191, 7999, 8191, 8191}, true);
    EXPECT_EQ(cells[0].saturated, 255 / 4);
    EXPECT_EQ(cells[0].r, 250);
    EXPECT_EQ(cells[2].r, 250); // half of it lies in the frame
    EXPECT_EQ(cells[3].r, 0);   // nothing of it
    EXPECT_EQ(cells[3].saturated, 0);
    const auto without = count_awb(frame, grid, {8191, 7999, 8191, 8191}, false);
    EXPECT_EQ(without[0].saturated, 255 / 4);
    EXPECT_EQ(without[0].r, 0); // none is left of it
    EXPECT_EQ(without[0].gr, 100 / 32);
}

AfFilters brightness_filters() {
    AfFilters filters{.rates = {.gr = 8, .r = 8, .b = 8, .gb = 8}, .coarse = {}, .fine = {}};
    for (auto* const filter : {&filters.coarse, &filters.fine}) {
        filter->taps.at(1).at(5) = 128;
        filter->shift = 7;
    }
    return filters;
}

TEST(Af, FiltersOfOneTapMeanBrightness) {
    const Grid grid{.width = 2, .height = 1, .block_width_log2 = 5, .block_height_log2 = 5};
    auto filters = brightness_filters();
    const auto frame = flat({64, 32}, {1000, 2000, 3000, 4000});
    const auto cells = count_af(frame, grid, filters);
    EXPECT_EQ(cells[0].coarse, 2500);
    EXPECT_EQ(cells[1].fine, 2500);
    filters.rates = {.gr = 0, .r = 32, .b = 0, .gb = 0};
    EXPECT_EQ(count_af(frame, grid, filters)[0].fine, 2000);
    filters.fine.shift = 9;
    EXPECT_EQ(count_af(frame, grid, filters)[0].fine, 500);
}

TEST(Af, AFilterIsWhatItsTapsSay) {
    BayerFrame frame{{40, 24}};
    std::mt19937 random; // its seed is always the same
    for (std::size_t y = 0; y < 24; ++y) {
        for (auto& sample : frame.row(y)) {
            sample = static_cast<std::uint16_t>(random() % 8192);
        }
    }
    auto filters = brightness_filters();
    for (auto& row : filters.coarse.taps) {
        for (auto& tap : row) {
            tap = static_cast<std::int32_t>(random() % 511) - 255;
        }
    }
    // The quad at 2, 1 is near two borders; a cell of one quad there.
    const Grid grid{.width = 1,
                    .height = 1,
                    .block_width_log2 = 1,
                    .block_height_log2 = 1,
                    .x_start = 4,
                    .y_start = 2};
    std::int64_t sum = 0;
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t column = 0; column < 11; ++column) {
            const auto x = 2 * (std::max<std::size_t>(3, column) - 3);
            const auto y = 2 * row;
            const int brightness = (frame.row(y)[x] + frame.row(y)[x + 1] + frame.row(y + 1)[x] +
                                    frame.row(y + 1)[x + 1]) /
                                   4;
            sum += std::int64_t{brightness} * filters.coarse.taps.at(row).at(column);
        }
    }
    EXPECT_EQ(count_af(frame, grid, filters)[0].coarse,
              std::min<std::int64_t>(std::abs(sum) >> 7, 65535));
}

TEST(Af, IsMoreWhereThereIsMoreToSee) {
    auto frame = flat({64, 32}, {1000, 1000, 1000, 1000});
    for (std::size_t y = 0; y < 32; ++y) {
        for (std::size_t x = 32; x < 64; x += 4) {
            frame.row(y)[x] = 5000;
        }
    }
    const Grid grid{.width = 2, .height = 1, .block_width_log2 = 5, .block_height_log2 = 5};
    auto filters = brightness_filters();
    filters.fine.taps.at(1).at(4) = -64;
    filters.fine.taps.at(1).at(6) = -64;
    const auto cells = count_af(frame, grid, filters);
    EXPECT_LT(cells[0].fine, 100); // its border sees the other half
    EXPECT_GT(cells[1].fine, 500);
}

TEST(Af, CellsBeyondTheFrameAreEmpty) {
    const Grid grid{.width = 80, .height = 60, .block_width_log2 = 7, .block_height_log2 = 7};
    const auto cells = count_af(flat({64, 32}, {8, 8, 8, 8}), grid, brightness_filters());
    ASSERT_EQ(cells.size(), 80U * 60U);
    EXPECT_EQ(cells.back().coarse, 0);
    EXPECT_TRUE(count_af(BayerFrame{{0, 0}}, Grid{}, brightness_filters()).empty());
}

} // namespace
} // namespace ipu3::isp
