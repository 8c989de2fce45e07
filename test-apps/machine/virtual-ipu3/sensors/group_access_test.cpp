// SPDX-License-Identifier: GPL-2.0-or-later
// Register groups that are written at once.
#include "machine/virtual-ipu3/sensors/sensor_bench.hpp"

#include <gtest/gtest.h>

namespace ipu3::sensors {
namespace {

using bench::Bench;

TEST(GroupAccess, HoldsWritesUntilTheLaunch) {
    const Bench bench{"ov5693"};
    bench.write(0x3500, 0x000640, 3);
    bench.write(0x3208, 0x00);
    bench.write(0x3500, 0x000c80, 3);
    EXPECT_EQ(bench.read(0x3500, 3), 0x000640U);
    bench.write(0x3208, 0x10);
    EXPECT_EQ(bench.read(0x3500, 3), 0x000640U);
    bench.write(0x3208, 0xa0);
    EXPECT_EQ(bench.read(0x3500, 3), 0x000c80U);
}

TEST(GroupAccess, IsBoundedAndKeepsToItsGroups) {
    const Bench bench{"ov5693"};
    bench.write(0x3208, 0x07); // no such group
    bench.write(0x3612, 1);
    EXPECT_EQ(bench.read(0x3612), 1U);
    bench.write(0x3208, 0x01);
    for (unsigned i = 0; i < 1000; ++i) {
        bench.write(static_cast<std::uint16_t>(0x6000 + i), 0xff);
    }
    bench.write(0x3208, 0x11);
    EXPECT_EQ(bench.traced("group-overflow"), 1000U - 256U);
    bench.write(0x3208, 0xa1);
    EXPECT_EQ(bench.read(0x60ff), 0xffU);
    EXPECT_EQ(bench.read(0x6100), 0U);
}

TEST(GroupAccess, MayResetTheSensorItself) {
    Bench bench{"ov5693"};
    bench.write(0x3208, 0x00);
    bench.write(0x0100, 1);
    bench.write(0x0103, 1);
    bench.write(0x3612, 5);
    bench.write(0x300a, 5);
    bench.write(0x3208, 0xa0);
    EXPECT_FALSE(bench.sensor->streaming());
    EXPECT_EQ(bench.read(0x3612), 5U);
    EXPECT_EQ(bench.read(0x300a, 2), 0x5690U);
}

} // namespace
} // namespace ipu3::sensors
