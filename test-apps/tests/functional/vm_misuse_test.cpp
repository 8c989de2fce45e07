// SPDX-License-Identifier: GPL-2.0-or-later
// What user space does wrong or in an odd order, to the memory backend: the errno, what is left,
// and the log.
#include "tests/functional/guest_shell.hpp"
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <tuple>

namespace tests {
namespace {

/// `found STATUS OPTIONS...` runs the program and notes whether it ended with that status; `silent`
/// looks whether the kernel said anything but what a bind says always, how long a timer took on a
/// busy host, and what iommu-dma says when 4 GiB before a VT-d are full.
constexpr std::string_view helpers = R"sh(
found() {
    wanted=$1; shift
    said=$(./ipu-dmatest-misuse "$@" 2>&1); status=$?
    [ $status = $wanted ]; note $? "$* -> $status: $(echo "$said" | sed 's/^not ok/found/' | head -n 20)"
}
silent() {
    udevadm settle
    dmesg -c | grep -vE 'Adding to iommu group|bytes are contiguous for the device|Using 39-bit DMA addresses|hrtimer: interrupt took' >dmesg.log
    [ ! -s dmesg.log ]; note $? "the log is silent: $(head -n 20 dmesg.log)"
}
[ -d /sys/kernel/debug/tracing ] || mount -t debugfs none /sys/kernel/debug
modprobe ipu-bad-exporter && modprobe ipu-dmatest && within 20 dmatest_node 3 >/dev/null || exit 1
udevadm settle
dmesg -C
)sh";

class Misuse : public testing::TestWithParam<std::tuple<std::string, bool>> {
  protected:
    Misuse() {
        for (const auto* name : {"ipu-dmatest-misuse", "ipu-dmatest-stream"}) {
            std::filesystem::copy_file(programs() / name, vm.share() / name);
        }
        const auto& [kernel, vtd] = GetParam();
        vm.options({"--kernel", kernel, "--drivers", "project", "--sensors", "none", "--dmatest",
                    "2", "--timeout", "3000", "--cpus", "2"});
        if (vtd) {
            vm.options({"--vtd"});
        }
    }
    void expect_all(std::string_view script) {
        const auto outcome =
            vm.run(fmt::format("{}{}{}\n[ $failed = 0 ]", guest_shell, helpers, script));
        EXPECT_EQ(outcome.status, 0) << describe(outcome);
        EXPECT_EQ(outcome.out.find("not ok"), std::string::npos) << describe(outcome);
        EXPECT_NE(outcome.out.find("ok: "), std::string::npos) << describe(outcome);
    }
    Vm vm;
};

TEST_P(Misuse, BadInputHasItsErrnoAndLeavesNothing) {
    expect_all(R"sh(
        found 0 input
        # The exporters that map too little and leave a hole are at fault, and the log says so.
        [ "$(dmesg | grep -c 'bytes are contiguous for the device')" = 2 ]; note $? 'bad exporters are named'
        silent
        found 1 input --control
        case $said in *failures=2*) note 0 control ;; *) note 1 'control: two failures' ;; esac
        ./ipu-dmatest-stream --count 5; note $? 'streams afterwards')sh");
}

TEST_P(Misuse, KilledProcessesLeaveNothing) {
    expect_all(R"sh(
        found 0 kills --rounds 40
        silent
        ./ipu-dmatest-stream --count 5; note $? 'streams afterwards')sh");
}

class MisuseOrders : public Misuse {};

TEST_P(MisuseOrders, MemoryLivesAsLongAsItsLastHolderInEveryOrder) {
    expect_all(R"sh(
        found 0 orders
        silent
        found 1 orders --control
        ./ipu-dmatest-stream --count 5; note $? 'streams afterwards')sh");
}

class MisuseInFull : public Misuse {};

TEST_P(MisuseInFull, MemoryLivesAsLongAsItsLastHolderInEveryOrder) {
    expect_all(R"sh(
        found 0 orders --full
        silent
        found 0 kills --rounds 500 --seed 2
        silent)sh");
}

std::string machine_name(const testing::TestParamInfo<Misuse::ParamType>& tested) {
    return std::get<0>(tested.param) + (std::get<1>(tested.param) ? "_vtd" : "_direct");
}

const std::tuple stable{"stable", false};
const std::tuple stable_vtd{"stable", true};
const std::tuple newest{"newest", false};
const std::tuple newest_vtd{"newest", true};

INSTANTIATE_TEST_SUITE_P(Short, Misuse, testing::Values(newest_vtd), machine_name);
INSTANTIATE_TEST_SUITE_P(Full, Misuse, testing::Values(stable, stable_vtd, newest), machine_name);
INSTANTIATE_TEST_SUITE_P(Full, MisuseOrders,
                         testing::Values(stable, stable_vtd, newest, newest_vtd), machine_name);
INSTANTIATE_TEST_SUITE_P(Full, MisuseInFull, testing::Values(stable_vtd, newest), machine_name);

} // namespace
} // namespace tests
