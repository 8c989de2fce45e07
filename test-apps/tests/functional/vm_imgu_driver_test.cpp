// SPDX-License-Identifier: GPL-2.0-or-later
// The project's ImgU driver in the virtual machine: pictures are those of the frames that it was
// given, also behind VT-d and past caches that the ImgU does not snoop; nodes start and stop in
// each order; nothing is left of it; and the firmware is told what the kernel's own driver tells.
#include "tests/functional/imgu_judges.hpp"
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace tests {
namespace {

const ImguSizes small{"1296x972", "768x576", "640x480", "320x240"};
const ImguSizes large{"1296x972", "1296x972", "1280x960", "640x480"};

void machine(Vm& vm, std::string_view kernel, std::string_view drivers = "project") {
    std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
    vm.options({"--kernel", kernel, "--drivers", drivers, "--imgu", "--memory", "2G", "--pace",
                "--timeout", "1800"});
}

void right(const Outcome& judged) {
    EXPECT_EQ(judged.status, 0) << describe(judged);
}

/// Times of a node's buffers by their numbers, as v4l2-ctl's report has them.
std::map<unsigned, std::string> times(const Vm& vm, const std::string& node) {
    std::map<unsigned, std::string> found;
    const auto log = vm.share_text(node + "-0.log");
    const std::regex line{R"(dqbuf: +\d+ seq: +(\d+) .*ts: ([0-9.]+))"};
    for (std::sregex_iterator at{log.begin(), log.end(), line}, end; at != end; ++at) {
        found.emplace(std::stoul(at->str(1)), at->str(2));
    }
    return found;
}

/// A frame has one number and one time at all nodes. The stock driver gives each node its own.
void expect_one_time_a_frame(const Vm& vm) {
    const auto output = times(vm, "output");
    ASSERT_TRUE(output.contains(0)) << vm.share_text("output-0.log");
    for (const auto* node : {"viewfinder", "stat", "input"}) {
        unsigned compared = 0;
        for (const auto& [number, time] : times(vm, node)) {
            if (const auto same = output.find(number); same != output.end()) {
                EXPECT_EQ(time, same->second) << node << ", frame " << number;
                ++compared;
            }
        }
        EXPECT_GE(compared, 2) << node;
    }
}

struct Around {
    std::string name;
    std::vector<std::string_view> options;
};

class ImguDriverPicture : public testing::TestWithParam<std::tuple<std::string, Around>> {};

TEST_P(ImguDriverPicture, ShowsTheFrameThatItWasGiven) {
    const auto& [kernel, around] = GetParam();
    Vm vm;
    machine(vm, kernel);
    vm.options({"--scene", "room"});
    for (const auto option : around.options) {
        vm.options({option});
    }
    expect_script(vm, "imgu-process.sh",
                  {{"FRAME", small.frame},
                   {"BDS", small.bds},
                   {"PICTURE", small.picture},
                   {"COUNT", "4"},
                   {"EXPOSURES", "300 900"},
                   {"FED", "last"}});
    ASSERT_FALSE(HasFailure());
    expect_one_time_a_frame(vm);
    right(judge_picture(vm, small, "output-0.nv12", "900.raw", {"--picture-size", small.picture}));
    right(judge_picture(vm, small, "viewfinder-0.nv12", "900.raw", {"--picture-size", small.half}));
    right(judge_awb(vm, small, "stat-0.bin", "900.raw"));
    // Negative control: statistics of another frame.
    EXPECT_EQ(judge_awb(vm, small, "stat-0.bin", "300.raw").status, 1);
}

const Around plain{"Plain", {}};
const Around vtd{"Vtd", {"--vtd"}};
const Around noncoherent{"Noncoherent", {"--noncoherent", "imgu,cio2", "--evict", "7"}};
const Around both{"VtdNoncoherent", {"--vtd", "--noncoherent", "imgu,cio2", "--evict", "11"}};

std::string picture_name(const testing::TestParamInfo<ImguDriverPicture::ParamType>& tested) {
    return fmt::format("{}_{}", std::get<0>(tested.param), std::get<1>(tested.param).name);
}

INSTANTIATE_TEST_SUITE_P(Short, ImguDriverPicture, testing::Values(std::tuple{"newest", both}),
                         picture_name);
INSTANTIATE_TEST_SUITE_P(Full, ImguDriverPicture,
                         testing::Combine(testing::Values("stable", "newest"),
                                          testing::Values(plain, vtd, noncoherent, both)),
                         picture_name);

class ImguDriver : public testing::TestWithParam<std::string> {};

TEST_P(ImguDriver, NodesStartAndStopInEachOrder) {
    Vm vm;
    machine(vm, GetParam());
    expect_script(vm, "imgu-order.sh");
}

TEST_P(ImguDriver, NodesMayComeAndGoWithoutEverRunning) {
    Vm vm;
    machine(vm, GetParam());
    expect_script(vm, "imgu-without.sh");
}

TEST_P(ImguDriver, BothPipesRunAtOnce) {
    Vm vm;
    machine(vm, GetParam());
    vm.options({"--scene", "room"});
    expect_script(vm, "imgu-both-pipes.sh",
                  {{"FRAME0", small.frame},
                   {"BDS0", small.bds},
                   {"PICTURE0", small.picture},
                   {"FRAME1", large.frame},
                   {"BDS1", large.bds},
                   {"PICTURE1", large.picture}});
    ASSERT_FALSE(HasFailure());
    const auto judge = [&](const ImguSizes& sizes, const std::string& pipe) {
        right(judge_picture(vm, sizes, "output-" + pipe + ".nv12", "raw-" + pipe,
                            {"--number", "1", "--picture-size", sizes.picture}));
        right(judge_awb(vm, sizes, "stat-" + pipe + ".bin", "raw-" + pipe, {"--number", "1"}));
    };
    judge(small, "0");
    judge(large, "1");
    // Each has its own: the other pipe's frame was darker.
    EXPECT_EQ(judge_awb(vm, small, "stat-0.bin", "raw-1").status, 1);
}

TEST_P(ImguDriver, LeavesNothingBehind) {
    Vm vm;
    machine(vm, GetParam());
    expect_script(vm, "imgu-cycles.sh",
                  {{"TIMES", "100"}, {"KINDS", "reload rebind unbind_streaming start_stop"}});
}

INSTANTIATE_TEST_SUITE_P(Full, ImguDriver, testing::Values("stable", "newest"),
                         [](const auto& tested) { return tested.param; });

class ImguTold : public testing::TestWithParam<std::tuple<std::string, ImguSizes>> {};

TEST_P(ImguTold, IsWhatTheKernelsOwnDriverTells) {
    const auto& [kernel, sizes] = GetParam();
    const auto record = [&](Vm& vm, std::string_view drivers) {
        machine(vm, kernel, drivers);
        vm.options({"--record", (vm.share() / "told").string()});
        expect_script(vm, "imgu-process.sh",
                      {{"FRAME", sizes.frame},
                       {"BDS", sizes.bds},
                       {"PICTURE", sizes.picture},
                       {"COUNT", "3"}});
    };
    Vm stock;
    Vm project;
    record(stock, "stock");
    record(project, "project");
    // How many frames are on their way when the last one came out depends on time.
    right(run_program("ipu3-record",
                      {"diff", "--common", "--all", "--expected",
                       (source_tree() / "test-apps/module-tests/imgu/recordings.txt").string(),
                       (stock.share() / "told").string(), (project.share() / "told").string()}));
}

INSTANTIATE_TEST_SUITE_P(Full, ImguTold,
                         testing::Combine(testing::Values("stable", "newest"),
                                          testing::Values(small, large)),
                         [](const auto& tested) {
                             return fmt::format("{}_{}", std::get<0>(tested.param),
                                                std::get<1>(tested.param).picture);
                         });

} // namespace
} // namespace tests
