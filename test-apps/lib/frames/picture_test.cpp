// SPDX-License-Identifier: GPL-2.0-or-later
// Demosaicing and tone.
#include "lib/frames/bayer.hpp"
#include "lib/frames/demosaic.hpp"
#include "lib/frames/tone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>

namespace {

using frames::bayer_channel;
using frames::BayerOrder;
using frames::Channel;
using frames::demosaic;
using frames::RawImage;
using frames::Rgb10;
using frames::Size;
using frames::Tone;
using frames::WhiteBalance;
using testing::Each;
using testing::ElementsAre;

constexpr std::array colour_orders{BayerOrder::bggr, BayerOrder::gbrg, BayerOrder::grbg,
                                   BayerOrder::rggb};

template <typename Colour>
RawImage mosaic(Size size, BayerOrder order, Colour colour) {
    RawImage raw{size, order, std::vector<std::uint16_t>(std::size_t{size.width} * size.height)};
    for (unsigned y = 0; y < size.height; ++y) {
        for (unsigned x = 0; x < size.width; ++x) {
            const std::array<int, 3> rgb = colour(x, y);
            raw.line(y)[x] = static_cast<std::uint16_t>(
                rgb.at(static_cast<std::size_t>(bayer_channel(order, x, y))));
        }
    }
    return raw;
}

TEST(Bayer, TheNameIsTheFirstTwoLines) {
    const auto cell = [](BayerOrder order) {
        return std::array{bayer_channel(order, 0, 0), bayer_channel(order, 1, 0),
                          bayer_channel(order, 0, 1), bayer_channel(order, 1, 1)};
    };
    using enum Channel;
    EXPECT_THAT(cell(BayerOrder::bggr), ElementsAre(blue, green, green, red));
    EXPECT_THAT(cell(BayerOrder::gbrg), ElementsAre(green, blue, red, green));
    EXPECT_THAT(cell(BayerOrder::grbg), ElementsAre(green, red, blue, green));
    EXPECT_THAT(cell(BayerOrder::rggb), ElementsAre(red, green, green, blue));
    EXPECT_THAT(cell(BayerOrder::grey), Each(green));
}

TEST(Demosaic, AFlatColourComesBackExactlyUpToTheEdges) {
    for (const auto order : colour_orders) {
        for (const Size size : {Size{12, 10}, Size{3, 3}, Size{2, 2}, Size{7, 5}}) {
            const auto rgb = demosaic(
                mosaic(size, order, [](unsigned, unsigned) { return std::array{900, 500, 100}; }));
            for (unsigned y = 0; y < size.height; ++y) {
                for (unsigned x = 0; x < size.width; ++x) {
                    ASSERT_THAT(rgb.at(x, y), ElementsAre(900, 500, 100)) << x << ',' << y;
                }
            }
        }
    }
}

TEST(Demosaic, ASlopeOfGreyComesBackExactlyInside) {
    // Linear filters that keep constants and are symmetric keep slopes.
    for (const auto order : colour_orders) {
        const auto value = [](unsigned x, unsigned y) {
            return static_cast<int>(20 + 8 * x + 4 * y);
        };
        const auto rgb = demosaic(mosaic({40, 40}, order, [&](unsigned x, unsigned y) {
            return std::array{value(x, y), value(x, y), value(x, y)};
        }));
        for (unsigned y = 2; y < 38; ++y) {
            for (unsigned x = 2; x < 38; ++x) {
                ASSERT_THAT(rgb.at(x, y), Each(value(x, y)));
            }
        }
    }
}

TEST(Demosaic, AWrongOrderShows) {
    auto raw = mosaic({8, 8}, BayerOrder::rggb,
                      [](unsigned, unsigned) { return std::array{900, 500, 100}; });
    raw.order = BayerOrder::bggr;
    EXPECT_THAT(demosaic(raw).at(4, 4), ElementsAre(100, 500, 900));
}

TEST(Demosaic, ASoftPatternIsFarCloserThanTheNearestNeighbour) {
    // A soft pattern of colour: the filters must beat the plain use of the next pixel of a colour.
    const auto colour = [](unsigned x, unsigned y) {
        const double s = std::sin(x * 0.6) * std::cos(y * 0.45);
        return std::array{static_cast<int>(500 + 300 * s), static_cast<int>(450 + 280 * s),
                          static_cast<int>(400 + 250 * s)};
    };
    const auto raw = mosaic({64, 64}, BayerOrder::bggr, colour);
    const auto rgb = demosaic(raw);
    long ours = 0;
    long nearest = 0;
    for (unsigned y = 4; y < 60; ++y) {
        for (unsigned x = 4; x < 60; ++x) {
            const int right = colour(x, y)[0];
            ours += std::abs(rgb.at(x, y)[0] - right);
            const unsigned red_x = x / 2 * 2 + 1;
            const unsigned red_y = y / 2 * 2 + 1;
            nearest += std::abs(raw.line(red_y)[red_x] - right);
        }
    }
    EXPECT_LT(ours * 3, nearest);
}

TEST(Demosaic, GreyAndDegenerateImages) {
    const RawImage grey{{3, 1}, BayerOrder::grey, {0, 700, 5000}};
    EXPECT_THAT(demosaic(grey).pixels, ElementsAre(0, 0, 0, 700, 700, 700, 1023, 1023, 1023));
    EXPECT_TRUE(demosaic(RawImage{}).pixels.empty());
    for (const auto order : colour_orders) {
        for (const Size size : {Size{1, 1}, Size{1, 9}, Size{9, 1}}) {
            const RawImage raw{
                size, order,
                std::vector<std::uint16_t>(std::size_t{size.width} * size.height, 65535)};
            EXPECT_EQ(demosaic(raw).pixels.size(), raw.pixels.size() * 3);
        }
    }
}

TEST(Tone, SrgbCurve) {
    EXPECT_EQ(frames::srgb_encode(0.0), 0);
    EXPECT_EQ(frames::srgb_encode(1.0), 255);
    EXPECT_EQ(frames::srgb_encode(-1.0), 0);
    EXPECT_EQ(frames::srgb_encode(7.0), 255);
    EXPECT_EQ(frames::srgb_encode(0.18), 118); // 18 % grey
    for (unsigned code = 0; code < 256; ++code) {
        const auto byte = static_cast<std::uint8_t>(code);
        EXPECT_EQ(frames::srgb_encode(frames::srgb_decode(byte)), byte);
    }
}

Rgb10 one_pixel(std::uint16_t r, std::uint16_t g, std::uint16_t b) {
    return {{1, 1}, {r, g, b}};
}

TEST(Tone, BlackLevelIsBlackAndFullIsWhite) {
    const Tone plain{16, WhiteBalance::none, 1.0};
    EXPECT_THAT(frames::develop(one_pixel(16, 3, 1023), plain).pixels, ElementsAre(0, 0, 255));
    EXPECT_THAT(frames::develop(one_pixel(17, 65535, 520), plain).pixels, ElementsAre(3, 255, 188))
        << "520 is half of the light";
}

TEST(Tone, GainIsInLinearLight) {
    const Tone bright{16, WhiteBalance::none, 2.0};
    const auto image = frames::develop(one_pixel(268, 520, 900), bright);
    EXPECT_THAT(image.pixels, ElementsAre(188, 255, 255));
}

TEST(Tone, GreyWorldMakesACastGreyAndKeepsClippedWhite) {
    const Tone tone{16, WhiteBalance::grey_world, 1.0};
    const Rgb10 image{{2, 1}, {16 + 200, 16 + 400, 16 + 250, 1023, 1023, 1023}};
    const auto gains = frames::white_balance_gains(image, tone);
    EXPECT_NEAR(gains[0], 2.0, 1e-9);
    EXPECT_NEAR(gains[1], 1.0, 1e-9);
    EXPECT_NEAR(gains[2], 1.6, 1e-9);
    const auto out = frames::develop(image, tone);
    EXPECT_NEAR(out.pixels[0], out.pixels[1], 1);
    EXPECT_NEAR(out.pixels[2], out.pixels[1], 1);
    EXPECT_THAT(out.at(1, 0), Each(255));
}

TEST(Tone, GreyWorldOfNothingOrOneColourStaysFinite) {
    const Tone tone{};
    EXPECT_THAT(frames::white_balance_gains({}, tone), Each(1.0));
    EXPECT_THAT(frames::white_balance_gains(one_pixel(0, 0, 0), tone), Each(1.0));
    EXPECT_THAT(frames::white_balance_gains(one_pixel(1023, 1023, 1023), tone), Each(1.0));
    EXPECT_THAT(frames::white_balance_gains(one_pixel(900, 16, 16), tone),
                ElementsAre(1.0, 8.0, 8.0));
}

TEST(Tone, ABlackLevelBeyondTheScaleIsHarmless) {
    const Tone tone{100000, WhiteBalance::none, 1.0};
    EXPECT_THAT(frames::develop(one_pixel(0, 500, 1023), tone).pixels, ElementsAre(0, 0, 255));
}

} // namespace
