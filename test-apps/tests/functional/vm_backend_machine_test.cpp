// SPDX-License-Identifier: GPL-2.0-or-later
// The memory backend in a kernel: what the tests of vm_backend_test.cpp need more of the machine
// for, and a device that snoops for its tables or for its buffers only.
#include "tests/functional/ktap.hpp"
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <tuple>

namespace tests {
namespace {

// Each bug of a driver's leaves its warning, and nothing worse.
TEST(BackendBugs, LeaveOneWarningEach) {
    Vm vm;
    vm.options({"--drivers", "project", "--sensors", "none", "--allow-warn"});
    expect_script(vm, "ktest-bug.sh");
    const auto log = vm.share_text("ktap.log");
    const auto report = judge_ktap(log);
    EXPECT_TRUE(report.good()) << describe(report) << log;
}

// docs/driver-authors.md: the smallest driver past the worst-case cache, on both kernels.
class Example : public testing::TestWithParam<std::string> {};

TEST_P(Example, StreamsSleepsAndIsUnboundWhileItDoes) {
    Vm vm;
    vm.options({"--kernel", GetParam(), "--drivers", "project", "--sensors", "none",
                "--noncoherent", "dmatest0,dmatest1", "--vtd", "--evict", "1", "--cpus", "2"});
    expect_script(vm, "example.sh");
}

INSTANTIATE_TEST_SUITE_P(Full, Example, testing::Values("stable", "newest"),
                         [](const auto& tested) { return tested.param; });

// Who is charged for memory can only be seen within a memory cgroup.
TEST(BackendCharges, WhoQueuesBuffersAndNobodyElse) {
    Vm vm;
    vm.options({"--drivers", "project", "--sensors", "none", "--cpus", "2"});
    expect_script(vm, "ktest-charged.sh");
    const auto log = vm.share_text("ktap.log");
    const auto report = judge_ktap(log);
    EXPECT_TRUE(report.good()) << describe(report) << log;
}

void expect_streams(Vm& vm, const std::string& cases) {
    std::filesystem::copy_file(programs() / "ipu-dmatest-stream",
                               vm.share() / "ipu-dmatest-stream");
    expect_script(vm, "dmatest-halves.sh", {{"CASES", cases}});
}

// Where writes of devices that snoop stay in the caches the backend must be told; where they reach
// memory, it does no harm if it is.
class DmaDdio : public testing::TestWithParam<bool> {};

TEST_P(DmaDdio, FramesReachTheDeviceThatDoesNotSnoop) {
    Vm vm;
    std::filesystem::copy_file(programs() / "ipu-dmatest-stream",
                               vm.share() / "ipu-dmatest-stream");
    vm.options({"--drivers", "project", "--sensors", "none", "--dmatest", "2", "--noncoherent",
                "dmatest1", "--evict", "3"});
    if (GetParam()) {
        vm.options({"--ddio"});
    }
    expect_script(vm, "dmatest-ddio.sh", {{"CASES", GetParam() ? "1:0 0:1" : "0:0 0:1"}});
}

INSTANTIATE_TEST_SUITE_P(Short, DmaDdio, testing::Values(true),
                         [](const auto&) { return "stays_in_the_caches"; });
INSTANTIATE_TEST_SUITE_P(Full, DmaDdio, testing::Values(false),
                         [](const auto&) { return "reaches_memory"; });

// A device that looks into the caches does not mind what is flushed for it.
TEST(BackendHalfCoherentInFull, CarriesEveryByteWhateverTheDriverSaysIfTheDeviceSnoops) {
    Vm vm;
    vm.options({"--drivers", "project", "--sensors", "none", "--dmatest", "1"});
    expect_streams(vm, "0:0:0 0:0:1 0:1:0 0:1:1");
}

/// One half of the device looks past the caches: the driver must know of that half, and may fear
/// for the other one.
class BackendHalves : public testing::TestWithParam<std::tuple<std::string, bool>> {};

TEST_P(BackendHalves, TheOneThatLooksPastTheCachesCannotBeLeftOut) {
    const auto& [half, ddio] = GetParam();
    Vm vm;
    vm.options({"--drivers", "project", "--sensors", "none", "--noncoherent", "dmatest0:" + half,
                "--evict", "5"});
    if (ddio) {
        vm.options({"--ddio"});
    }
    expect_streams(vm, half == "tables" ? "0:1:0 0:1:1 1:0:0 1:0:1" : "0:0:1 0:1:1 1:0:0 1:1:0");
}

INSTANTIATE_TEST_SUITE_P(Full, BackendHalves,
                         testing::Combine(testing::Values("tables", "buffers"), testing::Bool()),
                         [](const auto& tested) {
                             return std::get<0>(tested.param) +
                                    (std::get<1>(tested.param) ? "_ddio" : "");
                         });

// Negative control: neither half can be left out for one that does not.
TEST(BackendHalfCoherentInFull, NeitherHalfCanBeLeftOutIfItDoesNot) {
    Vm vm;
    vm.options({"--drivers", "project", "--sensors", "none", "--noncoherent", "dmatest0"});
    expect_streams(vm, "1:0:1 1:1:0 0:1:1");
}

} // namespace
} // namespace tests
