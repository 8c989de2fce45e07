// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/scene/sensor_scene.hpp"

#include "lib/frames/bayer.hpp"
#include "machine/virtual-ipu3/scene/bars_field.hpp"
#include "machine/virtual-ipu3/scene/sensor_response.hpp"
#include "machine/virtual-ipu3/scene/test_fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

namespace {

using frames::BayerOrder;
using frames::RawImage;
using frames::Size;
using ipu3::scene::BarsField;
using ipu3::scene::CoordinateField;
using ipu3::scene::FlatField;
using ipu3::scene::Light;
using ipu3::scene::Readout;
using ipu3::scene::SensorScene;
using testing::Each;
using Seconds = std::chrono::duration<double>;

Readout readout_of(Size array) {
    Readout readout;
    readout.array = array;
    readout.output = array;
    readout.exposure = Seconds{1.0 / 30};
    return readout;
}

RawImage render(SensorScene& scene, const Readout& readout) {
    RawImage image;
    scene.render(readout, image);
    EXPECT_EQ(image.size, readout.output);
    EXPECT_EQ(image.order, readout.order);
    EXPECT_EQ(image.pixels.size(), std::size_t{readout.output.width} * readout.output.height);
    return image;
}

RawImage flat(Light light, const Readout& readout, std::optional<std::uint64_t> seed = {}) {
    SensorScene scene{std::make_unique<FlatField>(light), seed};
    return render(scene, readout);
}

TEST(Response, TheCalibrationHolds) {
    auto readout = readout_of({2, 2});
    readout.order = BayerOrder::rggb;
    const auto white = flat({1, 1, 1}, readout);
    EXPECT_THAT(white.pixels, testing::ElementsAre(16 + 420, 16 + 700, 16 + 700, 16 + 504));
    EXPECT_THAT(flat({0, 0, 0}, readout).pixels, Each(16));
    EXPECT_THAT(flat({3, 3, 3}, readout).pixels, Each(1023));
}

TEST(Response, IsProportionalToExposureTimesGainUntilItClips) {
    auto readout = readout_of({2, 2});
    readout.order = BayerOrder::grey;
    for (const double milliseconds : {0.0, 1.0, 5.0, 10.0, 33.0}) {
        for (const double gain : {1.0, 1.5, 4.0, 16.0}) {
            readout.exposure = Seconds{milliseconds / 1000};
            readout.gain = gain;
            const double signal = 21000.0 * milliseconds / 1000 * gain * 0.2;
            const double expected = std::min(1023.0, 16 + signal);
            EXPECT_NEAR(flat({0, 0.2F, 0}, readout).pixels[0], expected, 1.0);
        }
    }
}

TEST(Response, NonsenseFromTheRegistersIsHarmless) {
    auto readout = readout_of({4, 4});
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    for (const double bad : {nan, infinity, -infinity, -1.0, 1e300}) {
        readout.gain = bad;
        readout.exposure = Seconds{0.01};
        EXPECT_THAT(flat({1, 1, 1}, readout, 1).pixels, Each(testing::Le(1023)));
        readout.gain = 1;
        readout.exposure = Seconds{bad};
        EXPECT_THAT(flat({1, 1, 1}, readout, 1).pixels, Each(testing::Le(1023)));
    }
    readout.black_level = 0xffffffff;
    EXPECT_THAT(flat({0, 0, 0}, readout).pixels, Each(1023));
}

struct Statistics {
    double mean;
    double deviation;
};

Statistics statistics(const RawImage& image) {
    const auto count = static_cast<double>(image.pixels.size());
    const double mean = std::accumulate(image.pixels.begin(), image.pixels.end(), 0.0) / count;
    double squares = 0;
    for (const auto value : image.pixels) {
        squares += (value - mean) * (value - mean);
    }
    return {mean, std::sqrt(squares / count)};
}

TEST(Noise, IsShotAndReadNoiseOfTheModel) {
    auto readout = readout_of({400, 300});
    readout.order = BayerOrder::grey;
    for (const double gain : {1.0, 4.0}) {
        readout.gain = gain;
        readout.exposure = Seconds{1.0 / 30 / gain};
        const auto [mean, deviation] = statistics(flat({0, 0.5F, 0}, readout, 1));
        const double variance = 350 * gain / 4.9 + std::pow(2.5 / 4.9 * gain, 2) + 1.0 / 12;
        EXPECT_NEAR(mean, 16 + 350, 0.3);
        EXPECT_NEAR(deviation, std::sqrt(variance), 0.02 * std::sqrt(variance));
    }
}

TEST(Noise, BinningLowersIt) {
    auto readout = readout_of({800, 600});
    readout.order = BayerOrder::grey;
    const double full = statistics(flat({0, 0.5F, 0}, readout, 1)).deviation;
    readout.step_x = readout.step_y = 2;
    readout.output = {400, 300};
    EXPECT_NEAR(statistics(flat({0, 0.5F, 0}, readout, 1)).deviation, full / 2, full * 0.03);
}

TEST(Noise, IsTheSameForASeedAndAnotherForEachFrameLineAndSeed) {
    auto readout = readout_of({200, 20});
    const auto first = flat({1, 1, 1}, readout, 7);
    EXPECT_EQ(first.pixels, flat({1, 1, 1}, readout, 7).pixels);
    EXPECT_NE(first.pixels, flat({1, 1, 1}, readout, 8).pixels);
    EXPECT_FALSE(std::ranges::equal(first.line(0), first.line(2)));
    readout.frame = 1;
    EXPECT_NE(first.pixels, flat({1, 1, 1}, readout, 7).pixels);
}

TEST(Noise, LinesLongerThanARunAreNoiseToTheirEnd) {
    auto readout = readout_of({40000, 1});
    readout.order = BayerOrder::grey;
    const auto image = flat({0, 0.5F, 0}, readout, 3);
    const auto tail = std::span{image.pixels}.last(1000);
    EXPECT_GT(*std::ranges::max_element(tail) - *std::ranges::min_element(tail), 20);
}

/// What each bar's channel must give, by SMPTE's order of colours.
std::uint16_t expected_bar(unsigned bar, frames::Channel channel, double scale) {
    constexpr std::array<std::array<bool, 3>, 8> bars{{{true, true, true},
                                                       {true, true, false},
                                                       {false, true, true},
                                                       {false, true, false},
                                                       {true, false, true},
                                                       {true, false, false},
                                                       {false, false, true},
                                                       {false, false, false}}};
    constexpr std::array sensitivity{0.60, 1.0, 0.72};
    const auto c = static_cast<std::size_t>(channel);
    const double light = bars.at(bar).at(c) ? 0.75 * sensitivity.at(c) : 0.0;
    return static_cast<std::uint16_t>(std::lround(16 + light * scale));
}

TEST(Bars, EachColourLandsOnItsSitesInEveryOrderAndFlip) {
    for (const auto order : {BayerOrder::bggr, BayerOrder::gbrg, BayerOrder::grbg, BayerOrder::rggb,
                             BayerOrder::grey}) {
        for (const bool flip_x : {false, true}) {
            for (const bool flip_y : {false, true}) {
                auto readout = readout_of({64, 6});
                readout.order = order;
                readout.flip_x = flip_x;
                readout.flip_y = flip_y;
                SensorScene scene{std::make_unique<BarsField>(), std::nullopt};
                const auto image = render(scene, readout);
                for (unsigned y = 0; y < 6; ++y) {
                    for (unsigned x = 0; x < 64; ++x) {
                        const unsigned bar = (flip_x ? 63 - x : x) / 8;
                        ASSERT_EQ(image.line(y)[x],
                                  expected_bar(bar, frames::bayer_channel(order, x, y), 700))
                            << x << ',' << y;
                    }
                }
            }
        }
    }
}

TEST(Bars, HaveNoNoise) {
    SensorScene scene{std::make_unique<BarsField>(), std::nullopt};
    auto readout = readout_of({64, 6});
    const auto first = render(scene, readout);
    readout.frame = 9;
    readout.time = Seconds{3.3};
    EXPECT_EQ(first.pixels, render(scene, readout).pixels);
}

TEST(Geometry, ColumnsAndLinesOfTheArray) {
    auto readout = readout_of({100, 8});
    SensorScene scene{std::make_unique<CoordinateField>(), std::nullopt};
    readout.order = BayerOrder::grey;
    readout.black_level = 0;
    readout.exposure = Seconds{100.0 / 21000};   // light 9 is 900
    const auto number = [](double x, double y) { // of array coordinates
        return std::round(100 * (x / 100 + 8 * y / 8));
    };
    EXPECT_NEAR(render(scene, readout).line(3)[70], number(70.5, 3.5), 1);

    readout.flip_x = true;
    EXPECT_NEAR(render(scene, readout).line(3)[70], number(29.5, 3.5), 1);
    readout.flip_y = true;
    EXPECT_NEAR(render(scene, readout).line(3)[70], number(29.5, 4.5), 1);

    // A window: its flips reverse the order within it, not its place.
    readout.left = 20;
    readout.top = 2;
    readout.output = {40, 4};
    EXPECT_NEAR(render(scene, readout).line(0)[0], number(59.5, 5.5), 1);
    readout.flip_x = readout.flip_y = false;
    EXPECT_NEAR(render(scene, readout).line(0)[0], number(20.5, 2.5), 1);

    // Binning: the mean of its pixels, so the middle of them.
    readout.step_x = 2;
    readout.step_y = 4;
    readout.output = {20, 1};
    EXPECT_NEAR(render(scene, readout).line(0)[10], number(41, 4), 1);
}

TEST(Geometry, AFieldOfAnotherShapeCoversTheArray) {
    SensorScene scene{std::make_unique<CoordinateField>(4.0F / 3.0F), std::nullopt};
    Readout readout = readout_of({160, 90});
    readout.order = BayerOrder::grey;
    readout.black_level = 0;
    readout.exposure = Seconds{100.0 / 21000};
    const auto image = render(scene, readout);
    // As wide as the field, and its middle three quarters of height.
    EXPECT_NEAR(image.line(45)[159] - image.line(45)[0], 100 * 159.0 / 160, 2);
    EXPECT_NEAR(image.line(89)[0] - image.line(0)[0], 800 * 0.75 * 89 / 90, 2);
}

TEST(Geometry, OddEmptyAndImpossibleReadoutsAreDrawn) {
    SensorScene scene{std::make_unique<CoordinateField>(1.5F), 1};
    for (const Size array : {Size{0, 0}, Size{1, 1}, Size{7, 5}, Size{100, 80}}) {
        for (const Size output : {Size{0, 0}, Size{0, 5}, Size{5, 0}, Size{1, 1}, Size{13, 9}}) {
            for (const unsigned place : {0U, 3U, 99U, 0xffffffffU}) {
                for (const unsigned step : {0U, 1U, 3U, 0xffffffffU}) {
                    auto readout = readout_of(array);
                    readout.output = output;
                    readout.left = readout.top = place;
                    readout.step_x = readout.step_y = step;
                    readout.flip_x = step == 3;
                    const auto image = render(scene, readout);
                    EXPECT_THAT(image.pixels, Each(testing::Le(1023)));
                }
            }
        }
    }
}

TEST(Geometry, BeyondTheArrayItsEdgeGoesOn) {
    SensorScene scene{std::make_unique<CoordinateField>(), std::nullopt};
    auto readout = readout_of({10, 10});
    readout.order = BayerOrder::grey;
    readout.exposure = Seconds{100.0 / 21000};
    readout.output = {20, 12};
    const auto image = render(scene, readout);
    EXPECT_EQ(image.line(0)[19], image.line(0)[9]);
    EXPECT_EQ(image.line(11)[3], image.line(9)[3]);
}

TEST(Geometry, AChangeIsSeenAtOnce) {
    SensorScene scene{std::make_unique<BarsField>(), std::nullopt};
    auto readout = readout_of({64, 4});
    const auto wide = render(scene, readout);
    readout.left = 32;
    readout.output = {32, 4};
    const auto half = render(scene, readout);
    EXPECT_EQ(half.line(1)[0], wide.line(1)[32]);
    readout = readout_of({64, 4});
    EXPECT_EQ(render(scene, readout).pixels, wide.pixels);
}

TEST(Geometry, AFrameBeyondAnySensorIsRefused) {
    SensorScene scene{std::make_unique<BarsField>(), std::nullopt};
    auto readout = readout_of({64, 4});
    readout.output = {65535, 65535};
    RawImage image;
    EXPECT_THROW(scene.render(readout, image), std::length_error);
}

} // namespace
