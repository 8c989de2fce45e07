// SPDX-License-Identifier: GPL-2.0-or-later
// Guests that write nonsense.
#include "machine/virtual-ipu3/sensors/sensor_bench.hpp"

#include <algorithm>
#include <chrono>
#include <gtest/gtest.h>
#include <random>
#include <string>

namespace ipu3::sensors {
namespace {

using namespace std::chrono_literals;
using bench::Bench;

constexpr sim::Duration small_period{16639695}; // of ov5693 1296x972

TEST(Hostile, StreamingFromResetValuesIsBounded) {
    for (const auto& entry : catalogue()) {
        Bench bench{entry.model};
        bench.stream(true);
        bench.clock.advance(100ms);
        EXPECT_LE(bench.receiver.starts.size(), 101U) << entry.model;
        EXPECT_GE(bench.receiver.starts.size(), 1U) << entry.model;
        EXPECT_EQ(bench.lines.size(), 2U) << "one line for the start, one for what was clamped";
    }
}

TEST(Hostile, WholeRegisterSpaceOfOneValue) {
    for (const auto& entry : catalogue()) {
        for (const unsigned value : {0x00U, 0x01U, 0x7fU, 0x80U, 0xffU}) {
            Bench bench{entry.model};
            for (unsigned address = 0x0300; address < 0x6000; ++address) {
                if (address != 0x3208) {
                    bench.write(static_cast<std::uint16_t>(address), value);
                }
            }
            bench.stream(true);
            bench.clock.advance(10ms);
            const auto sane = bench.sensor->readout();
            EXPECT_GE(sane.timing.period, 1ms);
            EXPECT_LE(sane.settings.output.width, sane.settings.array.width);
            EXPECT_LE(bench.receiver.starts.size(), 11U);
        }
    }
}

TEST(Hostile, RandomRegistersNeverRunAway) {
    std::mt19937 random{7};
    std::uniform_int_distribution<unsigned> byte{0, 255};
    for (const auto& entry : catalogue()) {
        Bench bench{entry.model};
        for (unsigned round = 0; round < 300; ++round) {
            for (const unsigned base : {0x0300U, 0x3020U, 0x3098U, 0x30b0U, 0x3100U, 0x3500U,
                                        0x3800U, 0x3820U, 0x3841U, 0x5000U, 0x5900U, 0x5e00U}) {
                for (unsigned offset = 0; offset < 0x20; ++offset) {
                    bench.write(static_cast<std::uint16_t>(base + offset), byte(random));
                }
            }
            const auto sane = bench.sensor->readout();
            const auto& settings = sane.settings;
            ASSERT_LE(settings.left + settings.output.width * settings.step_x,
                      settings.array.width);
            ASSERT_LE(settings.top + settings.output.height * settings.step_y,
                      settings.array.height);
            ASSERT_GT(sane.timing.period, sane.timing.readout);
            ASSERT_GE(sane.timing.period, 1ms);
            ASSERT_LE(sane.timing.period, 5000s);
        }
    }
}

TEST(Hostile, ClampsAreTracedOnceUntilTheyChange) {
    Bench bench{"ov5693"};
    bench.start("1296x972");
    bench.write(0x380e, 10, 2);
    bench.clock.advance(10 * small_period);
    const auto clamped = std::ranges::count_if(bench.lines, [](const std::string& line) {
        return line.find("clamped") != std::string::npos;
    });
    EXPECT_EQ(clamped, 1);
    EXPECT_GT(bench.traced("clamped"), 5U);
}

} // namespace
} // namespace ipu3::sensors
