// SPDX-License-Identifier: GPL-2.0-or-later
// Every step of ipu3-cio2's probe, and every allocation of a stream, failing in turn: the error is
// told, nothing is left, and the next attempt succeeds. The modules are those of
// `make fail-modules`.
#include "tests/functional/cio2_machine.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>

namespace tests {
namespace {

class Cio2Fail : public testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
        cio2::set_up(vm, {.kernel = GetParam(), .noncoherent = false});
        vm.options({"--modules", fail_nth_modules(GetParam()).string()});
    }
    Vm vm;
};

TEST_P(Cio2Fail, AProbeThatFailsLeavesNothing) {
    expect_sweep(vm, "cio2-fail-probe.sh");
}

TEST_P(Cio2Fail, AStreamThatFailsLeavesNothing) {
    expect_sweep(vm, "cio2-fail-stream.sh");
}

TEST_P(Cio2Fail, ASecondSensorThatFailsWhileTheFirstStreamsLeavesNothing) {
    vm.options({"--sensors", "ov5693,ov8865", "--pace", "--cpus", "2"});
    expect_sweep(vm, "cio2-fail-second.sh");
}

std::string kernel_name(const testing::TestParamInfo<std::string>& tested) {
    return tested.param;
}

INSTANTIATE_TEST_SUITE_P(Full, Cio2Fail, testing::Values("stable", "newest"), kernel_name);

} // namespace
} // namespace tests
