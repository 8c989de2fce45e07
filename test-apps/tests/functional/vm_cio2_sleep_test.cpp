// SPDX-License-Identifier: GPL-2.0-or-later
// The project's ipu3-cio2 driver across sleeps of the system, idle and while streaming: a stream
// goes on by itself, every pixel of it is right, nothing grows, nothing is left.
#include "tests/functional/cio2_machine.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <tuple>

namespace tests {
namespace {

using cio2::Machine;

void copy_programs(const Vm& vm) {
    for (const auto* program : {"ipu3-capture", "ipu3-frames"}) {
        std::filesystem::copy_file(programs() / program, vm.share() / program);
    }
}

class Cio2Sleep : public testing::TestWithParam<Machine> {
  protected:
    void SetUp() override {
        copy_programs(vm);
        cio2::set_up(vm, GetParam());
        vm.options({"--scene", "counter", "--pace"});
    }
    void expect_all(std::string_view script) { expect_script(vm, script); }
    Vm vm;
};

TEST_P(Cio2Sleep, AnIdleDeviceIsAsItWas) {
    expect_all("cio2-sleep-idle.sh");
}

class Cio2SleepStream : public Cio2Sleep {};

TEST_P(Cio2SleepStream, GoesOnInEveryKindOfMemory) {
    expect_all("cio2-sleep-stream.sh");
}

class Cio2SleepFault : public Cio2Sleep {};

TEST_P(Cio2SleepFault, AChannelThatIsStuckIsResetAndTheStreamGoesOn) {
    vm.options({"--fault", "stuck-dma:frame=3"});
    expect_all("cio2-sleep-stuck.sh");
}

TEST_P(Cio2SleepFault, AStreamThatWasGivenUpStaysOff) {
    vm.options({"--fault", "stuck-dma:frame=5"});
    expect_all("cio2-sleep-given-up.sh");
}

TEST_P(Cio2SleepFault, ASensorThatDoesNotAnswerAfterwardsEndsTheStream) {
    vm.options({"--fault", "i2c-nak:frame=180"});
    expect_all("cio2-sleep-no-answer.sh");
}

INSTANTIATE_TEST_SUITE_P(Short, Cio2Sleep,
                         testing::Values(Machine{.kernel = "newest", .vtd = true, .evict = 1}),
                         [](const auto& tested) { return tested.param.name(); });
INSTANTIATE_TEST_SUITE_P(Full, Cio2Sleep,
                         testing::Values(Machine{.kernel = "stable"},
                                         Machine{.kernel = "stable", .vtd = true},
                                         Machine{.kernel = "newest"}),
                         [](const auto& tested) { return tested.param.name(); });

INSTANTIATE_TEST_SUITE_P(Full, Cio2SleepStream,
                         testing::Values(Machine{.kernel = "stable"},
                                         Machine{.kernel = "stable", .vtd = true},
                                         Machine{.kernel = "newest"},
                                         Machine{.kernel = "newest", .vtd = true, .evict = 1}),
                         [](const auto& tested) { return tested.param.name(); });

INSTANTIATE_TEST_SUITE_P(Full, Cio2SleepFault,
                         testing::Values(Machine{.kernel = "newest", .vtd = true, .evict = 1},
                                         Machine{.kernel = "stable"}),
                         [](const auto& tested) { return tested.param.name(); });

/// How often, and how many pages may be lost meanwhile. A forgotten frame has 395.
struct Often {
    unsigned times;
    unsigned pages;
};

class Cio2SleepCycles : public testing::TestWithParam<std::tuple<Machine, Often>> {};

TEST_P(Cio2SleepCycles, NothingGrowsAndNothingIsLeft) {
    const auto& [machine, often] = GetParam();
    Vm vm;
    copy_programs(vm);
    cio2::set_up(vm, machine);
    vm.options(
        {"--scene", "counter", "--pace", "--timeout", std::to_string(900 + 20 * often.times)});
    expect_script(vm, "cio2-sleep-cycles.sh",
                  {{"TIMES", std::to_string(often.times)}, {"PAGES", std::to_string(often.pages)}});
}

std::string cycles_name(const testing::TestParamInfo<Cio2SleepCycles::ParamType>& tested) {
    const auto& [machine, often] = tested.param;
    return fmt::format("{}_{}", machine.name(), often.times);
}

INSTANTIATE_TEST_SUITE_P(Full, Cio2SleepCycles,
                         testing::Combine(testing::Values(Machine{.kernel = "stable"},
                                                          Machine{.kernel = "newest", .vtd = true}),
                                          testing::Values(Often{200, 400})),
                         cycles_name);

} // namespace
} // namespace tests
