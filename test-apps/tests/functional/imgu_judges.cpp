// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/functional/imgu_judges.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tests {

namespace {

Outcome judge(const Vm& vm, std::string_view what, const ImguSizes& sizes, std::string_view file,
              std::string_view raw, const std::vector<std::string>& more) {
    std::vector<std::string> arguments{std::string{what}, (vm.share() / file).string(),
                                       "--raw",           (vm.share() / raw).string(),
                                       "--format",        "ip3b",
                                       "--size",          sizes.frame,
                                       "--bds",           sizes.bds};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program("ipu3-judge", arguments);
}

} // namespace

Outcome judge_picture(const Vm& vm, const ImguSizes& sizes, std::string_view file,
                      std::string_view raw, const std::vector<std::string>& more) {
    auto arguments = more;
    arguments.insert(arguments.end(), {"--corrected", sizes.picture});
    return judge(vm, "picture", sizes, file, raw, arguments);
}

Outcome judge_awb(const Vm& vm, const ImguSizes& sizes, std::string_view file, std::string_view raw,
                  const std::vector<std::string>& more) {
    return judge(vm, "awb", sizes, file, raw, more);
}

void expect_the_frame(Vm& vm, const ImguSizes& sizes) {
    std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
    vm.options({"--imgu", "--scene", "room", "--memory", "2G", "--pace"});
    expect_script(vm, "imgu-process.sh",
                  {{"FRAME", sizes.frame},
                   {"BDS", sizes.bds},
                   {"PICTURE", sizes.picture},
                   {"COUNT", "4"},
                   {"EXPOSURES", "300 900"},
                   {"FED", "last"}});
    ASSERT_FALSE(testing::Test::HasFailure());
    const auto right = [](const Outcome& judged) {
        EXPECT_EQ(judged.status, 0) << describe(judged);
        fmt::print("{}", judged.out);
    };
    const auto wrong = [](const Outcome& judged) {
        EXPECT_EQ(judged.status, 1) << describe(judged);
    };
    right(judge_picture(vm, sizes, "output-0.nv12", "900.raw", {"--picture-size", sizes.picture}));
    right(judge_picture(vm, sizes, "viewfinder-0.nv12", "900.raw", {"--picture-size", sizes.half}));
    right(judge_awb(vm, sizes, "stat-0.bin", "900.raw"));
    // Negative controls: another place, statistics of another frame.
    const auto row = std::stoul(sizes.picture); // its width, in front of the x
    wrong(judge_picture(vm, sizes, "output-0.nv12", "900.raw",
                        {"--picture-size", sizes.picture, "--stride", std::to_string(row + 2)}));
    wrong(judge_awb(vm, sizes, "stat-0.bin", "300.raw"));
}

void expect_nothing_stale(const Vm& vm) {
    const auto imgu = vm.cache_report().at("functions").at("imgu");
    EXPECT_GT(imgu.at("lines_read").get<std::uint64_t>(), 10'000U);
    EXPECT_EQ(imgu.at("stale_reads"), 0) << imgu.dump();
    EXPECT_EQ(imgu.at("poison_reads"), 0) << imgu.dump();
}

} // namespace tests
