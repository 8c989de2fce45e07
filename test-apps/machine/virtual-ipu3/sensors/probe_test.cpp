// SPDX-License-Identifier: GPL-2.0-or-later
// What a driver reads before it streams.
#include "machine/virtual-ipu3/sensors/sensor_bench.hpp"

#include <gtest/gtest.h>

namespace ipu3::sensors {
namespace {

using bench::Bench;

TEST(Probe, ChipIdsAreWhatTheDriversExpect) {
    EXPECT_EQ(Bench{"ov5693"}.read(0x300a, 2), 0x5690U);
    EXPECT_EQ(Bench{"ov5670"}.read(0x300a, 3, true), 0x005670U);
    const Bench ov8865{"ov8865"};
    EXPECT_EQ(ov8865.read(0x300a), 0x00U);
    EXPECT_EQ(ov8865.read(0x300b), 0x88U);
    EXPECT_EQ(ov8865.read(0x300c), 0x65U);
}

TEST(Probe, SabotageIsOneWrongBitInTheChipId) {
    for (const auto& entry : catalogue()) {
        const Bench good{entry.model};
        const Bench bad{entry.model, true};
        const unsigned bytes = entry.model == "ov8865" || entry.model == "ov5670" ? 3 : 2;
        EXPECT_EQ(good.read(0x300a, bytes) ^ bad.read(0x300a, bytes), 1U) << entry.model;
        bad.write(0x0103, 1);
        EXPECT_EQ(good.read(0x300a, bytes) ^ bad.read(0x300a, bytes), 1U) << "after a reset, too";
    }
}

TEST(Probe, ChipIdIsReadOnly) {
    const Bench bench{"ov5693"};
    bench.write(0x300a, 0x1234, 2);
    EXPECT_EQ(bench.read(0x300a, 2), 0x5690U);
}

TEST(Registers, AreMemoryUntilTheSoftwareReset) {
    const Bench bench{"ov5693"};
    bench.write(0x3612, 0x80);
    bench.write(0x3500, 0x012340, 3);
    EXPECT_EQ(bench.read(0x3612), 0x80U);
    EXPECT_EQ(bench.read(0x3500, 3), 0x012340U);
    bench.stream(true);
    bench.stream(false);
    EXPECT_EQ(bench.read(0x3612), 0x80U) << "standby keeps them";
    bench.write(0x0103, 0);
    EXPECT_EQ(bench.read(0x3612), 0x80U) << "a write without the bit does nothing";
    bench.write(0x0103, 1);
    EXPECT_EQ(bench.read(0x3612), 0U);
    EXPECT_EQ(bench.read(0x0103), 0U) << "clears itself";
    EXPECT_EQ(bench.read(0x3402, 2), 1024U) << "reset value";
}

} // namespace
} // namespace ipu3::sensors
