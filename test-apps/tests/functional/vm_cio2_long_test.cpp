// SPDX-License-Identifier: GPL-2.0-or-later
// Long streams through the project's ipu3-cio2 driver: a thousand frames, every pixel compared in
// the guest as they come, so that no disk holds them.
#include "tests/functional/cio2_machine.hpp"

#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <tuple>

namespace tests {
namespace {

using cio2::Machine;

struct Mode {
    std::string sensor;
    std::string fourcc;
    std::string size;
};

const std::array modes{Mode{"ov5693", "ip3b", "2592x1944"}, Mode{"ov8865", "ip3b", "3264x2448"},
                       Mode{"ov5670", "ip3G", "2592x1944"}};

void copy_programs(const Vm& vm) {
    for (const auto* program : {"ipu3-capture", "ipu3-frames"}) {
        std::filesystem::copy_file(programs() / program, vm.share() / program);
    }
}

void expect_a_thousand(const Machine& machine, const Mode& mode, std::string_view memory) {
    Vm vm;
    copy_programs(vm);
    cio2::set_up(vm, machine);
    vm.options({"--sensors", mode.sensor, "--scene", "counter", "--pace"});
    expect_script(vm, "cio2-frames.sh",
                  {{"FRAMES", "1000"},
                   {"SENSOR", mode.sensor},
                   {"FOURCC", mode.fourcc},
                   {"SIZE", mode.size},
                   {"MEMORY", std::string{memory}}});
}

class Cio2Long : public testing::TestWithParam<std::tuple<Mode, std::string>> {};

TEST_P(Cio2Long, AThousandFramesAreRightToTheBit) {
    const auto& [mode, memory] = GetParam();
    expect_a_thousand({.kernel = "stable", .noncoherent = false}, mode, memory);
}

INSTANTIATE_TEST_SUITE_P(Full, Cio2Long,
                         testing::Combine(testing::ValuesIn(modes),
                                          testing::Values("mmap", "userptr", "dmabuf")),
                         [](const auto& tested) {
                             return fmt::format("{}_{}", std::get<0>(tested.param).sensor,
                                                std::get<1>(tested.param));
                         });

// The cache's model takes four times as long.
class Cio2LongWorst : public testing::TestWithParam<Mode> {};

TEST_P(Cio2LongWorst, AThousandFramesAreRightToTheBit) {
    expect_a_thousand({.kernel = "stable"}, GetParam(), "mmap");
}

INSTANTIATE_TEST_SUITE_P(Full, Cio2LongWorst, testing::ValuesIn(modes),
                         [](const auto& tested) { return tested.param.sensor; });

class Cio2Evict : public testing::TestWithParam<Machine> {};

TEST_P(Cio2Evict, EveryKindOfMemoryIsRightWhateverTheCacheEvicts) {
    Vm vm;
    copy_programs(vm);
    cio2::set_up(vm, GetParam());
    vm.options({"--scene", "counter", "--pace"});
    expect_script(vm, "cio2-memory.sh");
}

INSTANTIATE_TEST_SUITE_P(Full, Cio2Evict,
                         testing::Values(Machine{.kernel = "stable", .evict = 1},
                                         Machine{.kernel = "newest", .vtd = true, .evict = 2},
                                         Machine{.kernel = "newest", .vtd = true, .evict = 3},
                                         Machine{.kernel = "newest", .vtd = true, .evict = 4},
                                         Machine{.kernel = "newest", .evict = 5},
                                         Machine{.kernel = "newest", .evict = 6},
                                         Machine{.kernel = "newest", .evict = 7},
                                         Machine{.kernel = "stable", .vtd = true, .evict = 8},
                                         Machine{.kernel = "stable", .vtd = true, .evict = 9},
                                         Machine{.kernel = "stable", .vtd = true, .evict = 10}),
                         [](const auto& tested) { return tested.param.name(); });

class Cio2TwoPorts : public testing::TestWithParam<Machine> {};

TEST_P(Cio2TwoPorts, FiveHundredFramesFromEachSensorAtTheSameTime) {
    Vm vm;
    copy_programs(vm);
    cio2::set_up(vm, GetParam());
    vm.options({"--sensors", "ov5693,ov8865", "--scene", "counter", "--pace", "--cpus", "2"});
    expect_script(vm, "cio2-two-ports.sh");
}

INSTANTIATE_TEST_SUITE_P(Full, Cio2TwoPorts,
                         testing::Values(Machine{.kernel = "stable"},
                                         Machine{.kernel = "newest", .vtd = true}),
                         [](const auto& tested) { return tested.param.name(); });

} // namespace
} // namespace tests
