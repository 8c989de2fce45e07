// SPDX-License-Identifier: GPL-2.0-or-later
// Streaming, opening, binding and loading the project's ipu3-cio2 driver over and over: nothing
// grows, nothing is left.
#include "tests/functional/cio2_machine.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace tests {
namespace {

using cio2::Machine;

/// `cycles NUMBER FUNCTION` calls it that often, and compares what there is with what there was:
/// devices, groups, debugfs, the driver's and the backend's counts. What the page allocator lost
/// since the first quarter, in which caches fill, must be below $pages.
constexpr std::string_view cycling = R"sh(
state() {
    lsmod | cut -d ' ' -f 1 | sort
    find /sys/kernel/iommu_groups /sys/class/iommu /sys/bus/pci/devices/$function/ /dev/ | grep -v '/wakeup\|/power/' | sort
    find /sys/kernel/debug -maxdepth 3 | grep -v 'kernel/debug/tracing' | sort
    counter device streams
    backend buffers; backend bytes; backend mapped_pages
}
# udev's workers wait some seconds for more to do, and have a thousand pages.
no_workers() { ! pgrep -P "$(pgrep -o udevd)" >/dev/null; }
free_pages_at_rest() { within 60 no_workers || echo 'udev does not come to rest' >&2; free_pages; }
cycles() {
    number=$1 what=$2
    for part in first rest; do
        [ $part = first ] && to_go=$((number / 4 + 1)) || to_go=$number
        while [ $to_go -gt 0 ]; do
            $what >cycle.log 2>&1 || { note 1 "$what, $to_go to go: $(tail -n 5 cycle.log)"; return; }
            to_go=$((to_go - 1))
        done
        if [ $part = first ]; then state >before; pages_before=$(free_pages_at_rest); fi
    done
    state >after
    is "$number times $what: what there is" "$(diff before after)" ''
    lost=$((pages_before - $(free_pages_at_rest)))
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

# Negative controls: memory that stays, a node that stays, a stream that stays.
forget_memory() { head -c $((2 * pages * 4096)) /dev/zero >/run/forgotten-$part; } # others give some back meanwhile
forget_node() { [ $part = first ] || touch /dev/forgotten; }
forget_stream() {
    [ $part = rest ] || return 0
    ./ipu3-capture --quiet --size 1296x972 --count 0 --timeout 120 >/dev/null 2>&1 & forgotten=$!
    within 60 streams
}
finds() { # FUNCTION PATTERN: cycles() must complain of the function, and so
    failed_before=$failed
    cycles 1 $1 >control.out
    failed=$failed_before
    grep -A 20 '^not ok: ' control.out | grep -q "$2"; note $? "control: $1 is found"
}
controls() {
    finds forget_memory 'pages fewer are free'
    finds forget_node '/dev/forgotten'
    finds forget_stream 'what there is'
    kill $forgotten; wait $forgotten
    rm -f /run/forgotten-* /dev/forgotten
}
)sh";

/// How often, and how many pages may be lost meanwhile. A forgotten frame has 395; two cycles were
/// seen to cost up to 46.
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
    vm.options({"--timeout", std::to_string(900 + 45 * often.times)});
    cio2::expect_all(vm,
                     fmt::format("{}pages={}\ncontrols\nfor kind in {}; do cycles {} $kind; done",
                                 cycling, often.pages, kind.second, often.times));
}

std::string cycles_name(const testing::TestParamInfo<Cio2Cycles::ParamType>& tested) {
    const auto& [machine, often, kind] = tested.param;
    return fmt::format("{}_{}_{}", machine.name(), kind.first, often.times);
}

std::vector<Cio2Cycles::ParamType> all_cycles() {
    std::vector<Cio2Cycles::ParamType> all{{Machine{.kernel = "newest", .vtd = true}, Often{1, 200},
                                            Kind{"some", "start_stop unbind_streaming reload"}}};
    // What is left does not depend on caches, and without their model the machine is faster.
    for (const auto& machine : {Machine{.kernel = "stable", .noncoherent = false},
                                Machine{.kernel = "newest", .vtd = true, .noncoherent = false}}) {
        for (const auto& kind :
             {Kind{"open", "open_close"}, Kind{"stream", "start_stop"}, Kind{"rebind", "rebind"},
              Kind{"unbind", "unbind_streaming"}, Kind{"reload", "reload"}}) {
            all.emplace_back(machine, Often{200, 400}, kind);
        }
    }
    return all;
}

INSTANTIATE_TEST_SUITE_P(Full, Cio2Cycles, testing::ValuesIn(all_cycles()), cycles_name);

} // namespace
} // namespace tests
