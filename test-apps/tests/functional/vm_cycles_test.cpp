// SPDX-License-Identifier: GPL-2.0-or-later
// Loading, streaming and unloading over and over: modules, IOMMU groups, devices, addresses and
// memory are what they were.
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

/// `cycle` loads, streams in four ways and unloads; `state` names what must be the same afterwards.
constexpr std::string_view helpers = R"sh(
cycle() {
    modprobe ipu-dmatest && within 20 dmatest_node 3 >/dev/null || return 1
    [ ! -e /sys/module/vb2_ipu_iommu/parameters/leak ] || echo ${leak:-0} >/sys/module/vb2_ipu_iommu/parameters/leak
    ./ipu-dmatest-stream --count 5 &&
        ./ipu-dmatest-stream --count 5 --node output --memory userptr --userptr-offset 100 &&
        ./ipu-dmatest-stream --count 5 --memory dmabuf-import --exporter heap &&
        ./ipu-dmatest-stream --count 5 --node both --memory dmabuf-export || return 1
    udevadm settle
    modprobe -r ipu-dmatest && modprobe -r vb2-ipu-iommu
}
cycles() { # NUMBER
    done=0
    while [ $done -lt $1 ]; do
        cycle >cycle.log 2>&1 || { note 1 "cycle $done: $(cat cycle.log)"; return; }
        done=$((done + 1))
    done
    note 0 "$1 cycles"
}
state() {
    lsmod | cut -d ' ' -f 1 | sort
    find /sys/kernel/iommu_groups /sys/class/iommu /sys/devices /dev/ | grep -v '/wakeup/' | sort
    find /sys/kernel/debug -maxdepth 2 | grep -v 'kernel/debug/tracing' | sort
}
[ -d /sys/kernel/debug/tracing ] || mount -t debugfs none /sys/kernel/debug
# Both, for which of them came first, and has the first numbers, is nobody's promise.
modprobe -r ipu3-cio2; modprobe -r ipu-dmatest
)sh";

/// What is measured: after @p first cycles, in which slabs and caches grow, @p cycles more may cost
/// fewer than @p pages. They go on growing: by 230 pages in fifty cycles after the first five, by
/// 124 in the hundred after the first fifty, spread over slabs that everybody uses.
struct Measured {
    unsigned first;
    unsigned cycles;
    unsigned pages;
};
constexpr Measured brief{5, 10, 256};
constexpr Measured thorough{50, 100, 200};

class Cycles : public testing::TestWithParam<std::tuple<std::string, bool, Measured>> {
  protected:
    Cycles() {
        std::filesystem::copy_file(programs() / "ipu-dmatest-stream",
                                   vm.share() / "ipu-dmatest-stream");
        const auto& [kernel, vtd, measured] = GetParam();
        vm.options({"--kernel", kernel, "--drivers", "project", "--sensors", "none", "--dmatest",
                    "2", "--timeout", "3000", "--cpus", "2"});
        if (vtd) {
            vm.options({"--vtd"});
        }
    }
    Vm vm;
};

TEST_P(Cycles, LeaveNothingBehind) {
    const auto& measured = std::get<2>(GetParam());
    const auto outcome =
        vm.run(fmt::format(R"sh({}{}
        cycles {}
        state >before; pages=$(free_pages)
        cycles {}
        state >after; lost=$((pages - $(free_pages)))
        cmp before after; note $? "the same modules, groups and devices: $(diff before after | head -n 20)"
        [ $lost -lt {} ]; note $? "pages of memory lost: $lost"
        [ $failed = 0 ])sh",
                           guest_shell, helpers, measured.first, measured.cycles, measured.pages));
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
    EXPECT_NE(outcome.out.find("ok: pages of memory lost"), std::string::npos) << describe(outcome);
}

std::string machine_name(const testing::TestParamInfo<Cycles::ParamType>& tested) {
    const auto& [kernel, vtd, measured] = tested.param;
    return fmt::format("{}_{}_{}", kernel, vtd ? "vtd" : "direct", measured.cycles);
}

INSTANTIATE_TEST_SUITE_P(Full, Cycles,
                         testing::Combine(testing::Values("stable", "newest"), testing::Bool(),
                                          testing::Values(brief, thorough)),
                         machine_name);

/// Negative control, by the lesser of the measures: a backend that forgets to free.
TEST(CyclesInFull, FindALeak) {
    Vm vm;
    std::filesystem::copy_file(programs() / "ipu-dmatest-stream",
                               vm.share() / "ipu-dmatest-stream");
    vm.options({"--drivers", "project", "--modules", fail_nth_modules("stable").string(),
                "--sensors", "none", "--dmatest", "2", "--timeout", "3000"});
    const auto outcome =
        vm.run(fmt::format(R"sh({}{}
        cycles {}
        pages=$(free_pages)
        leak=1000
        cycles {}
        lost=$((pages - $(free_pages)))
        [ $lost -ge {} ]; note $? "pages of memory lost: $lost"
        [ $failed = 0 ])sh",
                           guest_shell, helpers, brief.first, brief.cycles, brief.pages));
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
}

} // namespace
} // namespace tests
