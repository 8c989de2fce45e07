// SPDX-License-Identifier: GPL-2.0-or-later
// Streaming, opening, binding and loading the project's ipu3-cio2 driver over and over: nothing
// grows, nothing is left.
#include "tests/cio2_machine.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace tests {
namespace {

using cio2::Machine;

/// `cycles NUMBER FUNCTION` calls it that often, and compares what there is with what there was:
/// devices, groups, debugfs, the driver's and the backend's counts. What the page allocator lost
/// since the first quarter, in which caches fill, must be below $pages; caches are dropped before
/// it is asked, and pages that processors keep at hand are counted.
constexpr std::string_view cycling = R"sh(
state() {
    lsmod | cut -d ' ' -f 1 | sort
    find /sys/kernel/iommu_groups /sys/class/iommu /sys/bus/pci/devices/$function/ /dev/ | grep -v '/wakeup\|/power/' | sort
    find /sys/kernel/debug -maxdepth 3 | grep -v 'kernel/debug/tracing' | sort
    counter device streams
    backend buffers; backend bytes; backend mapped_pages
}
free_pages() {
    most=0
    for attempt in 1 2 3 4 5; do
        sync; echo 3 >/proc/sys/vm/drop_caches
        now=$(awk '$1 == "nr_free_pages" || $1 == "count:" {sum += $2} END {print sum}' /proc/zoneinfo)
        [ $now -le $most ] || most=$now
    done
    echo $most
}
cycles() {
    number=$1 what=$2
    for part in first rest; do
        [ $part = first ] && to_go=$((number / 4 + 1)) || to_go=$number
        while [ $to_go -gt 0 ]; do
            $what >cycle.log 2>&1 || { note 1 "$what, $to_go to go: $(tail -n 5 cycle.log)"; return; }
            to_go=$((to_go - 1))
        done
        if [ $part = first ]; then state >before; pages_before=$(free_pages); fi
    done
    state >after
    is "$number times $what: what there is" "$(diff before after)" ''
    lost=$((pages_before - $(free_pages)))
    [ $lost -lt $pages ]; note $? "$number times $what: $lost pages fewer are free"
}
streams() { [ "$(counter device streams)" = 1 ] && [ "$(counter port1 frames)" -gt 2 ]; }
here() { [ -e /dev/media0 ] && ./ipu3-capture --list | grep -q ov5693; }
start_stop() { ./ipu3-capture --quiet --size 1296x972 --count 2; }
open_close() { : </dev/video1 && : </dev/v4l-subdev1 && : </dev/media0; }
unbind() { echo $function >/sys/bus/pci/drivers/ipu3-cio2/unbind; }
bind() { echo $function >/sys/bus/pci/drivers/ipu3-cio2/bind && udevadm settle && within 20 here; }
rebind() { unbind && bind; }
unbind_streaming() {
    ./ipu3-capture --quiet --size 1296x972 --count 0 >stream.log 2>&1 & stream=$!
    within 60 streams && unbind || return 1
    wait $stream && return 1 # the stream must have failed
    grep -q 'ipu3-capture: .*No such device' stream.log || { cat stream.log; return 1; }
    bind
}
reload() {
    modprobe -r ipu3-cio2 && modprobe -r vb2-ipu-iommu && modprobe ipu3-cio2 && udevadm settle && within 20 here
}
within 20 here
)sh";

/// How often, and how many pages may be lost meanwhile. A forgotten frame has 395; after a few
/// cycles caches still fill.
struct Often {
    unsigned times;
    unsigned pages;
};

using Kind = std::pair<std::string, std::string>; // a word for the test's name, the functions

class Cio2Cycles : public testing::TestWithParam<std::tuple<Machine, Often, Kind>> {};

TEST_P(Cio2Cycles, NothingGrowsAndNothingIsLeft) {
    const auto& [machine, often, kind] = GetParam();
    Vm vm;
    std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
    cio2::set_up(vm, machine);
    vm.options({"--timeout", "9000"});
    cio2::expect_all(vm, fmt::format("{}pages={}\nfor kind in {}; do cycles {} $kind; done",
                                     cycling, often.pages, kind.second, often.times));
}

std::string cycles_name(const testing::TestParamInfo<Cio2Cycles::ParamType>& tested) {
    const auto& [machine, often, kind] = tested.param;
    return fmt::format("{}_{}_{}", machine.name(), kind.first, often.times);
}

INSTANTIATE_TEST_SUITE_P(
    Short, Cio2Cycles,
    testing::Combine(
        testing::Values(Machine{.kernel = "newest", .vtd = true}), testing::Values(Often{1, 1024}),
        testing::Values(Kind{"all", "open_close start_stop rebind unbind_streaming reload"})),
    cycles_name);
INSTANTIATE_TEST_SUITE_P(
    Full, Cio2Cycles,
    testing::Combine(testing::Values(Machine{.kernel = "stable"},
                                     Machine{.kernel = "newest", .vtd = true}),
                     testing::Values(Often{200, 400}),
                     testing::Values(Kind{"open", "open_close"}, Kind{"stream", "start_stop"},
                                     Kind{"rebind", "rebind"}, Kind{"unbind", "unbind_streaming"},
                                     Kind{"reload", "reload"})),
    cycles_name);

} // namespace
} // namespace tests
