// SPDX-License-Identifier: GPL-2.0-or-later
// The memory backend in a kernel: what the tests of vm_backend_test.cpp need more of the machine
// for, and a device that snoops for its tables or for its buffers only.
#include "tests/functional/ktap.hpp"
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace tests {
namespace {

// Each bug of a driver's leaves its warning, and nothing worse.
TEST(BackendBugs, LeaveOneWarningEach) {
    Vm vm;
    vm.options({"--drivers", "project", "--sensors", "none", "--allow-warn"});
    const auto outcome = vm.run("dmesg -C; modprobe ipu-ktest suite=bug; dmesg >ktap.log; "
                                "grep -c 'WARNING: ' ktap.log; "
                                "grep -c 'ends with power on' ktap.log; "
                                "grep -c 'buf_finish() is not called' ktap.log");
    ASSERT_EQ(outcome.status, 0) << describe(outcome);
    const auto log = vm.share_text("ktap.log");
    const auto verdict = read_ktap(log);
    EXPECT_TRUE(verdict.complete) << log;
    EXPECT_EQ(verdict.failed, 0U) << log;
    EXPECT_EQ(outcome.out, "2\n1\n1\n") << log;
}

// Who is charged for memory can only be seen within a memory cgroup.
TEST(BackendCharges, WhoQueuesBuffersAndNobodyElse) {
    Vm vm;
    vm.options({"--drivers", "project", "--sensors", "none", "--cpus", "2"});
    const auto outcome =
        vm.run("mount -t cgroup2 none /sys/fs/cgroup && "
               "echo +memory >/sys/fs/cgroup/cgroup.subtree_control && mkdir /sys/fs/cgroup/test "
               "&& echo $$ >/sys/fs/cgroup/test/cgroup.procs || exit; "
               "dmesg -C; modprobe ipu-ktest suite=buffer; dmesg >ktap.log; "
               "grep -q ' ok [0-9]* charged$' ktap.log");
    const auto log = vm.share_text("ktap.log");
    EXPECT_EQ(outcome.status, 0) << describe(outcome) << log;
}

/// What the driver is told of the device, and what then comes of a stream in either direction.
constexpr std::string_view half_coherent = R"sh(
failed=0
streams() { # WANTED TABLES BUFFERS
    modprobe ipu-dmatest noncoherent_tables=$2 noncoherent_buffers=$3 && udevadm settle || exit
    worst=0
    for node in capture output; do
        timeout 300 ./ipu-dmatest-stream --node $node --count 8 >said 2>&1 || worst=1
    done
    echo "tables $2, buffers $3: $worst: $(tail -n 1 said)"
    [ $worst = $1 ] || failed=1
    modprobe -r ipu-dmatest
}
)sh";

// A device that looks into the caches does not mind what is flushed for it.
TEST(BackendHalfCoherent, CarriesEveryByteWhateverTheDriverSaysIfTheDeviceSnoops) {
    Vm vm;
    vm.options({"--drivers", "project", "--sensors", "none", "--dmatest", "1"});
    std::filesystem::copy_file(programs() / "ipu-dmatest-stream",
                               vm.share() / "ipu-dmatest-stream");
    const auto outcome =
        vm.run(fmt::format("{}{}", half_coherent,
                           "streams 0 0 0; streams 0 0 1; streams 0 1 0; streams 0 1 1; "
                           "[ $failed = 0 ]"));
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
}

// Negative control: neither half can be left out for one that does not.
TEST(BackendHalfCoherent, NeitherHalfCanBeLeftOutIfItDoesNot) {
    Vm vm;
    vm.options({"--drivers", "project", "--sensors", "none", "--noncoherent", "dmatest0"});
    std::filesystem::copy_file(programs() / "ipu-dmatest-stream",
                               vm.share() / "ipu-dmatest-stream");
    const auto outcome = vm.run(fmt::format(
        "{}{}", half_coherent, "streams 1 0 1; streams 1 1 0; streams 0 1 1; [ $failed = 0 ]"));
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
}

} // namespace
} // namespace tests
