// SPDX-License-Identifier: GPL-2.0-or-later
// Frames through the stock drivers, compared bit by bit.
#include "tests/functional/sensor_modes.hpp"
#include "tests/functional/vm.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <tuple>

namespace tests {
namespace {

void expect_exact(const Vm& vm, const SensorModes& sensor, const SensorMode& mode, unsigned count) {
    const auto dump =
        vm.share() / fmt::format("{}-{}x{}.raw", sensor.sensor, mode.width, mode.height);
    const auto checked = check_frames(dump, sensor.fourcc, mode.width, mode.height);
    EXPECT_EQ(checked.status, 0) << dump << '\n' << describe(checked);
    EXPECT_NE(checked.out.find(fmt::format("frames: {}\n", count)), std::string::npos)
        << describe(checked);
    std::error_code ignored;
    std::filesystem::remove(dump, ignored); // a mode's dump can be gigabytes
}

/// Every mode of one sensor, one boot: (kernel, VT-d, sensor index, frames a mode).
class Capture
    : public testing::TestWithParam<std::tuple<std::string, bool, std::size_t, unsigned>> {};

TEST_P(Capture, EveryPixelOfEveryModeIsRight) {
    const auto& [kernel, vtd, index, count] = GetParam();
    const auto& sensor = all_sensor_modes.at(index);
    Vm vm;
    vm.options({"--kernel", kernel, "--drivers", "stock", "--sensors", sensor.sensor, "--scene",
                "counter", "--pace", "--timeout", "3000"});
    if (vtd) {
        vm.options({"--vtd"});
    }
    std::string sizes;
    for (const auto& mode : sensor.modes) {
        sizes += fmt::format("{}x{} ", mode.width, mode.height);
    }
    expect_script(vm, "capture.sh",
                  {{"SENSOR", std::string{sensor.sensor}},
                   {"SIZES", sizes},
                   {"COUNT", std::to_string(count)}});
    for (const auto& mode : sensor.modes) {
        expect_exact(vm, sensor, mode, count);
    }
}

std::string capture_name(const testing::TestParamInfo<Capture::ParamType>& tested) {
    const auto& [kernel, vtd, index, count] = tested.param;
    return fmt::format("{}_{}_{}_{}frames", kernel, vtd ? "vtd" : "direct",
                       all_sensor_modes.at(index).sensor, count);
}

INSTANTIATE_TEST_SUITE_P(Short, Capture,
                         testing::Values(std::tuple{"newest", true, 0U, 10U},
                                         std::tuple{"stable", false, 2U, 5U}),
                         capture_name);

INSTANTIATE_TEST_SUITE_P(Full, Capture,
                         testing::Combine(testing::Values("stable", "newest"), testing::Bool(),
                                          testing::Range(std::size_t{0}, all_sensor_modes.size()),
                                          testing::Values(300U)),
                         capture_name);

} // namespace
} // namespace tests
