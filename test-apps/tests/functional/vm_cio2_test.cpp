// SPDX-License-Identifier: GPL-2.0-or-later
// The project's ipu3-cio2 driver on the virtual machine, most of it past a cache that the device
// does not snoop: what user space finds, every pixel, and what becomes of faults.
#include "tests/functional/cio2_machine.hpp"
#include "tests/functional/vm.hpp"

#include <array>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <ostream>
#include <regex>
#include <string>
#include <string_view>

namespace tests {
namespace {

using cio2::expect_all;
using cio2::Machine;
using cio2::set_up;

std::string machine_name(const testing::TestParamInfo<Machine>& tested) {
    return tested.param.name();
}

// ---- what user space finds

/// The one difference: a receiver's format has its colour space from the beginning, as the stock
/// driver's has in 7.3; 6.12's says nothing.
std::string without_colour_space(const std::string& text) {
    const auto shorter = std::regex_replace(text, std::regex{" colorspace:raw"}, "");
    return std::regex_replace(shorter, std::regex{R"(\t(Colorspace|Transfer|YCbCr|Quant)[^\n]*\n)"},
                              "");
}

class Cio2Same : public testing::TestWithParam<std::string> {};

// One sensor: several come in an order of their own, boot by boot.
TEST_P(Cio2Same, NamesFormatsControlsAndLinksAreTheStockDrivers) {
    constexpr std::string_view script = R"sh(
        media-ctl -p
        for node in 0 1 2 3; do
            v4l2-ctl -d /dev/video$node --all
            v4l2-ctl -d /dev/video$node --list-formats-ext --list-inputs --list-ctrls-menus
        done
        for node in /dev/v4l-subdev*; do
            echo "$node"
            v4l2-ctl -d $node --list-subdev-mbus-codes pad=0 --get-subdev-fmt pad=0
        done
        for size in 1x1 33x77 4224x3136 9999x9999; do
            v4l2-ctl -d /dev/video0 --try-fmt-video=width=${size%x*},height=${size#*x},pixelformat=ip3r
        done
        v4l2-ctl -d /dev/video0 --try-fmt-video=width=640,height=480,pixelformat=NV12)sh";
    std::array<std::string, 2> found;
    for (const bool project : {false, true}) {
        Vm vm;
        vm.options({"--kernel", GetParam(), "--drivers", project ? "project" : "stock"});
        const auto outcome = vm.run(script);
        ASSERT_EQ(outcome.status, 0) << describe(outcome);
        found[project ? 1 : 0] =
            GetParam() == "newest" ? outcome.out : without_colour_space(outcome.out);
    }
    EXPECT_EQ(found[0], found[1]);
    EXPECT_NE(found[0].find("ip3r"), std::string::npos) << found[0];
}

INSTANTIATE_TEST_SUITE_P(Short, Cio2Same, testing::Values("newest"),
                         [](const auto& tested) { return tested.param; });
INSTANTIATE_TEST_SUITE_P(Full, Cio2Same, testing::Values("stable"),
                         [](const auto& tested) { return tested.param; });

// ---- pixels

class Cio2Capture : public testing::TestWithParam<Machine> {};

TEST_P(Cio2Capture, EveryPixelIsRightInEveryKindOfMemoryAndOnTwoPortsAtOnce) {
    Vm vm;
    set_up(vm, GetParam());
    vm.options({"--sensors", "ov5693,ov8865", "--scene", "counter", "--pace", "--cpus", "2"});
    expect_all(vm, R"sh(
        for memory in mmap userptr; do
            ./stream-raw --memory $memory --count 8 ov5693 1296x972 $memory.raw >$memory.log 2>&1
            note $? "$memory: $(tail -n 1 $memory.log)"
        done
        ./stream-raw --buffers 6 --count 30 ov5693 2592x1944 none >one.log 2>&1 & one=$!
        ./stream-raw --buffers 6 --count 8 ov8865 3264x2448 other.raw >other.log 2>&1; note $? "two ports: $(tail -n 1 other.log)"
        wait $one; note $? "the other of two ports: $(tail -n 1 one.log)"
        is 'frames with an error' "$(counter port1 bad_frames)" 0)sh");
    for (const auto* memory : {"mmap.raw", "userptr.raw"}) {
        const auto checked = check_frames(vm.share() / memory, "ip3b", 1296, 972);
        EXPECT_EQ(checked.status, 0) << memory << describe(checked);
    }
    const auto checked = check_frames(vm.share() / "other.raw", "ip3b", 3264, 2448);
    EXPECT_EQ(checked.status, 0) << describe(checked);
}

INSTANTIATE_TEST_SUITE_P(Short, Cio2Capture,
                         testing::Values(Machine{.kernel = "newest", .vtd = true, .evict = 1}),
                         machine_name);

// ---- compliance

class Cio2Compliance : public testing::TestWithParam<Machine> {};

// Not the sensor's sub-device: v4l2-compliance makes the stock ov5693 driver divide by zero
// on 6.12.
TEST_P(Cio2Compliance, NothingFailsAndNothingIsWarnedOf) {
    Vm vm;
    set_up(vm, GetParam());
    expect_all(vm, R"sh(
        ./stream-raw --count 3 --fps 10 ov5693 1296x972 none >stream.log 2>&1; note $? 'streams'
        # What buffers are imported from: another node, with the same format.
        v4l2-ctl -d /dev/video3 --set-fmt-video=width=1296,height=972,pixelformat=ip3b
        {
            v4l2-compliance -M /dev/media0
            for number in 0 1 2 3; do v4l2-compliance -u /dev/v4l-subdev$number; done
            v4l2-compliance -d /dev/video0
            v4l2-compliance -d /dev/video1 -s5 -e /dev/video3
        } >compliance.log 2>&1
        is 'verdicts' "$(grep -c 'Total for .*, Failed: 0, Warnings: 0$' compliance.log)" 7
        note 0 "$(grep -E '(fail|warn): |^Total' compliance.log)"
        for memory in 'MMAP (select' 'USERPTR (select' 'DMABUF (select'; do
            grep -q "test $memory.*: OK" compliance.log; note $? "$memory)"
        done)sh");
}

INSTANTIATE_TEST_SUITE_P(Short, Cio2Compliance,
                         testing::Values(Machine{.kernel = "newest", .vtd = true}), machine_name);
INSTANTIATE_TEST_SUITE_P(
    Full, Cio2Compliance,
    testing::Values(Machine{.kernel = "newest"}, Machine{.kernel = "newest", .noncoherent = false},
                    Machine{.kernel = "newest", .vtd = true, .noncoherent = false},
                    Machine{.kernel = "stable"}, Machine{.kernel = "stable", .vtd = true},
                    Machine{.kernel = "stable", .noncoherent = false},
                    Machine{.kernel = "stable", .vtd = true, .noncoherent = false}),
    machine_name);

// ---- faults

/// `stream NAME` streams and prints one line a frame: sequence number, bytes, "error" or "good".
constexpr std::string_view streaming = R"sh(
stream() {
    timeout 60 ./stream-raw --count ${count:-12} --fps 10 --verbose ov5693 1296x972 $1.raw >$1.log 2>&1
    sed -n 's/^cap dqbuf: .*seq: *\([0-9]*\) bytesused: \([0-9]*\) .*(\(error\)*.*/\1 \2 \3/p' $1.log |
        sed 's/ $/ good/'
}
frame() { sed -n "s/^$2 //p" $1.frames; } # NAME SEQUENCE
said() { dmesg | grep -c 'ipu3-cio2'; }
whole=1617408
)sh";

// Negative control: the same driver, which now takes the device for one that snoops.
TEST(Cio2Control, WithoutFlushesNoFrameComes) {
    Vm vm;
    set_up(vm, {.kernel = "newest"});
    vm.options({"--append", "ipu3_cio2.noncoherent=0"});
    expect_all(vm, std::string{streaming} + R"sh(
        is 'the parameter' "$(cat /sys/module/ipu3_cio2/parameters/noncoherent)" 0
        stream first >first.frames
        is 'good frames' "$(grep -c good first.frames)" 0)sh");
}

class Cio2Fault : public testing::TestWithParam<Machine> {};

TEST_P(Cio2Fault, DamagedFramesAreMarkedAndTheOthersAreRight) {
    Vm vm;
    set_up(vm, GetParam());
    // Slow: of two frames that end before a late interrupt thread looks, both are marked.
    vm.options({"--pace", "--slow", "4", "--fault", "crc:frame=2", "--fault",
                "fifo-overflow:frame=4", "--fault", "short-frame:frame=6", "--fault",
                "lost-irq:frame=8", "--fault", "no-frame-end:frame=10"});
    expect_all(vm, std::string{streaming} + R"sh(
        dmesg -C
        for name in first second; do
            stream $name >$name.frames
            is 'a checksum error' "$(frame $name 2)" "$whole error"
            is 'an overflow' "$(frame $name 4)" "$((whole / 2)) error"
            is 'a short frame' "$(frame $name 6)" "$((whole / 2)) error"
            is 'a lost interrupt' "$(frame $name 8)" "$whole good"
            # Last: its frame is open when the sensor looks for room, which then may be short of a buffer.
            is 'a missing end' "$(frame $name 10)" "$whole error"
            is 'frames with an error' "$(grep -c error $name.frames)" 4
            is 'the first number' "$(head -n 1 $name.frames)" "0 $whole good"
            is 'numbers ascend' "$(cut -d ' ' -f 1 $name.frames)" "$(cut -d ' ' -f 1 $name.frames | sort -nu)"
            is 'numbers without a gap' "$(head -n 10 $name.frames | cut -d ' ' -f 1)" "$(seq 0 9)"
        done
        # A line for a kind of error and a stream: checksum, overflow, missing end.
        is 'lines in the log' $(said) 6
        is 'bad frames' "$(counter port1 bad_frames)" 8)sh");
    for (const auto* stream : {"first.raw", "second.raw"}) {
        // v4l2-ctl leaves damaged frames out of the file.
        const auto checked = check_frames_json(vm.share() / stream, "ip3b", 1296, 972);
        const auto report = nlohmann::json::parse(checked.out, nullptr, false);
        ASSERT_TRUE(report.is_object()) << describe(checked);
        EXPECT_EQ(report.at("frames"), 12) << report.dump();
        EXPECT_EQ(report.at("bad_frames"), 0) << report.dump();
    }
}

TEST_P(Cio2Fault, AnInterruptWithoutACauseIsCountedAndNothingElse) {
    Vm vm;
    set_up(vm, GetParam());
    vm.options({"--pace", "--fault", "spurious-irq:p=1"});
    expect_all(vm, std::string{streaming} + R"sh(
        dmesg -C
        stream first >first.frames
        is 'frames, all of them good' "$(cat first.frames)" "$(for n in $(seq 0 11); do echo "$n $whole good"; done)"
        # One with every frame; the processor merges one with another that it has not taken yet.
        [ "$(counter device spurious_interrupts)" -gt 0 ]; note $? "interrupts without a cause: $(counter device spurious_interrupts)"
        is 'lines in the log' $(said) 0)sh");
    const auto checked = check_frames(vm.share() / "first.raw", "ip3b", 1296, 972);
    EXPECT_EQ(checked.status, 0) << describe(checked);
}

TEST_P(Cio2Fault, AStuckChannelEndsTheStreamAndTheNextOneRuns) {
    Vm vm;
    set_up(vm, GetParam());
    vm.options({"--fault", "stuck-dma:frame=6"});
    expect_all(vm, std::string{streaming} + R"sh(
        echo 1000 >/sys/module/ipu3_cio2/parameters/timeout_ms
        dmesg -C
        for name in first second; do
            stream $name >$name.frames
            is 'frames before it' "$(cut -d ' ' -f 1 $name.frames)" "$(seq 0 5)"
            grep -qE 'VIDIOC_DQBUF.*Input/output error|qbuf error' $name.log; note $? 'who waits gets an error'
        done
        is 'stuck' "$(counter port1 stuck)" 2
        # Twice: the stream has ended, the channel cannot be halted; and once a reset.
        is 'lines in the log' $(said) 5
        # Before the fault strikes.
        count=5; stream third >third.frames
        is 'a short stream' "$(cat third.frames)" "$(for n in 0 1 2 3 4; do echo "$n $whole good"; done)")sh");
}

TEST_P(Cio2Fault, ASensorThatDoesNotAnswerFailsTheStreamAndLeavesNothing) {
    Vm vm;
    set_up(vm, GetParam());
    vm.options({"--fault", "i2c-nak:frame=60"});
    expect_all(vm, std::string{streaming} + R"sh(
        stream first >first.frames
        is 'frames' "$(wc -l <first.frames)" 0
        grep -q 'VIDIOC_STREAMON.*-1' first.log; note $? 'STREAMON fails'
        is 'streams' "$(counter device streams)" 0
        is 'buffers left' "$(($(backend buffers)))" "$idle"
        within 10 grep -q suspended /sys/bus/pci/devices/$function/power/runtime_status; note $? 'asleep')sh");
}

TEST_P(Cio2Fault, UnbindingWhileStreamingEndsTheStreamOnly) {
    Vm vm;
    set_up(vm, GetParam());
    vm.options({"--cpus", "2"});
    vm.options({"--allow-warn"}); // the stock ov5693 disables a regulator once too often
    expect_all(vm, std::string{streaming} + R"sh(
        runs() { [ "$(counter device streams)" = 1 ] && [ "$(counter port1 frames)" -gt 2 ]; }
        count=100000
        stream driver >driver.frames & stream=$!
        within 60 runs; note $? 'streams'
        echo $function >/sys/bus/pci/drivers/ipu3-cio2/unbind
        wait $stream
        grep -qE 'VIDIOC_DQBUF.*No such device|qbuf error' driver.log; note $? 'who waits learns that the device has gone'
        echo $function >/sys/bus/pci/drivers/ipu3-cio2/bind && udevadm settle
        stream sensor >sensor.frames & stream=$!
        within 60 runs; note $? 'streams again'
        sensor=$(basename /sys/bus/i2c/drivers/ov5693/i2c-*)
        echo $sensor >/sys/bus/i2c/drivers/ov5693/unbind
        wait $stream
        grep -qE 'VIDIOC_DQBUF.*Input/output error|qbuf error' sensor.log; note $? 'who waits gets an error'
        echo $sensor >/sys/bus/i2c/drivers/ov5693/bind && udevadm settle
        within 20 sh -c 'media-ctl -p | grep -q ov5693'
        count=5; stream again >again.frames
        is 'a stream afterwards' "$(cat again.frames)" "$(for n in 0 1 2 3 4; do echo "$n $whole good"; done)"
        ! dmesg | grep -E 'BUG|Oops|ipu3_cio2.*RIP'; note $? 'no oops')sh");
}

INSTANTIATE_TEST_SUITE_P(Short, Cio2Fault,
                         testing::Values(Machine{.kernel = "newest", .vtd = true}), machine_name);
INSTANTIATE_TEST_SUITE_P(Full, Cio2Fault, testing::Values(Machine{.kernel = "stable"}),
                         machine_name);

} // namespace
} // namespace tests
