// SPDX-License-Identifier: GPL-2.0-or-later
// Bad input to the project's ipu3-cio2 driver: the errno that V4L2's documentation names, a silent
// log, and nothing left; other processes that want a node in use, and what they cannot do to it.
#include "tests/functional/cio2_machine.hpp"

#include <filesystem>
#include <gtest/gtest.h>

namespace tests {
namespace {

using cio2::Machine;

class Cio2Input : public testing::TestWithParam<Machine> {};

TEST_P(Cio2Input, HasItsErrnoLeavesNothingAndDisturbsNobody) {
    Vm vm;
    for (const auto* program : {"ipu3-capture", "ipu3-frames", "ipu3-misuse"}) {
        std::filesystem::copy_file(programs() / program, vm.share() / program);
    }
    cio2::set_up(vm, GetParam());
    vm.options({"--scene", "counter", "--pace", "--cpus", "2"});
    expect_script(vm, "cio2-input.sh");
}

// Nothing here is about caches, without which the machine is faster.
INSTANTIATE_TEST_SUITE_P(Short, Cio2Input,
                         testing::Values(Machine{
                             .kernel = "newest", .vtd = true, .noncoherent = false}),
                         [](const auto& tested) { return tested.param.name(); });
INSTANTIATE_TEST_SUITE_P(Full, Cio2Input,
                         testing::Values(Machine{.kernel = "stable"},
                                         Machine{.kernel = "newest", .vtd = true}),
                         [](const auto& tested) { return tested.param.name(); });

} // namespace
} // namespace tests
