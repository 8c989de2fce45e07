// SPDX-License-Identifier: GPL-2.0-or-later
// Colour order and flips.
#include "machine/virtual-ipu3/sensors/sensor_bench.hpp"

#include <gtest/gtest.h>
#include <string_view>

namespace ipu3::sensors {
namespace {

using bench::Bench;
using enum frames::BayerOrder;

TEST(Flip, AsTheDriversSetItKeepsTheOrder) {
    struct Case {
        std::string_view model;
        std::string_view mode;
        std::uint8_t vertical;
        std::uint8_t horizontal;
    };
    for (const auto& test :
         {Case{"ov5693", "1296x972", 0x42, 0x06}, Case{"ov8865", "1632x1224", 0x06, 0x06}}) {
        Bench bench{test.model};
        const auto& mode = bench::mode_of(test.model, test.mode);
        bench.write(mode.registers);
        bench.write(0x3820, bench.read(0x3820) | test.vertical);
        auto settings = bench.sensor->readout().settings;
        EXPECT_TRUE(settings.flip_y);
        EXPECT_FALSE(settings.flip_x);
        EXPECT_EQ(settings.order, mode.order);
        bench.write(0x3821, bench.read(0x3821) | test.horizontal);
        settings = bench.sensor->readout().settings;
        EXPECT_TRUE(settings.flip_x);
        EXPECT_EQ(settings.order, mode.order);
    }
}

TEST(Flip, OfTheArrayAloneTurnsTheOrder) {
    Bench bench{"ov8865"};
    bench.write(bench::mode_of("ov8865", "1632x1224").registers);
    bench.write(0x3821, 0x42);
    EXPECT_EQ(bench.sensor->readout().settings.order, gbrg);
    bench.write(0x3820, 0x02);
    EXPECT_EQ(bench.sensor->readout().settings.order, rggb);
    bench.write(0x3821, 0x40);
    EXPECT_EQ(bench.sensor->readout().settings.order, grbg);
}

TEST(Order, FollowsTheFirstPixelOfTheWindow) {
    Bench bench{"ov5693"};
    bench.write(bench::mode_of("ov5693", "1296x972").registers);
    bench.write(0x3800, 17, 2);
    EXPECT_EQ(bench.sensor->readout().settings.order, gbrg);
    bench.write(0x3802, 7, 2);
    EXPECT_EQ(bench.sensor->readout().settings.order, rggb);
    bench.write(0x3810, 1, 2);
    EXPECT_EQ(bench.sensor->readout().settings.order, grbg);
}

TEST(Order, ShiftsAndFlipsOfEveryKind) {
    for (const auto order : {bggr, gbrg, grbg, rggb}) {
        EXPECT_EQ(shifted_order(order, 2, 4), order);
        EXPECT_EQ(shifted_order(shifted_order(order, 1, 0), 3, 0), order);
        EXPECT_EQ(shifted_order(shifted_order(order, 0, 1), 0, 1), order);
        EXPECT_EQ(flipped_order(order, {3, 3}, {.flipped = true}, {.flipped = true}), order)
            << "an odd extent ends with the colour it began with";
    }
    EXPECT_EQ(shifted_order(bggr, 1, 1), rggb);
    EXPECT_EQ(shifted_order(grbg, 1, 0), rggb);
    EXPECT_EQ(shifted_order(grey, 1, 1), grey);
}

} // namespace
} // namespace ipu3::sensors
