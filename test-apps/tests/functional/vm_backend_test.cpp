// SPDX-License-Identifier: GPL-2.0-or-later
// The memory backend inside a kernel: its own tests, in KTAP, on each kernel, with and without a
// VT-d before the device.
#include "tests/functional/ktap.hpp"
#include "tests/functional/vm.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <tuple>

namespace tests {
namespace {

TEST(Ktap, SeesFailuresAndAnUnfinishedRun) {
    const auto verdict = read_ktap("[ 1.0] ok 1 a\n[ 1.1]     not ok 2 b\n[ 1.2]     ok 3 c\n");
    EXPECT_EQ(verdict.passed, 2U);
    EXPECT_EQ(verdict.failed, 1U);
    EXPECT_FALSE(verdict.complete);
}

class Backend : public testing::TestWithParam<std::tuple<std::string, bool>> {};

TEST_P(Backend, PassesItsTestsInTheKernelAndUnloads) {
    const auto& [kernel, vtd] = GetParam();
    Vm vm;
    vm.options({"--kernel", kernel, "--drivers", "project", "--sensors", "none", "--cpus", "2"});
    // Behind a VT-d is what is a PCI function: the CIO2, without its own driver.
    std::string parameters;
    if (vtd) {
        vm.options({"--vtd"});
        parameters = "parent=0000:00:14.3";
    }
    const auto outcome =
        vm.run(fmt::format("modprobe -r ipu3-cio2; dmesg -C; modprobe ipu-ktest {}; "
                           "dmesg >ktap.log; modprobe -r ipu-ktest; "
                           "! grep vb2_ipu_iommu /proc/modules",
                           parameters));
    ASSERT_EQ(outcome.status, 0) << describe(outcome);
    const auto log = vm.share_text("ktap.log");
    const auto verdict = read_ktap(log);
    EXPECT_TRUE(verdict.complete) << log;
    EXPECT_EQ(verdict.failed, 0U) << log;
    EXPECT_GT(verdict.passed, 20U);
}

// Nobody could keep the caches of a bounce buffer right.
TEST(BackendInFull, RefusesBounceBuffers) {
    Vm vm;
    vm.options({"--drivers", "project", "--no-devices", "--append", "swiotlb=force"});
    const auto outcome = vm.run("dmesg -C; modprobe ipu-ktest bounce=1; dmesg >ktap.log; "
                                "modprobe -r ipu-ktest && modprobe -r vb2-ipu-iommu");
    ASSERT_EQ(outcome.status, 0) << describe(outcome);
    const auto log = vm.share_text("ktap.log");
    const auto verdict = read_ktap(log);
    EXPECT_TRUE(verdict.complete) << log;
    EXPECT_EQ(verdict.failed, 0U) << log;
    EXPECT_GT(verdict.passed, 0U) << log;
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
