// SPDX-License-Identifier: GPL-2.0-or-later
// The memory backend in a kernel: what the tests of vm_backend_test.cpp need more of the machine
// for, and a device that snoops for its tables or for its buffers only.
#include "tests/functional/ktap.hpp"
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>

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

// A device that looks into the caches does not mind what is flushed for it.
TEST(BackendHalfCoherentInFull, CarriesEveryByteWhateverTheDriverSaysIfTheDeviceSnoops) {
    Vm vm;
    vm.options({"--drivers", "project", "--sensors", "none", "--dmatest", "1"});
    expect_streams(vm, "0:0:0 0:0:1 0:1:0 0:1:1");
}

// Negative control: neither half can be left out for one that does not.
TEST(BackendHalfCoherentInFull, NeitherHalfCanBeLeftOutIfItDoesNot) {
    Vm vm;
    vm.options({"--drivers", "project", "--sensors", "none", "--noncoherent", "dmatest0"});
    expect_streams(vm, "1:0:1 1:1:0 0:1:1");
}

// Each half is needed where it is the one that does not snoop, and enough.
TEST(BackendHalfCoherentInFull, TheTablesAreEnoughIfOnlyTheWalkerDoesNot) {
    Vm vm;
    vm.options({"--drivers", "project", "--sensors", "none", "--noncoherent", "dmatest0:tables"});
    expect_streams(vm, "0:1:0 1:0:1");
}

TEST(BackendHalfCoherentInFull, TheBuffersAreEnoughIfOnlyTheWalkerDoes) {
    Vm vm;
    vm.options({"--drivers", "project", "--sensors", "none", "--noncoherent", "dmatest0:buffers"});
    expect_streams(vm, "0:0:1 1:1:0");
}

} // namespace
} // namespace tests
