// SPDX-License-Identifier: GPL-2.0-or-later
// The memory backend inside a kernel: its own tests, in KTAP, on each kernel, with and without a
// VT-d before the device.
#include "tests/functional/ktap.hpp"
#include "tests/functional/vm.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <tuple>

namespace tests {
namespace {

class Backend : public testing::TestWithParam<std::tuple<std::string, bool>> {};

TEST_P(Backend, PassesItsTestsInTheKernelAndUnloads) {
    const auto& [kernel, vtd] = GetParam();
    Vm vm;
    vm.options({"--kernel", kernel, "--drivers", "project", "--sensors", "none", "--cpus", "2"});
    // Some of it above 4 GiB, where pages come from first.
    vm.options({"--memory", "5G"});
    // Behind a VT-d is what is a PCI function: the CIO2, without its own driver.
    std::string parameters;
    if (vtd) {
        vm.options({"--vtd"});
        parameters = "parent=0000:00:14.3";
    }
    const char* set = std::getenv("IPU3_KTEST_SUITE"); // make check-vm K=SUITE
    const std::string suite{set != nullptr ? set : ""};
    if (!suite.empty()) {
        fmt::print("only the suite {}\n", suite);
        parameters += " suite=" + suite;
    }
    expect_script(vm, "ktest.sh",
                  {{"MODULE", "ipu-ktest"},
                   {"PARAMETERS", parameters},
                   {"LOG", "ktap.log"},
                   {"REMOVE", "ipu3-cio2"}});
    const auto log = vm.share_text("ktap.log");
    const auto report = judge_ktap(log);
    EXPECT_TRUE(report.good()) << describe(report) << log;
    EXPECT_GT(report.passed, suite.empty() ? 20U : 0U);
}

// Nobody could keep the caches of a bounce buffer right.
TEST(BackendInFull, RefusesBounceBuffers) {
    Vm vm;
    vm.options({"--drivers", "project", "--no-devices", "--append", "swiotlb=force"});
    expect_script(vm, "ktest.sh",
                  {{"MODULE", "ipu-ktest"}, {"PARAMETERS", "bounce=1"}, {"LOG", "ktap.log"}});
    const auto log = vm.share_text("ktap.log");
    const auto report = judge_ktap(log);
    EXPECT_TRUE(report.good()) << describe(report) << log;
    EXPECT_GT(report.passed, 0U) << log;
}

INSTANTIATE_TEST_SUITE_P(Short, Backend,
                         testing::Values(std::tuple{"stable", false}, std::tuple{"newest", true}),
                         [](const auto& tested) {
                             return std::get<0>(tested.param) +
                                    (std::get<1>(tested.param) ? "_vtd" : "_direct");
                         });
INSTANTIATE_TEST_SUITE_P(Full, Backend,
                         testing::Values(std::tuple{"stable", true}, std::tuple{"newest", false}),
                         [](const auto& tested) {
                             return std::get<0>(tested.param) +
                                    (std::get<1>(tested.param) ? "_vtd" : "_direct");
                         });

} // namespace
} // namespace tests
