// SPDX-License-Identifier: GPL-2.0-or-later
// Every step of ipu3-imgu's probe, and every allocation of a start, failing in turn: the error is
// told, nothing is left, the next attempt succeeds, and a pipe that runs goes on. The modules are
// those of `make fail-modules`.
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>

namespace tests {
namespace {

class ImguFail : public testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
        vm.options({"--kernel", GetParam(), "--drivers", "project", "--modules",
                    fail_nth_modules(GetParam()).string(), "--imgu", "--memory", "2G", "--pace",
                    "--timeout", "1800"});
    }
    Vm vm;
};

TEST_P(ImguFail, AProbeThatFailsLeavesNothing) {
    expect_sweep(vm, "imgu-fail-probe.sh");
}

TEST_P(ImguFail, AStartThatFailsLeavesNothingAndDisturbsNobody) {
    expect_sweep(vm, "imgu-fail-stream.sh");
}

INSTANTIATE_TEST_SUITE_P(Full, ImguFail, testing::Values("stable", "newest"),
                         [](const auto& tested) { return tested.param; });

} // namespace
} // namespace tests
