// SPDX-License-Identifier: GPL-2.0-or-later
// The memory backend under a driver of its own: any size, alignment and kind of memory, two
// functions, faults, power and unbinding, every byte checked on both sides.
#include "tests/functional/guest_shell.hpp"
#include "tests/functional/guest_sleep.hpp"
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <iterator>
#include <ostream>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace tests {
namespace {

/// `run STATUS OPTIONS...` streams and notes whether it ended with that status; `finish` tells.
/// `both_go_on COUNT` waits for the processes $capture and $output, which write files of these
/// names, to end with so many frames and no error; neither has ended yet.
constexpr std::string_view helpers = R"sh(
run() {
    wanted=$1; shift
    said=$(timeout 300 ./ipu-dmatest-stream "$@" 2>&1); status=$?
    note $((status != wanted)) "$* -> $status: $said"
}
first=0000:00:06.0
state_is() { [ "$(cat /sys/bus/pci/devices/$first/power_state)" = "$1" ]; }
counter() { sed -n "s/^$2 //p" "/sys/kernel/debug/ipu-dmatest/$first/$1"; }
control() { v4l2-ctl -d "$(dmatest_node $1)" -c "$2"; }
both_go_on() {
    for stream in capture output; do
        ! grep 'frames=' $stream; note $? "$stream: was not over before"
    done
    wait $capture; is 'the capture' $? 0
    wait $output; is 'the output' $? 0
    for stream in capture output; do
        grep -q "frames=$1 errors=0" $stream; note $? "$stream: $(cat $stream)"
    done
}
finish() { [ $failed = 0 ]; }
[ -d /sys/kernel/debug/ipu-dmatest ] || mount -t debugfs none /sys/kernel/debug
{ [ -d /sys/module/ipu_dmatest ] || modprobe ipu-dmatest; } && within 20 dmatest_node 3 >/dev/null || exit 1
)sh";

struct Machine {
    std::string kernel;
    bool vtd{false};
    unsigned evict{0}; ///< seed; 0: a cache that keeps everything

    [[nodiscard]] std::string name() const {
        return kernel + (vtd ? "_vtd" : "_direct") +
               (evict != 0 ? fmt::format("_evict{}", evict) : "");
    }
};

void PrintTo(const Machine& machine, std::ostream* stream) {
    *stream << machine.name();
}

/// A machine with both functions, neither of which snoops; the program in its share folder; no
/// camera sensor.
class Bench {
  public:
    explicit Bench(const Machine& machine) {
        std::filesystem::copy_file(programs() / "ipu-dmatest-stream",
                                   vm.share() / "ipu-dmatest-stream");
        vm.options({"--kernel", machine.kernel, "--drivers", "project", "--sensors", "none",
                    "--noncoherent", "dmatest0,dmatest1", "--timeout", "1800"});
        if (machine.vtd) {
            vm.options({"--vtd"});
        }
        if (machine.evict != 0) {
            vm.options({"--evict", std::to_string(machine.evict)});
        }
    }
    void expect_all(std::string_view script) {
        const auto outcome = vm.run(fmt::format("{}{}{}\nfinish", guest_shell, helpers, script));
        EXPECT_EQ(outcome.status, 0) << describe(outcome);
        EXPECT_EQ(outcome.out.find("not ok"), std::string::npos) << describe(outcome);
        EXPECT_NE(outcome.out.find("ok: "), std::string::npos) << describe(outcome);
    }
    Vm vm;
};

class DmaTest : public testing::TestWithParam<Machine> {
  protected:
    Bench bench{GetParam()};
};

TEST_P(DmaTest, EveryKindOfMemoryCarriesEveryByte) {
    bench.expect_all(R"sh(
        for size in 640x480 1x1 7x3 1000x33; do
            for memory in mmap userptr dmabuf-import dmabuf-export read; do
                run 0 --memory $memory --size $size --count 12
                run 0 --node output --memory $memory --size $size --count 12
            done
        done
        for offset in 1 63 64 100 4095; do
            run 0 --memory userptr --userptr-offset $offset --size 333x77
            run 0 --memory userptr --userptr-offset $offset --size 5x1
            run 0 --memory userptr --userptr-offset $offset --size 64x1
            run 0 --node output --memory userptr --userptr-offset $offset --size 333x77
        done
        for exporter in heap node; do
            run 0 --memory dmabuf-import --exporter $exporter
            run 0 --node output --memory dmabuf-import --exporter $exporter
        done
        for function in 0 1; do
            run 0 --node both --memory dmabuf-export --function $function
            run 0 --node both --memory dmabuf-export --function $function --look
            for exporter in node udmabuf heap; do
                run 0 --node both --memory dmabuf-import --exporter $exporter --function $function
                run 0 --node both --memory dmabuf-import --exporter $exporter --function $function --look
            done
        done
        for node in capture output; do
            run 0 --node $node --format y16 --stride 2000 --sizeimage 1000001
            run 0 --node $node --hints right
            run 1 --node $node --hints wrong
            run 0 --node $node --size 8192x8192 --count 3 --buffers 1
        done
        run 0 --hints once
        run 0 --cycles 10 --count 4)sh");
}

TEST_P(DmaTest, MisbehaviourIsSeenAndTheNextStreamIsRight) {
    bench.expect_all(R"sh(
        run 1 --control flip-bit=1 --count 10
        run 0 --control flip-bit=0 --count 10
        run 1 --node output --control flip-bit=1 --count 10
        is 'bad bytes' "$(counter output bad_bytes)" 10
        run 0 --node output --control flip-bit=0 --count 10
        run 1 --control fault=4 --count 10
        is 'injected errors' "$(counter capture errors)" 1
        run 0 --count 10
        # Of several commands in the device the next interrupt finds a lost one's; of one only the watchdog does.
        run 0 --control fault=1 --count 10
        run 0 --control fault=1 --count 3 --buffers 1
        is 'lost interrupts that the watchdog found' "$(counter capture late)" 1
        before=$(counter interrupts spurious)
        run 0 --control fault=2 --count 10 --control delay=20000
        is 'spurious interrupts' $(($(counter interrupts spurious) - before)) 1
        run 1 --control fault=3 --count 10 --control delay=1000
        is 'stuck commands' "$(counter capture stuck)" 1
        dmesg | grep -q 'frame 0 is stuck'; note $? 'the log tells of the stuck frame'
        run 0 --count 10)sh");
}

TEST_P(DmaTest, WhatIsNotTheBuffersIsNotReached) {
    bench.expect_all(R"sh(
        # Beyond a buffer's end there is nothing to destroy and nothing to see: one page, and all up to the next
        # buffer (75 pages each, and an address is a multiple of the next power of two).
        # What is written there ends in the one page that unmapped addresses lead to, also where a VT-d stands before the
        # device: no fault, and the device finds there what it wrote itself. The other device does not.
        other=/sys/kernel/debug/ipu-dmatest/0000:00:07.0/output
        for beyond in 4096 200000; do
            run 0 --node output --control beyond=$beyond --count 10
        done
        is 'bytes that were not 0' "$(counter output leaked_bytes)" 0
        for beyond in 4096 200000; do
            run 0 --control beyond=$beyond --count 10
            run 0 --memory userptr --control beyond=$beyond --count 10
        done
        run 0 --node output --control beyond=4096 --count 10
        is 'bytes that went astray' "$(counter output leaked_bytes)" 40960
        run 0 --node output --control beyond=4096 --count 10 --function 1
        is 'bytes that the other device sees of them' "$(sed -n 's/^leaked_bytes //p' $other)" 0
        # Control: from the next buffer on there is something.
        run 1 --control beyond=1000000 --count 10
        control 0 bytes_beyond_the_end=0
        control 1 bytes_beyond_the_end=0
        # A device that goes on writing when its buffers are freed: whoever gets the pages keeps his bytes.
        run 0 --control keep=1 --count 10 --size 2000x1000 --buffers 8
        state_is D0; note $? 'the device that goes on has power'
        mount -t tmpfs none /mnt
        passes() { counter device keep_passes; }
        dd if=/dev/zero of=/mnt/fill bs=1M count=100 2>/dev/null
        before=$(passes)
        more() { [ "$(passes)" -ge $((before + 10)) ]; }
        within 20 more; note $? 'the device goes on writing'
        cmp -n 104857600 /mnt/fill /dev/zero; note $? 'memory that was freed while the device wrote'
        umount /mnt
        control 0 keep_going=0
        within 10 state_is D3hot; note $? 'the device sleeps again'
        run 0 --count 10)sh");
}

// All that is mapped would be lost, without a word to who mapped it.
class DmaDomain : public DmaTest {};

TEST_P(DmaDomain, RootCannotTakeItAway) {
    bench.expect_all(R"sh(
        ./ipu-dmatest-stream --count 1000000 --control delay=5000 & capture=$!
        within 20 state_is D0
        for group in /sys/bus/platform/drivers/ipu-translated/*/iommu_group; do
            is "the type of $group" "$(cat $group/type)" DMA
            for type in identity DMA-FQ DMA auto; do
                echo $type >$group/type 2>/dev/null || true
            done
            note 0 "types written to $group: now $(cat $group/type)"
        done
        is 'translated devices' $(ls -d /sys/bus/platform/drivers/ipu-translated/*/iommu_group | wc -l) 2
        kill -INT $capture; wait $capture; is 'Ctrl-C' $? 130
        run 0 --count 10
        run 0 --node output --count 10)sh");
}

TEST_P(DmaTest, SleepsWhenIdleAndSurvivesUnbinding) {
    bench.vm.options({"--cpus", "2"});
    bench.expect_all(R"sh(
        within 10 state_is D3hot; note $? 'asleep before use'
        run 0 --count 5
        within 10 state_is D3hot; note $? 'asleep after use'
        ./ipu-dmatest-stream --count 1000000 --control delay=5000 & capture=$!
        ./ipu-dmatest-stream --node both --memory dmabuf-export --count 1000000 --function 1 & both=$!
        within 20 state_is D0; note $? 'awake in use'
        within 20 sh -c "[ $(counter output frames) -gt 3 ]"
        echo $first >/sys/bus/pci/drivers/ipu-dmatest/unbind
        wait $capture; is 'the unbound capture fails' $? 1
        wait $both; is 'the copy to the unbound function fails' $? 1
        echo $first >/sys/bus/pci/drivers/ipu-dmatest/bind
        within 20 dmatest_node 1 >/dev/null; note $? 'bound again'
        run 0 --count 10 --control delay=1000
        run 0 --node both --memory dmabuf-export
        # An unloaded module whose buffers somebody still has as a dma-buf would be a crash to come.
        ./ipu-dmatest-stream --count 1000000 --control delay=5000 & capture=$!
        within 20 state_is D0
        rmmod ipu-dmatest 2>/dev/null; is 'a module in use stays' $? 1
        kill -INT $capture; wait $capture; is 'Ctrl-C' $? 130
        rmmod ipu-dmatest && modprobe -r ipu3-cio2 && ! grep vb2_ipu_iommu /proc/modules; note $? 'unloads'
        modprobe ipu-dmatest && within 20 dmatest_node 3 >/dev/null
        run 0 --count 10)sh");
}

class DmaSleep : public DmaTest {};

TEST_P(DmaSleep, StreamsGoOnAfterASystemSleep) {
    bench.expect_all(fmt::format("{}{}", guest_sleep, R"sh(
        in_memory ./ipu-dmatest-stream
        ./ipu-dmatest-stream --count 400 --control delay=30000 >capture & capture=$!
        ./ipu-dmatest-stream --node output --count 400 --control delay=30000 --function 1 >output & output=$!
        second=/sys/kernel/debug/ipu-dmatest/0000:00:07.0/output
        run_both() { [ "$(counter capture frames)" -gt 3 ] && [ "$(sed -n 's/^frames //p' $second)" -gt 3 ]; }
        within 20 run_both; note $? 'both stream'
        slept=$(sleeps)
        system_sleep 1; is 'going to sleep' $? 0
        is 'sleeps' $(($(sleeps) - slept)) 1
        both_go_on 400)sh"));
}

class DmaHibernate : public DmaTest {};

// The image is restored by the kernel that made it (test_resume). In between the devices go on with
// what the image holds as not begun, and the image is made and restored through the caches. When it
// is made, some frames are in memory that nobody has looked at, and some buffers have not begun:
// there are more than the seconds until then can fill.
TEST_P(DmaHibernate, StreamsGoOnAfterTheImageIsRestored) {
    bench.vm.options({"--append", "hibernate=nocompress"});
    bench.expect_all(fmt::format("{}{}", guest_sleep, R"sh(
        [ -e /script ] || { modprobe brd rd_nr=1 rd_size=700000 && mkswap /dev/ram0 >mkswap.log && swapon /dev/ram0; } || exit 1
        in_memory ./ipu-dmatest-stream
        stream() { ./ipu-dmatest-stream --count 60 --buffers 32 --control delay=300000 "$@"; }
        stream >capture & capture=$!
        stream --node output --function 1 >output & output=$!
        second=/sys/kernel/debug/ipu-dmatest/0000:00:07.0/output
        run_both() { [ "$(counter capture frames)" -gt 3 ] && [ "$(sed -n 's/^frames //p' $second)" -gt 3 ]; }
        within 20 run_both; note $? 'both stream'
        dmesg -n 7
        done_before="$(counter capture frames) $(sed -n 's/^frames //p' $second)"
        echo test_resume >/sys/power/disk && echo disk >/sys/power/state
        is 'hibernation' $? 0
        set -- $done_before $(counter capture frames) $(sed -n 's/^frames //p' $second)
        for done in $(($3 - $1)) $(($4 - $2)); do
            [ $done -ge 2 ] && [ $done -le 28 ]; note $? "$done of 32 were done when the image was made"
        done
        # The log in memory is part of the image, the console is not.
        dmesg | grep 'Image loading done'; is 'memory is as it was before the image was loaded' $? 1
        both_go_on 60)sh"));
    EXPECT_NE(bench.vm.log_text("console.log").find("Image loading done"), std::string::npos);
}

// Negative control: an MMU that ignores invalidates. The device only reads, so that nothing breaks;
// `keep` holds the power from cycle to cycle, and with it the stale translations.
TEST_P(DmaTest, AMissingInvalidateWouldBeSeen) {
    // A VT-d sees it, too: what the stale translation leads to is mapped no more.
    bench.vm.options({"--allow-warn"});
    bench.expect_all(R"sh(
        run 0 --node output --memory userptr --cycles 5 --count 4 --control keep=1
        control 1 keep_going=0
        within 10 state_is D3hot; note $? 'off and on again'
        echo 1 >/sys/module/ipu_dmatest/parameters/deaf
        run 1 --node output --memory userptr --cycles 5 --count 4 --control keep=1)sh");
}

/// v4l2-compliance with all that it has for streaming, on both nodes of the first function.
class DmaCompliance : public DmaTest {
  protected:
    /// @p more: further options.
    void expect_none_failed(std::string_view more) {
        const auto outcome = bench.vm.run(fmt::format(R"sh({}{}
        for node in 0 1; do
            # It warns of a buffer that is done before QBUF has returned: a guest that the host keeps waiting is that slow.
            control $node delay_in_microseconds=20000 || exit
            v4l2-compliance -d $(dmatest_node $node) -s10 {} -e $(dmatest_node 2) >>compliance.log 2>&1
            v4l2-ctl -d $(dmatest_node $node) -C delay_in_microseconds
        done
        true)sh",
                                                      guest_shell, helpers, more));
        ASSERT_EQ(outcome.status, 0) << describe(outcome);
        EXPECT_EQ(outcome.out, "delay_in_microseconds: 20000\ndelay_in_microseconds: 20000\n");
        const auto log = bench.vm.share_text("compliance.log");
        for (const auto* wanted :
             {"Total for ipu-dmatest device [^\\n]*, Failed: 0, Warnings: 0",
              "test MMAP \\(select, REQBUFS\\): OK", "test USERPTR \\(select\\): OK",
              "test DMABUF \\(select\\): OK"}) {
            const std::regex line{wanted};
            EXPECT_EQ(std::distance(std::sregex_iterator{log.begin(), log.end(), line}, {}), 2)
                << wanted << '\n'
                << log;
        }
    }
};

TEST_P(DmaCompliance, NothingFailsAndNothingIsWarnedOf) {
    expect_none_failed("");
}

class DmaFormats : public DmaCompliance {};

TEST_P(DmaFormats, NothingFailsAndNothingIsWarnedOf) {
    expect_none_failed("-f");
}

class DmaFrames : public DmaTest {};

TEST_P(DmaFrames, AThousandOfEachKindOfMemory) {
    bench.expect_all(R"sh(
        for memory in mmap userptr dmabuf-import dmabuf-export; do
            run 0 --memory $memory --count 1000
            run 0 --node output --memory $memory --count 1000
        done
        run 0 --memory userptr --userptr-offset 100 --count 1000
        run 0 --node both --memory dmabuf-export --count 1000
        run 0 --node both --memory dmabuf-export --look --count 1000
        run 0 --node both --memory dmabuf-import --count 1000)sh");
}

std::string machine_name(const testing::TestParamInfo<Machine>& tested) {
    return tested.param.name();
}

std::vector<Machine> ten_seeds() {
    std::vector<Machine> machines;
    for (unsigned seed = 1; seed <= 10; ++seed) {
        for (const auto* kernel : {"stable", "newest"}) {
            for (const bool vtd : {false, true}) {
                machines.push_back({.kernel = kernel, .vtd = vtd, .evict = seed});
            }
        }
    }
    return machines;
}

const Machine stable{.kernel = "stable"};
const Machine stable_vtd{.kernel = "stable", .vtd = true};
const Machine newest{.kernel = "newest"};
const Machine newest_vtd{.kernel = "newest", .vtd = true};
const Machine newest_vtd_evict{.kernel = "newest", .vtd = true, .evict = 1};

INSTANTIATE_TEST_SUITE_P(Short, DmaTest, testing::Values(newest_vtd_evict), machine_name);
INSTANTIATE_TEST_SUITE_P(Full, DmaTest, testing::Values(stable, stable_vtd, newest, newest_vtd),
                         machine_name);
INSTANTIATE_TEST_SUITE_P(Full, DmaSleep,
                         testing::Values(stable, stable_vtd, newest, newest_vtd_evict),
                         machine_name);
INSTANTIATE_TEST_SUITE_P(Full, DmaHibernate,
                         testing::Values(stable, stable_vtd, newest, newest_vtd_evict),
                         machine_name);
INSTANTIATE_TEST_SUITE_P(Full, DmaDomain, testing::Values(stable, stable_vtd, newest, newest_vtd),
                         machine_name);
INSTANTIATE_TEST_SUITE_P(Short, DmaCompliance, testing::Values(stable), machine_name);
INSTANTIATE_TEST_SUITE_P(Full, DmaCompliance, testing::ValuesIn(ten_seeds()), machine_name);
INSTANTIATE_TEST_SUITE_P(Full, DmaFormats, testing::Values(stable, stable_vtd, newest, newest_vtd),
                         machine_name);
INSTANTIATE_TEST_SUITE_P(Full, DmaFrames,
                         testing::Values(stable, stable_vtd, newest, newest_vtd_evict),
                         machine_name);

} // namespace
} // namespace tests
