// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-judge/colours.hpp"

#include "lib/frames/tone.hpp"
#include "machine/virtual-ipu3/scene/room_world.hpp"

#include <cmath>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace judge {
namespace {

using ipu3::scene::RoomWorld;

constexpr Size size{.width = 640, .height = 480};
const Mapping whole{.left = 0, .top = 0, .step_x = 1, .step_y = 1};

using Change = std::function<std::array<double, 3>(std::array<double, 3> linear)>;

/// A grey picture with the chart in it, whose light goes through @p change.
YuvPlanes chart(const Change& change) {
    const Size half{.width = size.width / 2, .height = size.height / 2};
    YuvPlanes picture{.y = Plane{size}, .cb = Plane{half}, .cr = Plane{half}};
    std::ranges::fill(picture.y.values, 50.F);
    std::ranges::fill(picture.cb.values, 128.F);
    std::ranges::fill(picture.cr.values, 128.F);
    for (const auto& patch : RoomWorld::chart_patches()) {
        const auto light = change({patch.colour.x, patch.colour.y, patch.colour.z});
        const double r = frames::srgb_encode(light[0]);
        const double g = frames::srgb_encode(light[1]);
        const double b = frames::srgb_encode(light[2]);
        const auto luma = 0.299 * r + 0.587 * g + 0.114 * b;
        const auto x0 = static_cast<std::size_t>(patch.u * size.width) - 8;
        const auto y0 = static_cast<std::size_t>(patch.v * size.height) - 8;
        for (std::size_t y = y0; y < y0 + 17; ++y) {
            for (std::size_t x = x0; x < x0 + 17; ++x) {
                picture.y.at(x, y) = static_cast<float>(luma);
                picture.cb.at(x / 2, y / 2) = static_cast<float>(128 + (b - luma) / 1.772);
                picture.cr.at(x / 2, y / 2) = static_cast<float>(128 + (r - luma) / 1.402);
            }
        }
    }
    return picture;
}

TEST(Lab, KnowsWhiteBlackAndRed) {
    EXPECT_THAT(lab({1, 1, 1}),
                testing::ElementsAre(testing::DoubleNear(100, 0.1), testing::DoubleNear(0, 0.1),
                                     testing::DoubleNear(0, 0.1)));
    EXPECT_NEAR(lab({0, 0, 0})[0], 0, 1e-6);
    // The published values of sRGB's red.
    EXPECT_NEAR(lab({1, 0, 0})[0], 53.2, 0.2);
    EXPECT_NEAR(lab({1, 0, 0})[1], 80.1, 0.3);
    EXPECT_NEAR(lab({1, 0, 0})[2], 67.2, 0.3);
    EXPECT_NEAR(difference({50, 3, 0}, {50, 0, 4}), 5, 1e-9);
}

TEST(Colours, ThatAreRightAreRight) {
    const auto verdict = judge_colours(chart([](auto light) { return light; }), size, whole, 0);
    EXPECT_EQ(verdict.patches.size(), 24U);
    EXPECT_LT(verdict.mean_off(), 2);
    EXPECT_LT(verdict.largest_grey_chroma(), 2);
}

TEST(Colours, LessLightIsNoOtherColour) {
    const auto verdict = judge_colours(chart([](auto light) {
                                           for (auto& value : light) {
                                               value *= 0.6;
                                           }
                                           return light;
                                       }),
                                       size, whole, 0);
    EXPECT_LT(verdict.mean_off(), 3);
}

TEST(Colours, AColourCastIsFoundInTheGreys) {
    const auto verdict = judge_colours(chart([](auto light) {
                                           light[2] *= 0.7;
                                           return light;
                                       }),
                                       size, whole, 0);
    EXPECT_GT(verdict.largest_grey_chroma(), 8);
}

TEST(Colours, SwappedOnesAreFound) {
    const auto verdict = judge_colours(chart([](auto light) {
                                           std::swap(light[0], light[2]);
                                           return light;
                                       }),
                                       size, whole, 0);
    EXPECT_LT(verdict.largest_grey_chroma(), 2);
    EXPECT_GT(verdict.mean_off(), 20);
}

TEST(Colours, OfAPictureWithoutTheChartAreWrong) {
    const auto verdict =
        judge_colours(chart([](auto light) { return light; }), size,
                      {.left = 400, .top = 300, .step_x = 0.25, .step_y = 0.25}, 0);
    EXPECT_TRUE(verdict.patches.empty());
    EXPECT_FALSE(verdict.largest_grey_chroma() <= 1e9);
    EXPECT_FALSE(verdict.mean_off() <= 1e9);
}

} // namespace
} // namespace judge
