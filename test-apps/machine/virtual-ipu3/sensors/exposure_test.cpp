// SPDX-License-Identifier: GPL-2.0-or-later
// Exposure, gain and frame length: their formats, and when they take effect.
#include "machine/virtual-ipu3/sensors/sensor_bench.hpp"

#include <array>
#include <chrono>
#include <gtest/gtest.h>
#include <string_view>

namespace ipu3::sensors {
namespace {

using namespace std::chrono_literals;
using bench::Bench;

constexpr sim::Duration small_period{16639695}; // of ov5693 1296x972

TEST(Exposure, IsSixteenthsOfALine) {
    Bench bench{"ov5693"};
    bench.write(bench::mode_of("ov5693", "1296x972").registers);
    bench.write(0x3500, (500U << 4U) | 8U, 3);
    bench.stream(true);
    bench.into_next_frame();
    const double line = 2688 / 167.68e6;
    EXPECT_NEAR(bench.scene.readouts[0].exposure.count(), 500.5 * line, 1e-9);
    EXPECT_EQ(bench.scene.readouts[0].black_level, 64U);
}

TEST(Exposure, IsTheSameOfASlowSensorAndItsFramesAreNot) {
    Bench usual{"ov5693"};
    Bench slow{"ov5693", Bench::Slow{8}};
    for (auto* const bench : {&usual, &slow}) {
        bench->write(bench::mode_of("ov5693", "1296x972").registers);
        bench->write(0x3500, 500U << 4U, 3);
        bench->stream(true);
        bench->into_next_frame();
        bench->into_next_frame();
    }
    EXPECT_EQ(slow.scene.readouts[1].exposure, usual.scene.readouts[1].exposure);
    const auto period = [](const Bench& bench) {
        return bench.receiver.start_times[1] - bench.receiver.start_times[0];
    };
    EXPECT_EQ(period(usual), small_period);
    EXPECT_EQ(period(slow), 8 * small_period);
    const auto readout = [](const Bench& bench) {
        return bench.receiver.end_times[0] - bench.receiver.start_times[0];
    };
    EXPECT_EQ(readout(slow), 8 * readout(usual));
}

TEST(Exposure, TakesTwoFramesAndGainOne) {
    Bench bench{"ov5693"};
    bench.write(bench::mode_of("ov5693", "1296x972").registers);
    bench.write(0x3500, 100U << 4U, 3);
    bench.write(0x350a, 16U << 4U, 2);
    bench.stream(true);
    bench.into_next_frame(); // frame 0
    bench.write(0x3500, 200U << 4U, 3);
    bench.write(0x350a, 64U << 4U, 2);
    bench.into_next_frame();
    bench.into_next_frame();
    const auto& readouts = bench.scene.readouts;
    ASSERT_EQ(readouts.size(), 3U);
    EXPECT_EQ(readouts[0].gain, 1.0);
    EXPECT_EQ(readouts[1].gain, 4.0);
    EXPECT_EQ(readouts[1].exposure, readouts[0].exposure);
    EXPECT_NEAR(readouts[2].exposure / readouts[0].exposure, 2.0, 1e-9);
}

TEST(Exposure, VtsStretchesTheNextFrame) {
    Bench bench{"ov5693"};
    bench.start("1296x972");
    bench.into_next_frame();
    bench.write(0x380e, 2 * 1038, 2);
    for (unsigned frame = 0; frame < 3; ++frame) {
        bench.into_next_frame();
    }
    const auto& times = bench.receiver.start_times;
    constexpr auto doubled = 33279389ns;
    EXPECT_EQ(times[1] - times[0], small_period) << "the frame in progress keeps its length";
    EXPECT_EQ(times[2] - times[1], doubled);
    EXPECT_EQ(times[3] - times[2], doubled);
}

TEST(Gain, OfEachModelIsInItsOwnFormat) {
    struct Case {
        std::string_view model;
        std::uint16_t address;
        std::uint32_t value;
        double gain;
    };
    constexpr std::array cases{
        Case{"ov5693", 0x350a, 16U << 4U, 1},
        Case{"ov5693", 0x350a, 127U << 4U, 127.0 / 16},
        Case{"ov5693", 0x350a, 8U << 4U, 1}, // no amplifier below 1
        Case{"ov5693", 0x3402, 2048, 2},
        Case{"ov8865", 0x3508, 128, 1},
        Case{"ov8865", 0x3508, 2048, 16},
        Case{"ov8865", 0x501a, 0x2000, 2},
        Case{"ov8865", 0x501a, 0x1020, 1 + 32.0 / 1024},
        Case{"ov5670", 0x3508, 128, 1},
        Case{"ov5670", 0x3508, 8191, 8191.0 / 128},
        Case{"ov5670", 0x5034, 4095, 4095.0 / 1024},
    };
    for (const auto& test : cases) {
        Bench bench{test.model};
        EXPECT_EQ(bench.sensor->readout().settings.gain, 1.0) << test.model;
        bench.write(test.address, test.value, 2);
        EXPECT_DOUBLE_EQ(bench.sensor->readout().settings.gain, test.gain)
            << test.model << ' ' << std::hex << test.address << ' ' << test.value;
    }
}

} // namespace
} // namespace ipu3::sensors
