// SPDX-License-Identifier: GPL-2.0-or-later
// An ImgU's nodes started and stopped in every order, under the kernel's own driver and under the
// project's; and what of the former's known bugs the virtual machine shows to be the driver's.
#include "tests/functional/imgu_judges.hpp"
#include "tests/functional/vm.hpp"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <regex>
#include <string>
#include <string_view>
#include <tuple>

namespace tests {
namespace {

/// A machine with RAW frames to be had.
void set_up(Vm& vm, std::string_view kernel, std::string_view drivers) {
    std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
    vm.options({"--kernel", kernel, "--drivers", drivers, "--imgu", "--memory", "2G", "--pace",
                "--timeout", "1800"});
}

/// Kernel, and whose drivers.
class ImguOrder : public testing::TestWithParam<std::tuple<std::string, std::string>> {
  protected:
    static void machine(Vm& vm) { set_up(vm, std::get<0>(GetParam()), std::get<1>(GetParam())); }
};

TEST_P(ImguOrder, OfStartsAndStopsIsFree) {
    Vm vm;
    machine(vm);
    expect_script(vm, "imgu-order.sh");
}

TEST_P(ImguOrder, NodesMayComeAndGoWithoutEverRunning) {
    Vm vm;
    machine(vm);
    expect_script(vm, "imgu-without.sh");
}

TEST_P(ImguOrder, BothPipesRunAtOnce) {
    const ImguSizes small{
        .frame = "1296x972", .bds = "768x576", .picture = "640x480", .half = "320x240"};
    const ImguSizes large{
        .frame = "1296x972", .bds = "1296x972", .picture = "1280x960", .half = "640x480"};
    Vm vm;
    machine(vm);
    vm.options({"--scene", "room"});
    expect_script(vm, "imgu-both-pipes.sh",
                  {{"FRAME0", small.frame},
                   {"BDS0", small.bds},
                   {"PICTURE0", small.picture},
                   {"FRAME1", large.frame},
                   {"BDS1", large.bds},
                   {"PICTURE1", large.picture}});
    ASSERT_FALSE(HasFailure());
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

INSTANTIATE_TEST_SUITE_P(Full, ImguOrder,
                         testing::Combine(testing::Values("stable", "newest"),
                                          testing::Values("stock", "project")),
                         [](const auto& tested) {
                             return std::get<0>(tested.param) + "_" + std::get<1>(tested.param);
                         });

/// The kernel's own driver's bugs.
class ImguStock : public testing::TestWithParam<std::string> {
  protected:
    static void machine(Vm& vm) { set_up(vm, GetParam(), "stock"); }
};

TEST_P(ImguStock, WithoutAViewfinderLinkTheDriverCrashes) {
    Vm vm;
    machine(vm);
    // It dereferences a null pointer (imgu_css_pipeline_init()): the machine tells, and is not to
    // blame. A driver that has learnt better ends this test.
    const auto outcome = vm.run_script("imgu-no-viewfinder.sh");
    EXPECT_EQ(outcome.status, 126) << describe(outcome);
    EXPECT_NE(outcome.err.find("BUG: kernel NULL pointer dereference"), std::string::npos)
        << describe(outcome);
}

TEST_P(ImguStock, TheDriversFirstFrameHasNumberOne) {
    Vm vm;
    machine(vm);
    expect_script(
        vm, "imgu-process.sh",
        {{"FRAME", "1296x972"}, {"BDS", "768x576"}, {"PICTURE", "640x480"}, {"COUNT", "2"}});
    std::smatch first;
    const auto log = vm.share_text("output-0.log");
    ASSERT_TRUE(std::regex_search(log, first, std::regex{R"(dqbuf: \d+ seq: *(\d+))"})) << log;
    EXPECT_EQ(first[1].str(), "1");
}

INSTANTIATE_TEST_SUITE_P(Full, ImguStock, testing::Values("stable", "newest"),
                         [](const auto& tested) { return tested.param; });

} // namespace
} // namespace tests
