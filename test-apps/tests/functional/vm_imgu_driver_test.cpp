// SPDX-License-Identifier: GPL-2.0-or-later
// The project's ImgU driver in the virtual machine: pictures are those of the frames that it was
// given, also behind VT-d and past caches that the ImgU does not snoop; nothing is left of it; and
// the firmware is told what the kernel's own driver tells.
#include "tests/functional/imgu_judges.hpp"
#include "tests/functional/vm.hpp"

#include <algorithm>
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

/// Nothing that is written comes to memory by chance.
const Around worst{"WorstCase", {"--noncoherent", "imgu,cio2"}};

class ImguDriverPicture : public testing::TestWithParam<std::tuple<std::string, Around>> {};

TEST_P(ImguDriverPicture, ShowsTheFrameThatItWasGiven) {
    const auto& [kernel, around] = GetParam();
    Vm vm;
    vm.options({"--kernel", kernel, "--drivers", "project", "--timeout", "1800"});
    vm.options(around.options);
    if (around.name == worst.name) {
        // Which reads blocks that the model of the firmware does not.
        vm.options({"--record", (vm.share() / "told").string()});
    }
    expect_the_frame(vm, small);
    ASSERT_FALSE(HasFailure());
    expect_one_time_a_frame(vm);
    if (std::ranges::find(around.options, "--noncoherent") != around.options.end()) {
        expect_nothing_stale(vm);
    }
}

const Around plain{"Plain", {}};
const Around vtd{"Vtd", {"--vtd"}};
const Around noncoherent{"Noncoherent", {"--noncoherent", "imgu,cio2", "--evict", "7"}};
/// What the benchmark measures: a driver that is told that the device snoops.
const Around told{"ToldSnooping",
                  {"--append", "ipu3_imgu.noncoherent_tables=0 ipu3_imgu.noncoherent_buffers=0"}};
const Around both{"VtdNoncoherent", {"--vtd", "--noncoherent", "imgu,cio2", "--evict", "11"}};

std::string picture_name(const testing::TestParamInfo<ImguDriverPicture::ParamType>& tested) {
    return fmt::format("{}_{}", std::get<0>(tested.param), std::get<1>(tested.param).name);
}

INSTANTIATE_TEST_SUITE_P(Short, ImguDriverPicture, testing::Values(std::tuple{"newest", both}),
                         picture_name);
INSTANTIATE_TEST_SUITE_P(Full, ImguDriverPicture,
                         testing::Combine(testing::Values("stable", "newest"),
                                          testing::Values(plain, vtd, worst, noncoherent, told,
                                                          both)),
                         picture_name);

class ImguDriver : public testing::TestWithParam<std::string> {};

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
    const auto compared = run_program(
        "ipu3-record", {"diff", "--common", "--all", "--expected",
                        (source_tree() / "test-apps/module-tests/imgu/differences.txt").string(),
                        (stock.share() / "told").string(), (project.share() / "told").string()});
    EXPECT_EQ(compared.status, 0) << describe(compared);
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
