// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sensors/readout_limits.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

namespace ipu3::sensors {
namespace {

using namespace std::chrono_literals;

ReadoutSettings usual() {
    return {.array = {2624, 1956},
            .left = 16,
            .top = 6,
            .output = {2592, 1944},
            .pixel_clock = 167.68e6,
            .hts = 2688,
            .vts = 2078,
            .exposure_lines = 100};
}

TEST(ReadoutLimits, TheUsualIsLeftAlone) {
    const auto sane = make_sane(usual());
    EXPECT_EQ(sane.clamped, "");
    EXPECT_EQ(sane.settings.left, 16U);
    EXPECT_EQ(sane.timing.line, 16031ns);
    EXPECT_EQ(sane.timing.period, 33311450ns);
    EXPECT_EQ(sane.timing.readout, 31163359ns);
}

TEST(ReadoutLimits, AllZeroIsStillAFrame) {
    auto settings = ReadoutSettings{.array = {656, 496}, .step_x = 0, .step_y = 0};
    const auto sane = make_sane(settings);
    EXPECT_EQ(sane.settings.output, (frames::Size{2, 2}));
    EXPECT_EQ(sane.settings.step_x, 1U);
    EXPECT_EQ(sane.clamped, "width step-x height step-y pixel-clock hts vts period");
    EXPECT_GE(sane.timing.period, 1ms);
    EXPECT_GT(sane.timing.period, sane.timing.readout);
}

TEST(ReadoutLimits, AllOnesIsStillAFrame) {
    constexpr unsigned huge = std::numeric_limits<std::uint16_t>::max();
    auto settings = usual();
    settings.left = 2 * huge;
    settings.top = 2 * huge;
    settings.step_x = huge;
    settings.step_y = huge;
    settings.output = {huge, huge};
    settings.pixel_clock = std::numeric_limits<double>::infinity();
    settings.hts = huge;
    settings.vts = huge;
    settings.exposure_lines = 1e12;
    const auto sane = make_sane(settings);
    EXPECT_EQ(sane.settings.output, settings.array);
    EXPECT_EQ(sane.settings.left, 0U);
    EXPECT_EQ(sane.settings.top, 0U);
    EXPECT_EQ(sane.settings.step_x, 1U);
    EXPECT_EQ(sane.settings.pixel_clock, 1e9);
    EXPECT_EQ(sane.settings.exposure_lines, huge);
}

TEST(ReadoutLimits, NotANumberIsOutOfBounds) {
    auto settings = usual();
    settings.pixel_clock = std::numeric_limits<double>::quiet_NaN();
    settings.exposure_lines = std::numeric_limits<double>::quiet_NaN();
    const auto sane = make_sane(settings);
    EXPECT_EQ(sane.settings.pixel_clock, 1e6);
    EXPECT_EQ(sane.settings.exposure_lines, 0.0);
}

TEST(ReadoutLimits, AFrameIsLongerThanItsLines) {
    auto settings = usual();
    settings.vts = 1944;
    EXPECT_EQ(make_sane(settings).settings.vts, 1945U);
    settings.vts = 1945; // one line of blanking is what ov7251.c allows at the least
    EXPECT_EQ(make_sane(settings).clamped, "");
}

TEST(ReadoutLimits, TheWindowStaysInTheArray) {
    auto settings = usual();
    settings.left = 33;
    const auto moved = make_sane(settings);
    EXPECT_EQ(moved.settings.left, 32U);
    EXPECT_EQ(moved.clamped, "left");

    settings = usual();
    settings.step_x = 4;
    const auto narrowed = make_sane(settings);
    EXPECT_EQ(narrowed.settings.step_x, 1U);
}

TEST(ReadoutLimits, ExposureEndsWithTheFrame) {
    auto settings = usual();
    settings.exposure_lines = 5000;
    EXPECT_EQ(make_sane(settings).settings.exposure_lines, 2078.0);
}

} // namespace
} // namespace ipu3::sensors
