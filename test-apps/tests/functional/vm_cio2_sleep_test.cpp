// SPDX-License-Identifier: GPL-2.0-or-later
// The project's ipu3-cio2 driver across sleeps of the system, idle and while streaming: a stream
// goes on by itself, every pixel of it is right, nothing grows, nothing is left.
#include "tests/functional/cio2_machine.hpp"
#include "tests/functional/guest_sleep.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <tuple>

namespace tests {
namespace {

using cio2::Machine;

/// `stream_begin` streams, every pixel compared as it comes; `stream_end` ends it. `stream_sleep
/// NUMBER` sleeps that often meanwhile; `stream_is_right NUMBER` tells of all frames that came and
/// whether the system slept that often, `stream_check NUMBER` also whether the stream went on then.
/// `cycles NUMBER` does it all, twice, and compares what is left.
constexpr std::string_view sleeping = R"sh(
in_memory ./ipu3-capture ./ipu3-frames

said() { sed -n "s/.*\"$2\": *\([^,}]*\).*/\1/p" $1; } # FILE NAME: its values in lines of JSON
frames() { [ "$(($(counter port1 frames)))" -ge "$1" ]; }
frames_more() { within 120 frames $(($(counter port1 frames) + $1)); }

through=cat buffers=4
stream_begin() {
    came_before=$(($(counter port1 frames)))
    slept_before=$(sleeps) said_before=$(dmesg | grep -c 'PM: suspend exit')
    rm -f frames.fifo && mkfifo frames.fifo
    $through <frames.fifo | ./ipu3-frames check - --format ip3b --size 1296x972 --scene counter --json >check.json & checker=$!
    ./ipu3-capture --quiet --json --sensor ov5693 --size 1296x972 --memory $memory --buffers $buffers --count 0 --timeout 120 --raw - \
        >frames.fifo 2>capture.json & capture=$!
    frames_more 3 || { note 1 "$memory: streams: $(tail -n 1 capture.json)"; exit 1; }
}
stream_sleep() {
    to_go=$1
    while [ $to_go -gt 0 ]; do
        system_sleep $seconds || { note 1 "sleeps, $to_go to go"; return; }
        frames_more 3 || { note 1 "goes on, $to_go sleeps to go: $(tail -n 1 capture.json)"; return; }
        to_go=$((to_go - 1))
    done
}
caught_up() { [ "$(grep -c '"sequence"' capture.json)" -ge $owed ]; }
stream_end() {
    owed=$(($(counter port1 frames) - came_before))
    within 120 caught_up || note 1 "$memory: the capture takes all frames"
    kill -INT $capture
    wait $capture; is "$memory: the capture's end" $? 0
    wait $checker
}
stream_is_right() {
    is "$memory: sleeps" $(($(sleeps) - slept_before)) $1
    is "$memory: sleeps in the log" $(($(dmesg | grep -c 'PM: suspend exit') - said_before)) $1
    grep '"sequence"' capture.json >sequence.json
    said sequence.json sequence >sequence
    is "$memory: the first number" "$(head -n 1 sequence)" 0
    sort -nu sequence | cmp - sequence; note $? "$memory: the numbers ascend"
    is "$memory: damaged frames" "$(grep -c '"error":true' sequence.json)" 0
    [ "$(said check.json frames)" -ge "$(wc -l <sequence)" ]; note $? "$memory: all frames were compared"
    is "$memory: wrong frames" "$(said check.json bad_frames) $(said check.json unreadable_numbers)" '0 0'
    is "$memory: part of a frame" "$(said check.json truncated_bytes)" 0
    is "$memory: frames twice" "$(said check.json repeated_count)" 0
    note 0 "$memory: $(wc -l <sequence) frames, $(tail -n 1 capture.json)"
}
stream_check() {
    stream_is_right $1
    is "$memory: compared frames" "$(said check.json frames)" "$(wc -l <sequence)"
    # The sensor's own numbers begin anew whenever it does.
    is "$memory: how often the sensor began anew" "$(said check.json backwards_count)" $1
}
state() {
    ls -d /dev/media* /dev/video* /dev/v4l-subdev* # others come with a sleep: a console, the launcher's port
    ls /sys/kernel/iommu_groups /sys/bus/pci/devices/$function/ /sys/kernel/debug/vb2-ipu-iommu
    counter device streams
    backend buffers; backend bytes; backend mapped_pages
    cat /sys/bus/pci/devices/$function/power/runtime_usage
}
asleep() { [ "$(cat /sys/bus/pci/devices/$function/power/runtime_status)" = suspended ]; }
cycles() {
    for part in first rest; do
        [ $part = first ] && number=$(($1 / 4 + 1)) || number=$1
        stream_begin
        stream_sleep $number
        is "$memory: streams" "$(counter device streams)" 1
        stream_end
        stream_check $number
        rm -f capture.json check.json sequence.json sequence # memory, too
        within 10 asleep; note $? "$memory: the device has no power afterwards"
        if [ $part = first ]; then state >before; pages_before=$(free_pages); fi
    done
    state >after
    diff before after; note $? "$memory: what there is"
    lost=$((pages_before - $(free_pages)))
    [ $lost -lt $pages ]; note $? "$memory: $1 sleeps: $lost pages fewer are free"
    head -c $((2 * pages * 4096)) /dev/zero >forgotten
    lost=$((pages_before - $(free_pages)))
    [ $lost -ge $pages ]; note $? "control: $lost pages fewer with $((2 * pages)) forgotten ones"
    rm forgotten
}
# What drop_caches takes from 9p it must take while that still answers.
free_pages >/dev/null
)sh";

/// Negative controls: no sleep, a byte that is wrong.
constexpr std::string_view controls = R"sh(
spoil() { head -c 1000000; head -c 1 >/dev/null; printf '\125'; cat; }
finds() { # SLEEPS PATTERN: stream_check must complain of the stream that was, with so many sleeps
    failed_before=$failed
    stream_check $1 >control.out
    failed=$failed_before
    grep -q "^not ok: $memory: $2" control.out; note $? "control: $2"
}
memory=mmap
stream_begin; stream_end
finds 1 'sleeps: 0, not 1'
finds 1 'sleeps in the log: 0, not 1'
finds 1 'how often the sensor began anew: 0, not 1'
through=spoil
stream_begin; stream_end
finds 0 'wrong frames: 1 0, not 0 0'
through=cat
)sh";

void copy_programs(const Vm& vm) {
    for (const auto* program : {"ipu3-capture", "ipu3-frames"}) {
        std::filesystem::copy_file(programs() / program, vm.share() / program);
    }
}

class Cio2Sleep : public testing::TestWithParam<Machine> {
  protected:
    void SetUp() override {
        copy_programs(vm);
        cio2::set_up(vm, GetParam());
        vm.options({"--scene", "counter", "--pace"});
    }
    void expect_all(std::string_view script) {
        cio2::expect_all(vm, fmt::format("{}{}{}", guest_sleep, sleeping, script));
    }
    Vm vm;
};

TEST_P(Cio2Sleep, AnIdleDeviceIsAsItWas) {
    expect_all(std::string{controls} + R"sh(
        seconds=1
        within 10 asleep; note $? 'the device has no power'
        state >before
        slept_before=$(sleeps)
        system_sleep $seconds; note $? 'sleeps'
        is 'sleeps' $(($(sleeps) - slept_before)) 1
        within 10 asleep; note $? 'the device has no power afterwards'
        state >after
        diff before after; note $? 'what there is'
        for memory in mmap userptr dmabuf; do stream_begin; stream_end; stream_check 0; done)sh");
}

class Cio2SleepStream : public Cio2Sleep {};

TEST_P(Cio2SleepStream, GoesOnInEveryKindOfMemory) {
    expect_all(R"sh(
        seconds=1
        for memory in userptr dmabuf 'mmap --export'; do
            stream_begin; stream_sleep 1; stream_end; stream_check 1
        done)sh");
}

class Cio2SleepFault : public Cio2Sleep {};

// With eight buffers frame 3 comes whatever the program does meanwhile. The system may still be
// quicker, so that it sleeps until it has met a stuck channel.
TEST_P(Cio2SleepFault, AChannelThatIsStuckIsResetAndTheStreamGoesOn) {
    vm.options({"--fault", "stuck-dma:frame=3"});
    expect_all(R"sh(
        echo 0 >/sys/module/ipu3_cio2/parameters/timeout_ms
        memory=mmap buffers=8 seconds=1
        said_cut_off() { dmesg | grep -c 'cut off from memory'; }
        stream_begin
        come=3
        sleeps_stuck() { system_sleep $seconds && come=$((come + 3)) && within 60 frames $come && [ "$(said_cut_off)" = 1 ]; }
        within 1 sleeps_stuck; note $? 'sleeps with a stuck channel'
        is 'resets' "$(dmesg | grep -c "$function: reset")" 1
        stream_end
        stream_check $(($(sleeps) - slept_before))
        is 'stuck channels' "$(said_cut_off)" 2
        is 'streams' "$(counter device streams)" 0
        is 'buffers left' "$(($(backend buffers)))" "$idle"
        within 10 asleep; note $? 'the device has no power afterwards')sh");
}

// The reader sleeps too, so that it does not end the stream before the system does.
TEST_P(Cio2SleepFault, AStreamThatWasGivenUpStaysOff) {
    vm.options({"--fault", "stuck-dma:frame=5"});
    expect_all(R"sh(
        limit=/sys/module/ipu3_cio2/parameters/timeout_ms
        echo 0 >$limit
        memory=mmap buffers=8 seconds=1
        taken() { grep -q '"sequence"' capture.json; }
        given_up() { dmesg | grep -q 'port 1: no frame has come for too long'; }
        stream_begin
        within 60 taken; note $? 'the reader reads'
        kill -STOP $capture
        echo 1000 >$limit
        within 120 given_up; note $? 'the stream is given up'
        is 'streams' "$(counter device streams)" 1
        system_sleep $seconds; is 'sleeps' $? 0
        is 'streams afterwards' "$(counter device streams)" 0
        dmesg | grep 'does not go on after sleep'; is 'another message' $? 1
        kill -CONT $capture
        wait $capture; is 'the end of the capture' $? 1
        wait $checker
        grep -q '"failure":".*\(POLLERR\|Input/output error\)' capture.json; note $? "who waits gets an error: $(tail -n 1 capture.json)"
        stream_is_right 1
        is 'buffers left' "$(($(backend buffers)))" "$idle"
        within 10 asleep; note $? 'the device has no power')sh");
}

// The ov5693 driver makes some 174 transfers to probe and to start for the first time, and a dozen
// when a stream goes on. Only one of these fails: 6.12's driver never gets over one that fails when
// it gets its power.
TEST_P(Cio2SleepFault, ASensorThatDoesNotAnswerAfterwardsEndsTheStream) {
    vm.options({"--fault", "i2c-nak:frame=180"});
    expect_all(R"sh(
        memory=mmap seconds=1
        stream_begin
        system_sleep $seconds; is 'sleeps' $? 0
        dmesg | grep -q 'port 1: does not go on after sleep' || { note 1 'the log tells of it'; exit 1; }
        wait $capture; is 'the end of the capture' $? 1
        wait $checker
        grep -q '"failure":".*\(POLLERR\|Input/output error\)' capture.json; note $? "who waits gets an error: $(tail -n 1 capture.json)"
        stream_is_right 1
        is 'streams' "$(counter device streams)" 0
        is 'buffers left' "$(($(backend buffers)))" "$idle"
        within 10 asleep; note $? 'the device has no power'
        stream_begin; stream_end; stream_check 0)sh");
}

INSTANTIATE_TEST_SUITE_P(Short, Cio2Sleep,
                         testing::Values(Machine{.kernel = "newest", .vtd = true, .evict = 1}),
                         [](const auto& tested) { return tested.param.name(); });
INSTANTIATE_TEST_SUITE_P(Full, Cio2Sleep,
                         testing::Values(Machine{.kernel = "stable"},
                                         Machine{.kernel = "stable", .vtd = true},
                                         Machine{.kernel = "newest"}),
                         [](const auto& tested) { return tested.param.name(); });

INSTANTIATE_TEST_SUITE_P(Full, Cio2SleepStream,
                         testing::Values(Machine{.kernel = "stable"},
                                         Machine{.kernel = "stable", .vtd = true},
                                         Machine{.kernel = "newest"},
                                         Machine{.kernel = "newest", .vtd = true, .evict = 1}),
                         [](const auto& tested) { return tested.param.name(); });

INSTANTIATE_TEST_SUITE_P(Full, Cio2SleepFault,
                         testing::Values(Machine{.kernel = "newest", .vtd = true, .evict = 1},
                                         Machine{.kernel = "stable"}),
                         [](const auto& tested) { return tested.param.name(); });

/// How often, and how many pages may be lost meanwhile. A forgotten frame has 395.
struct Often {
    unsigned times;
    unsigned pages;
};

class Cio2SleepCycles : public testing::TestWithParam<std::tuple<Machine, Often>> {};

TEST_P(Cio2SleepCycles, NothingGrowsAndNothingIsLeft) {
    const auto& [machine, often] = GetParam();
    Vm vm;
    copy_programs(vm);
    cio2::set_up(vm, machine);
    vm.options(
        {"--scene", "counter", "--pace", "--timeout", std::to_string(900 + 20 * often.times)});
    cio2::expect_all(vm, fmt::format("{}{}pages={}\nseconds=0 memory=mmap\ncycles {}", guest_sleep,
                                     sleeping, often.pages, often.times));
}

std::string cycles_name(const testing::TestParamInfo<Cio2SleepCycles::ParamType>& tested) {
    const auto& [machine, often] = tested.param;
    return fmt::format("{}_{}", machine.name(), often.times);
}

INSTANTIATE_TEST_SUITE_P(Full, Cio2SleepCycles,
                         testing::Combine(testing::Values(Machine{.kernel = "stable"},
                                                          Machine{.kernel = "newest", .vtd = true}),
                                          testing::Values(Often{200, 400})),
                         cycles_name);

} // namespace
} // namespace tests
