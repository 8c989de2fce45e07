// SPDX-License-Identifier: GPL-2.0-or-later
// The nodes of the kernel's own ImgU driver, started and stopped in every order; and what of its
// known bugs the virtual machine shows to be the driver's.
#include "tests/functional/guest_imgu.hpp"
#include "tests/functional/guest_shell.hpp"
#include "tests/functional/imgu_judges.hpp"
#include "tests/functional/vm.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <regex>
#include <string>

namespace tests {
namespace {

class ImguOrder : public testing::TestWithParam<std::string> {
  protected:
    static void machine(Vm& vm) {
        std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
        vm.options({"--kernel", GetParam(), "--drivers", "stock", "--imgu", "--memory", "2G",
                    "--pace", "--timeout", "1800"});
    }
    /// Before each script: the functions, a RAW frame, and whether a node's stream has started and
    /// a process has gone.
    static std::string prepared(std::string_view script) {
        return fmt::format(
            "{}{}./ipu3-capture --quiet --size 1296x972 --count 1 --raw in.raw >/dev/null || exit\n"
            "raw=in.raw; configure 0 1296x972 768x576 640x480 || exit\n"
            "started() {{ grep -q 'VIDIOC_STREAMON returned 0' $1-0.log; }}\n"
            "gone() {{ ! kill -0 $1 2>/dev/null; }}\n{}",
            guest_shell, guest_imgu, script);
    }
};

TEST_P(ImguOrder, OfStartsAndStopsIsFree) {
    Vm vm;
    machine(vm);
    const auto outcome = vm.run(prepared(R"sh(
        flows() { grep -q 'dqbuf.* seq: *[2-9]' $1-0.log; }
        orders=0
        for a in output viewfinder stat input; do for b in output viewfinder stat input; do
        for c in output viewfinder stat input; do for d in output viewfinder stat input; do
            [ $(printf '%s\n' $a $b $c $d | sort -u | wc -l) = 4 ] || continue
            orders=$((orders + 1))
            rm -f *-0.log
            pids=
            for node in $a $b $c $d; do
                stream 0 $node & pids="$pids $!"
                within 60 started $node || { note 1 "$a $b $c $d: start of $node"; tail -n 3 $node-0.log; break 5; }
            done
            for node in output viewfinder stat; do
                within 60 flows $node || { note 1 "$a $b $c $d: frames at $node"; break 5; }
            done
            # The same order stops them: the first one's end stops the driver.
            for pid in $pids; do
                kill $pid
                within 60 gone $pid || { note 1 "$a $b $c $d: stop"; break 5; }
            done
            wait $pids
        done; done; done; done
        is 'orders' $orders 24
        kill $pids 2>/dev/null; wait
        process 0 in.raw 1296x972 768x576 640x480 3
        note $? 'frames after all of them'
        is 'their bytes' $(stat -c %s output-0.nv12) $((3 * 640 * 480 * 3 / 2))
        exit $failed)sh"));
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
    EXPECT_EQ(outcome.out.find("not ok"), std::string::npos) << outcome.out;
}

TEST_P(ImguOrder, NodesMayComeAndGoWithoutEverRunning) {
    Vm vm;
    machine(vm);
    // Three of the four start and stop, each time without another one; none of them hangs.
    const auto outcome = vm.run(prepared(R"sh(
        for without in output viewfinder stat input; do
            rm -f *-0.log
            pids=
            for node in output viewfinder stat input; do
                [ $node != $without ] || continue
                stream 0 $node & pids="$pids $!"
                within 60 started $node || note 1 "start of $node without $without"
            done
            ! grep -q 'dqbuf' output-0.log viewfinder-0.log stat-0.log 2>/dev/null; note $? "no frame without $without"
            for pid in $pids; do
                kill $pid
                within 60 gone $pid; note $? "stop without $without"
            done
            wait $pids
        done
        process 0 in.raw 1296x972 768x576 640x480 3
        note $? 'frames afterwards'
        is 'their bytes' $(stat -c %s output-0.nv12) $((3 * 640 * 480 * 3 / 2))
        exit $failed)sh"));
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
    EXPECT_EQ(outcome.out.find("not ok"), std::string::npos) << outcome.out;
}

TEST_P(ImguOrder, BothPipesRunAtOnce) {
    const ImguSizes small{
        .frame = "1296x972", .bds = "768x576", .picture = "640x480", .half = "320x240"};
    const ImguSizes large{
        .frame = "1296x972", .bds = "1296x972", .picture = "1280x960", .half = "640x480"};
    Vm vm;
    machine(vm);
    vm.options({"--scene", "room"});
    // libcamera cannot: it sets the second camera's links while the first one streams, and the
    // media core refuses that.
    const auto outcome = vm.run(fmt::format(R"sh({}{}
        frame() {{ ./ipu3-capture --quiet --size 1296x972 --set exposure=$1 --count 1 --raw $2 >/dev/null; }}
        frame 900 raw-0 && frame 500 raw-1 || exit
        configure 0 {} {} {} && configure 1 {} {} {} || exit
        flows() {{ grep -q 'dqbuf.* seq: *[5-9]' $1.log; }}
        pids=
        for pipe in 0 1; do
            raw=raw-$pipe
            for node in output viewfinder stat input; do stream $pipe $node & pids="$pids $!"; done
        done
        for pipe in 0 1; do
            for node in output viewfinder stat; do
                within 120 flows $node-$pipe; note $? "frames at $node of pipe $pipe"
            done
        done
        kill $pids; wait $pids
        exit $failed)sh",
                                            guest_shell, guest_imgu, small.frame, small.bds,
                                            small.picture, large.frame, large.bds, large.picture));
    ASSERT_EQ(outcome.status, 0) << describe(outcome);
    EXPECT_EQ(outcome.out.find("not ok"), std::string::npos) << outcome.out;
    const auto right = [&](const ImguSizes& sizes, const std::string& pipe) {
        const auto raw = "raw-" + pipe;
        for (const auto& judged :
             {judge_picture(vm, sizes, "output-" + pipe + ".nv12", raw,
                            {"--number", "1", "--picture-size", sizes.picture}),
              judge_awb(vm, sizes, "stat-" + pipe + ".bin", raw, {"--number", "1"})}) {
            EXPECT_EQ(judged.status, 0) << describe(judged);
        }
    };
    right(small, "0");
    right(large, "1");
    // Each has its own: the other pipe's frame was darker.
    EXPECT_EQ(judge_awb(vm, small, "stat-0.bin", "raw-1").status, 1);
}

TEST_P(ImguOrder, WithoutAViewfinderLinkTheDriverCrashes) {
    Vm vm;
    machine(vm);
    // It dereferences a null pointer (imgu_css_pipeline_init()): the machine tells, and is not to
    // blame. A driver that has learnt better ends this test.
    const auto outcome = vm.run(prepared(R"sh(
        imgu_link '"ipu3-imgu 0":3 -> "ipu3-imgu 0 viewfinder":0 [0]' || exit
        for node in output stat input; do stream 0 $node & done
        within 20 eval 'dmesg | grep -q "BUG: kernel NULL pointer dereference"')sh"));
    EXPECT_EQ(outcome.status, 126) << describe(outcome);
    EXPECT_NE(outcome.err.find("BUG: kernel NULL pointer dereference"), std::string::npos)
        << describe(outcome);
}

TEST_P(ImguOrder, TheDriversFirstFrameHasNumberOne) {
    Vm vm;
    machine(vm);
    const auto outcome = vm.run(prepared("process 0 in.raw 1296x972 768x576 640x480 2"));
    ASSERT_EQ(outcome.status, 0) << describe(outcome);
    std::smatch first;
    const auto log = vm.share_text("output-0.log");
    ASSERT_TRUE(std::regex_search(log, first, std::regex{R"(dqbuf: \d+ seq: *(\d+))"})) << log;
    EXPECT_EQ(first[1].str(), "1");
}

INSTANTIATE_TEST_SUITE_P(Full, ImguOrder, testing::Values("stable", "newest"),
                         [](const auto& tested) { return tested.param; });

} // namespace
} // namespace tests
