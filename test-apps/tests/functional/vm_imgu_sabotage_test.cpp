// SPDX-License-Identifier: GPL-2.0-or-later
// Deliberate mistakes in the virtual ImgU: the negative controls of those who judge its pictures,
// its statistics and its events.
#include "tests/functional/imgu_judges.hpp"
#include "tests/functional/ktap.hpp"
#include "tests/functional/vm.hpp"

#include <algorithm>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>
#include <string>
#include <vector>

namespace tests {
namespace {

const ImguSizes sizes{
    .frame = "1296x972", .bds = "768x576", .picture = "640x480", .half = "320x240"};
constexpr std::size_t picture_bytes = 640UL * 480 * 3 / 2;
constexpr unsigned frames = 5;

/// When each buffer of a stream was done, in seconds, by v4l2-ctl's log.
std::vector<double> done_at(const std::string& log) {
    const std::regex line{R"(cap dqbuf: .* seq: .* ts: (\d+\.\d+))"};
    std::vector<double> times;
    for (std::sregex_iterator found{log.begin(), log.end(), line}, end; found != end; ++found) {
        times.push_back(std::stod((*found)[1].str()));
    }
    return times;
}

/// What the judges say of one run.
struct Judged {
    Outcome run;
    std::size_t pictures{0}; ///< written
    std::size_t dequeued{0};
    Outcome picture; ///< of the second frame
    Outcome statistics;
    double late{0}; ///< of a picture behind its statistics, seconds, at the most
};

/// A dark frame and a light one by turns go through the ImgU.
Judged judged(Vm& vm, std::string_view sabotage) {
    std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
    vm.options({"--drivers", "stock", "--imgu", "--scene", "room", "--memory", "2G", "--pace",
                "--timeout", "900"});
    if (!sabotage.empty()) {
        vm.options({"--sabotage", sabotage});
    }
    Judged all;
    all.run = vm.run_script("imgu-process.sh", {{"FRAME", sizes.frame},
                                                {"BDS", sizes.bds},
                                                {"PICTURE", sizes.picture},
                                                {"COUNT", std::to_string(frames)},
                                                {"EXPOSURES", "300 900"},
                                                {"FED", "all"}});
    const auto pictures = vm.share() / "output-0.nv12";
    all.pictures = std::filesystem::exists(pictures)
                       ? std::filesystem::file_size(pictures) / picture_bytes
                       : 0;
    const std::vector<std::string> second{"--number", "1", "--frame", "1"};
    auto of_picture = second;
    of_picture.insert(of_picture.end(), {"--picture-size", sizes.picture});
    all.picture = judge_picture(vm, sizes, "output-0.nv12", "both.raw", of_picture);
    all.statistics = judge_awb(vm, sizes, "stat-0.bin", "both.raw", second);
    const auto shown = done_at(vm.share_text("output-0.log"));
    const auto counted = done_at(vm.share_text("stat-0.log"));
    all.dequeued = shown.size();
    for (std::size_t i = 0; i < std::min(shown.size(), counted.size()); ++i) {
        all.late = std::max(all.late, shown[i] - counted[i]);
    }
    EXPECT_GE(std::min(shown.size(), counted.size()), 3U);
    return all;
}

constexpr double too_late = 0.5; // one interrupt tells of both

void expect_right(const Judged& all) {
    expect_good(all.run);
    EXPECT_EQ(all.pictures, frames);
    EXPECT_EQ(all.picture.status, 0) << describe(all.picture);
    EXPECT_EQ(all.statistics.status, 0) << describe(all.statistics);
    EXPECT_LT(all.late, too_late);
}

TEST(ImguSabotageInFull, NoneIsRight) {
    Vm vm;
    expect_right(judged(vm, {}));
}

class WrongPicture : public testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(WrongPicture, IsSeenByTheJudgeOfPictures) {
    const auto& [sabotage, complaint] = GetParam();
    Vm vm;
    auto all = judged(vm, sabotage);
    EXPECT_EQ(all.picture.status, 1) << describe(all.picture);
    EXPECT_NE(all.picture.out.find(complaint), std::string::npos) << describe(all.picture);
    all.picture.status = 0; // and nothing else is wrong
    expect_right(all);
}

INSTANTIATE_TEST_SUITE_P(Full, WrongPicture,
                         testing::Values(std::pair{"swapped-chroma", "Cb is not alike"},
                                         std::pair{"shifted-pixel", "the picture lies"},
                                         std::pair{"wrong-stride", "the picture is not alike"}),
                         [](const auto& tested) {
                             auto name = tested.param.first;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

TEST(ImguSabotageInFull, StatisticsOfThePreviousFrameAreSeenByTheirJudge) {
    Vm vm;
    auto all = judged(vm, "previous-statistics");
    EXPECT_EQ(all.statistics.status, 1) << describe(all.statistics);
    all.statistics.status = 0;
    expect_right(all);
}

TEST(ImguSabotageInFull, AnEventThatIsLostStopsTheStockDriver) {
    Vm vm;
    const auto all = judged(vm, "lost-event");
    // It gives the ImgU nothing more before it has everything back: v4l2-ctl waits until timeout(1)
    // ends it.
    EXPECT_THAT(judge_ktap(all.run.out).problems,
                testing::ElementsAre("not ok 2 - status of 5 pictures: 124, not 0"))
        << describe(all.run);
    EXPECT_EQ(all.dequeued, 3U);
    EXPECT_LT(all.pictures, 4U);
}

TEST(ImguSabotageInFull, AnEventThatIsLateIsSeenInTimeStamps) {
    Vm vm;
    auto all = judged(vm, "late-event");
    EXPECT_GE(all.late, 0.9);
    all.late = 0;
    expect_right(all);
}

} // namespace
} // namespace tests
