// SPDX-License-Identifier: GPL-2.0-or-later
// Bad input to the project's ipu3-cio2 driver: the errno that V4L2's documentation names, a silent
// log, and nothing left; other processes that want a node in use, and what they cannot do to it.
#include "tests/functional/cio2_machine.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace tests {
namespace {

using cio2::Machine;

/// `found STATUS OPTIONS...` runs ipu3-misuse and notes whether it ended with that status. `silent`
/// looks whether the kernel said anything but how long a timer took on a busy host, `at_rest`
/// whether nobody streams and nothing is left. `begin NAME OPTIONS...` streams and compares;
/// `right` waits for its end, and `end` makes one: then all of its frames must be right.
constexpr std::string_view helpers = R"sh(
found() {
    wanted=$1; shift
    said=$(./ipu3-misuse "$@" 2>&1); status=$?
    if [ $status = $wanted ]; then note 0 "$*: $(echo "$said" | tail -n 1)"; else
        note 1 "$* -> $status: $(echo "$said" | sed 's/^not ok/found/' | tail -n 15)"
    fi
}
log() { udevadm settle; dmesg -c | grep -v 'hrtimer: interrupt took' >dmesg.log; }
silent() {
    log
    [ ! -s dmesg.log ]; note $? "the log is silent: $(head -n 20 dmesg.log)"
}
held() { echo "$(($(backend buffers))) $(($(backend bytes))) $(($(backend mapped_pages))) $(counter device streams)"; }
at_rest() { is 'buffers, bytes, pages, streams' "$(held)" "$held_idle"; }
frames_now() { counter port1 frames; }
goes_on() { [ "$(frames_now)" -ge $goal ]; }
begin() {
    stream=$1; shift
    ./ipu3-frames check - --format ip3b --size 1296x972 --scene counter --json </run/frames >$stream.json & checker=$!
    ./ipu3-capture --quiet --sensor ov5693 --size 1296x972 --timeout 60 --raw - "$@" >/run/frames 2>$stream.log & capture=$!
    goal=$(($(frames_now) + 3)); within 60 goes_on; note $? "$stream: streams"
}
more() { goal=$(($(frames_now) + $1)); within 60 goes_on; note $? "$1 more frames"; }
right() {
    wait $capture; wait $checker
    sum=$(sed -n 's/^\([0-9]*\) frames, 0 lost, 0 damaged, \1 written.*/\1/p' $stream.log)
    [ "${sum:-0}" -gt 2 ] && grep -q "\"frames\": *$sum," $stream.json && grep -q '"bad_frames": *0,' $stream.json
    note $? "$stream: all of its frames are right: $(tail -n 1 $stream.log)"
}
end() { kill $capture; right; }
mkfifo /run/frames
within 20 sh -c './ipu3-capture --list | grep -q ov5693'
udevadm settle
held_idle=$(held)
dmesg -C
)sh";

/// What bad input does.
constexpr std::string_view inputs = R"sh(
modprobe ipu-bad-exporter; note $? 'the bad exporter'
found 0 input
# The exporter that maps too little is at fault, and the log says so.
log
is 'the bad exporter is named' "$(grep -c 'bytes are contiguous for the device' dmesg.log)" 1
is 'nothing else is said' "$(grep -v 'bytes are contiguous for the device' dmesg.log)" ''
at_rest
pages_before=$(free_pages)
found 0 input
# The largest buffers that were refused or taken have eight times as many.
lost=$((pages_before - $(free_pages)))
dmesg -C
[ $lost -lt 1000 ]; note $? "$lost pages fewer are free"
found 1 input --control
case $said in *failures=3*) note 0 control ;; *) note 1 'control: three failures' ;; esac
silent
at_rest
)sh";

/// Streams that do not fit, and what others do to one that does.
constexpr std::string_view pipelines = R"sh(
found 0 pipeline
silent
at_rest
begin watched --count 0
found 0 beside
is 'streams' "$(counter device streams)" 1
# Whoever opens the node and leaves ends nothing.
for n in $(seq 20); do : </dev/video1; : </dev/v4l-subdev1; done
more 5
end
silent
at_rest
found 1 beside --rounds 1
case $said in *'not Device or resource busy'*) note 0 control ;; *) note 1 'control: nothing is busy' ;; esac
)sh";

/// Who is killed leaves the node to the next one.
constexpr std::string_view fights = R"sh(
for memory in mmap userptr dmabuf 'mmap --export'; do
    begin "killed-${memory#* --}" --count 0 --memory $memory
    kill -KILL $capture; wait $capture $checker
    found 0 fight --rounds 1
    at_rest
done
./ipu3-misuse fight --rounds 6 >one.log & one=$!
found 0 fight --rounds 6
wait $one; note $? "the other one: $(cat one.log)"
case "$said$(cat one.log)" in *refused=[1-9]*) note 0 'they met' ;; *) note 1 'they never met' ;; esac
silent
at_rest
)sh";

constexpr std::string_view afterwards = R"sh(
begin afterwards --count 5; right
silent
at_rest)sh";

class Cio2Input : public testing::TestWithParam<Machine> {};

TEST_P(Cio2Input, HasItsErrnoLeavesNothingAndDisturbsNobody) {
    Vm vm;
    for (const auto* program : {"ipu3-capture", "ipu3-frames", "ipu3-misuse"}) {
        std::filesystem::copy_file(programs() / program, vm.share() / program);
    }
    cio2::set_up(vm, GetParam());
    vm.options({"--scene", "counter", "--pace", "--cpus", "2"});
    cio2::expect_all(vm, fmt::format("{}{}{}{}{}", helpers, inputs, pipelines, fights, afterwards));
}

// Nothing here is about caches, without which the machine is faster.
INSTANTIATE_TEST_SUITE_P(Short, Cio2Input,
                         testing::Values(Machine{
                             .kernel = "newest", .vtd = true, .noncoherent = false}),
                         [](const auto& tested) { return tested.param.name(); });
INSTANTIATE_TEST_SUITE_P(Full, Cio2Input,
                         testing::Values(Machine{.kernel = "stable"},
                                         Machine{.kernel = "newest", .vtd = true}),
                         [](const auto& tested) { return tested.param.name(); });

} // namespace
} // namespace tests
