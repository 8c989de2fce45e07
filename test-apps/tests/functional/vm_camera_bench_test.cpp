// SPDX-License-Identifier: GPL-2.0-or-later
// The camera's benchmark at a small size, with the project's driver and with the kernel's own: it
// has all of its rows, counts the same twice, and says so when it cannot count.
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <sstream>
#include <string>
#include <string_view>

namespace tests {
namespace {

std::map<std::string, double> read_rows(const std::string& text) {
    std::map<std::string, double> rows;
    std::istringstream lines{text};
    std::string name;
    for (double value = 0; lines >> name >> value;) {
        rows[name] = value;
    }
    return rows;
}

void set_up(Vm& vm, const std::string& drivers) {
    std::filesystem::copy_file(programs() / "ipu3-camera-bench", vm.share() / "ipu3-camera-bench");
    std::filesystem::copy_file(source_tree() / "test-apps/bench/camera-guest",
                               vm.share() / "camera-guest");
    // On a host that is busy the sensor waits, or a frame would be lost.
    vm.options({"--kernel", "newest", "--drivers", drivers, "--scene", "counter", "--pace"});
}

void count_instructions(Vm& vm, const std::string& processors) {
    vm.options({"--cpus", processors, "--plugin", (programs() / "ipu3-count-plugin.so").string()});
}

constexpr std::string_view measure =
    "./camera-guest --width 1296 --height 972 --vertical-blanking 9700 --frames 20";

class CameraBench : public testing::TestWithParam<std::string> {};

TEST_P(CameraBench, HasAllRowsAndCountsTheSameTwice) {
    Vm vm;
    set_up(vm, GetParam());
    count_instructions(vm, "1");
    const auto outcome = vm.run(std::string{measure} + " >a && " + std::string{measure} +
                                " >b && " + std::string{measure} + " --stream-only >c");
    ASSERT_EQ(outcome.status, 0) << describe(outcome);
    const auto first = read_rows(vm.share_text("a"));
    const auto again = read_rows(vm.share_text("b"));
    EXPECT_EQ(first.size(), 13U) << vm.share_text("a");
    EXPECT_EQ(read_rows(vm.share_text("c")).size(), 3U) << vm.share_text("c");
    for (const auto* buffers : {"reqbufs:4", "mmap:4", "munmap:4", "reqbufs:32", "mmap:32"}) {
        EXPECT_GT(first.at(buffers), 10000) << buffers;
        EXPECT_NEAR(first.at(buffers), again.at(buffers), 0.05 * first.at(buffers)) << buffers;
    }
    EXPECT_GT(first.at("frame:own"), 100);
    EXPECT_LT(first.at("frame:own"), 5000);
    EXPECT_GT(first.at("frame:all"), first.at("frame:own"));
    // A frame's begin and its end, which may have become one on a busy host; and one of another
    // frame's at the edge of what is counted.
    EXPECT_GE(first.at("frame:interrupts"), 0.9);
    EXPECT_LE(first.at("frame:interrupts"), 2.1);
}

INSTANTIATE_TEST_SUITE_P(Full, CameraBench, testing::Values("project", "stock"),
                         [](const auto& tested) { return tested.param; });

void expect_refused(Vm& vm, std::string_view why) {
    const auto outcome = vm.run(measure);
    EXPECT_EQ(outcome.status, 1) << describe(outcome);
    EXPECT_NE(outcome.err.find(why), std::string::npos) << describe(outcome);
}

TEST(CameraBenchControlInFull, WantsSomebodyWhoCounts) {
    Vm vm;
    set_up(vm, "project");
    expect_refused(vm, "nobody counts instructions");
}

TEST(CameraBenchControlInFull, WantsOneProcessor) {
    Vm vm;
    set_up(vm, "project");
    count_instructions(vm, "2");
    expect_refused(vm, "more than one processor");
}

} // namespace
} // namespace tests
