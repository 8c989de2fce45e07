// SPDX-License-Identifier: GPL-2.0-or-later
// The nodes of the kernel's own ImgU driver, started and stopped in every order; and what of its
// known bugs the virtual machine shows to be the driver's.
#include "tests/functional/imgu_judges.hpp"
#include "tests/functional/vm.hpp"

#include <algorithm>
#include <filesystem>
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

TEST_P(ImguOrder, WithoutAViewfinderLinkTheDriverCrashes) {
    Vm vm;
    machine(vm);
    // It dereferences a null pointer (imgu_css_pipeline_init()): the machine tells, and is not to
    // blame. A driver that has learnt better ends this test.
    const auto outcome = vm.run_script("imgu-no-viewfinder.sh");
    EXPECT_EQ(outcome.status, 126) << describe(outcome);
    EXPECT_NE(outcome.err.find("BUG: kernel NULL pointer dereference"), std::string::npos)
        << describe(outcome);
}

TEST_P(ImguOrder, TheDriversFirstFrameHasNumberOne) {
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

INSTANTIATE_TEST_SUITE_P(Full, ImguOrder, testing::Values("stable", "newest"),
                         [](const auto& tested) { return tested.param; });

} // namespace
} // namespace tests
