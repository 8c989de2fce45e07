// SPDX-License-Identifier: GPL-2.0-or-later
// Every allocation of the backend failing in turn: inside the kernel, and as user space sees it.
// The modules are those of `make fail-modules`.
#include "tests/functional/ktap.hpp"
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>

namespace tests {
namespace {

class FailNth : public testing::TestWithParam<std::string> {
  protected:
    FailNth() {
        const auto modules = fail_nth_modules(GetParam()).string();
        vm.options({"--kernel", GetParam(), "--modules", modules, "--drivers", "project",
                    "--sensors", "none", "--timeout", "1800"});
    }
    Vm vm;
};

TEST_P(FailNth, LeavesNothingInTheKernelWithOrWithoutVtd) {
    vm.options({"--vtd"});
    expect_script(vm, "ktest-fail.sh");
    for (const auto* name : {"direct.log", "vtd.log"}) {
        const auto log = vm.share_text(name);
        const auto report = judge_ktap(log);
        EXPECT_TRUE(report.good()) << describe(report) << log;
        EXPECT_EQ(report.passed, 23U) << log; // eighteen tests and five suites
    }
}

class FailNthSeen : public FailNth {};

TEST_P(FailNthSeen, TellsUserSpaceTheRightErrorAndLeavesNothing) {
    std::filesystem::copy_file(programs() / "ipu-dmatest-stream",
                               vm.share() / "ipu-dmatest-stream");
    vm.options({"--dmatest", "2"});
    expect_sweep(vm, "dmatest-fail.sh");
}

std::string kernel_name(const testing::TestParamInfo<std::string>& tested) {
    return tested.param;
}

INSTANTIATE_TEST_SUITE_P(Short, FailNth, testing::Values("newest"), kernel_name);
INSTANTIATE_TEST_SUITE_P(Full, FailNth, testing::Values("stable"), kernel_name);
INSTANTIATE_TEST_SUITE_P(Full, FailNthSeen, testing::Values("stable", "newest"), kernel_name);

} // namespace
} // namespace tests
