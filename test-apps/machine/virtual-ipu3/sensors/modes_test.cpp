// SPDX-License-Identifier: GPL-2.0-or-later
// Each mode of each driver, from the driver's register writes to the frames that come out.
#include "machine/virtual-ipu3/sensors/sensor_bench.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <gtest/gtest.h>

namespace ipu3::sensors {
namespace {

using namespace std::chrono_literals;

class Modes : public testing::TestWithParam<bench::Mode> {};

TEST_P(Modes, AreReadOutAsTheDriverSays) {
    const auto& mode = GetParam();
    bench::Bench bench{mode.model};
    bench.write(mode.registers);
    bench.stream(true);
    bench.clock.advance(1s);

    ASSERT_FALSE(bench.scene.readouts.empty());
    const auto& readout = bench.scene.readouts.front();
    EXPECT_EQ(readout.output, mode.size);
    EXPECT_EQ(readout.order, mode.order);
    EXPECT_EQ(readout.left, mode.left);
    EXPECT_EQ(readout.top, mode.top);
    EXPECT_EQ(readout.step_x, mode.step_x);
    EXPECT_EQ(readout.step_y, mode.step_y);
    EXPECT_FALSE(readout.flip_x);
    EXPECT_FALSE(readout.flip_y);
    EXPECT_LE(readout.left + readout.output.width * readout.step_x, readout.array.width);
    EXPECT_LE(readout.top + readout.output.height * readout.step_y, readout.array.height);
    EXPECT_EQ(bench.traced("clamped"), 0U) << "the driver's own values are within bounds";

    EXPECT_EQ(bench.receiver.last.image.size, mode.size);
    EXPECT_EQ(bench.receiver.last.lines_sent, mode.size.height);
    EXPECT_EQ(bench.receiver.last.type, cio2::DataType::raw10);
}

TEST_P(Modes, RunAtTheirNominalRate) {
    const auto& mode = GetParam();
    bench::Bench bench{mode.model};
    bench.write(mode.registers);
    bench.stream(true);
    // Over ten frames, so that a nanosecond of rounding does not decide.
    bench.clock.advance(std::chrono::duration_cast<sim::Duration>(
        std::chrono::duration<double>{11.5 / mode.frames_per_second}));
    const auto& starts = bench.receiver.start_times;
    ASSERT_GE(starts.size(), 11U);
    const auto seconds = std::chrono::duration<double>{starts[10] - starts[0]}.count();
    EXPECT_NEAR(10 / seconds, mode.frames_per_second, mode.frames_per_second * 2e-4);

    // The last line ends before the next frame begins.
    const auto readout = bench.receiver.end_times[0] - starts[0];
    const auto share = std::chrono::duration<double>{readout}.count() * mode.frames_per_second;
    EXPECT_LT(share, 1.0);
    EXPECT_GT(share, 0.1);
}

std::string mode_name(const testing::TestParamInfo<bench::Mode>& info) {
    std::string name = std::string{info.param.model} + '_' + std::string{info.param.name};
    std::ranges::replace_if(name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Drivers, Modes, testing::ValuesIn(bench::modes()), mode_name);

/// The rates that the drivers report (get_frame_interval, or from their pixel rate), where the
/// sensor's clock agrees with them.
TEST(NominalRates, AreTheDrivers) {
    EXPECT_NEAR(bench::mode_of("ov5693", "2592x1944").frames_per_second, 30, 0.5);
    EXPECT_NEAR(bench::mode_of("ov5693", "1296x972").frames_per_second, 60, 0.5);
    EXPECT_NEAR(bench::mode_of("ov8865", "1632x1224").frames_per_second, 30, 0.5);
    EXPECT_NEAR(bench::mode_of("ov8865", "800x600").frames_per_second, 90, 0.5);
    EXPECT_NEAR(bench::mode_of("ov5670", "2592x1944").frames_per_second,
                422.4e6 * 2 * 2 / 10 / (2724.0 * 2056), 0.1);
    // ov8865.c doubles HTS of its large modes over the sensor's usual 1944 system clocks.
    EXPECT_NEAR(bench::mode_of("ov8865", "3264x2448").frames_per_second, 15, 0.5);
}

/// The clock trees: changing one factor changes the rate by that factor.
TEST(PixelClock, FollowsThePllRegisters) {
    struct Case {
        std::string_view model;
        std::string_view mode;
        std::uint16_t address;
        std::uint8_t value;
        double factor;
    };
    constexpr std::array cases{
        Case{"ov5693", "1296x972", 0x30b3, 0x83 / 2, 65.0 / 131},
        Case{"ov5693", "1296x972", 0x30b4, 0x06, 0.5},
        Case{"ov8865", "1632x1224", 0x030d, 150, 2},
        Case{"ov8865", "1632x1224", 0x030c, 0x01, (256 + 75.0) / 75},
        Case{"ov8865", "1632x1224", 0x030b, 0x05, 0.5},
        Case{"ov8865", "1632x1224", 0x030b, 0x01, 2 / 1.5},
        Case{"ov8865", "1632x1224", 0x030e, 0x05, 1 / 3.5},
        Case{"ov8865", "1632x1224", 0x030f, 0x04, 2},
        Case{"ov8865", "1632x1224", 0x0312, 0x11, 0.5},
        Case{"ov8865", "1632x1224", 0x3106, 0x05, 0.5},
        Case{"ov8865", "1632x1224", 0x3106, 0x31, 1 / 3.0},
        Case{"ov8865", "1632x1224", 0x3033, 0x26, 360.0 / 72}, // DAC_CLK
        Case{"ov8865", "1632x1224", 0x3032, 0x00, 90.0 / 72},  // 720 MHz of PLL1 over 4 and 2
        Case{"ov5670", "2592x1944", 0x030d, 0x4c, 2},
    };
    for (const auto& test : cases) {
        bench::Bench bench{test.model};
        bench.write(bench::mode_of(test.model, test.mode).registers);
        const double before = bench.sensor->readout().settings.pixel_clock;
        bench.write(test.address, test.value);
        EXPECT_NEAR(bench.sensor->readout().settings.pixel_clock / before, test.factor, 1e-9)
            << test.model << ' ' << std::hex << test.address;
    }
}

} // namespace
} // namespace ipu3::sensors
