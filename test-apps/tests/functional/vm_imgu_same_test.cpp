// SPDX-License-Identifier: GPL-2.0-or-later
// Whether user space finds the same at the project's ImgU driver as at the kernel's own: the graph,
// controls, formats and sizes, to the letter, but for a list of exceptions, each with its reason.
#include "tests/functional/answers.hpp"
#include "tests/functional/vm.hpp"

#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace tests {
namespace {

/// Questions whose answers differ: in which way, and why. Each must occur. Questions begin with the
/// name of the file that they are in (guest/imgu-same.sh).
const std::vector<AnswerException>& exceptions() {
    static const std::vector<AnswerException> all{
        // ---- more than the stock driver can say
        {.question = ".*linked-. (input|output|viewfinder) frame sizes of .*",
         .first = "ENOTTY",
         .second = "EINVAL|type 3 from 32x32 to 4224x3136 in steps of (2x2|8x4)",
         .reason = "sizes of frames can be enumerated"},
        {.question = "linked-. code . of pad .",
         .first = "ENOTTY",
         .second = "EINVAL|0x1",
         .reason = "codes of pads can be enumerated"},
        {.question = "linked-. frame size . of pad .",
         .first = "ENOTTY",
         .second = "EINVAL|1x1 to 5120x38404|2x2 to 4480x34004",
         .reason = "sizes of pads can be enumerated"},
        {.question = "linked-. (try|active) (crop|compose) (default|bounds) of pad 0"
                     "( set .*, then get)?",
         .first = "EINVAL",
         .second = R"(\(0,0\)/\d+x\d+)",
         .reason = "rectangles have bounds and defaults"},
        {.question = ".*linked-. (input|output|viewfinder|statistics) .* buffers of "
                     "(mmap|userptr|dmabuf), capabilities",
         .first = "0x17",
         .second = "0x57",
         .reason = "cache hints are understood"},
        // ---- what the stock driver says has no effect, or ends badly
        {.question = R"(linked-. (try|active) (crop|compose) of pad 0 set \(-?7,-?5\).*)",
         .first = R"(\(-?7,-?5\)/640x480)",
         .second = R"(\(0,0\)/640x480)",
         .reason = "the crop is in the input's middle, and a scaler's size has no place"},
        {.question = "linked-. try pad . (at first|of somebody else)",
         .first = ".* colorspace 0 ycbcr .*",
         .second = ".* colorspace 11 ycbcr .*",
         .reason = "a try state begins as the active one does"},
        {.question = ".*linked-. (input|output|viewfinder) set while buffers exist",
         .first = "ok|EINVAL",
         .second = "EBUSY",
         .reason = "buffers would no longer fit what is written to them"},
        {.question = "unlinked-. .* start with two buffers",
         .first = "EINVAL",
         .second = "ENOLINK",
         .reason = "what V4L2 has for a disabled link"},
        {.question = "unlinked-. output start with two buffers",
         .first = "ok",
         .second = "ENOLINK",
         .reason = "the input's link is disabled, and cannot be enabled while a node streams: no "
                   "frame would ever come"},
        {.question = "linked-. output set .* compose 0x0 pad 0 0x0, then compose",
         .first = R"(\(0,0\)/\d+x\d+)",
         .second = R"(\(0,0\)/\d+x\d+)",
         .reason = "an empty one stands for the output's size, not for what was asked for before "
                   "it was made a multiple of 8x4: the output would be larger than its scaler"},
        // ---- a mistake: the stock driver makes pipe 1's first formats twice, and pipe 0's never
        {.question = "unlinked-0 (output|viewfinder) format (at first|after all that was tried)",
         .first = "1920x1080 NV12 planes 1 stride 2496 bytes 2695680 field 1 colorspace 11 .*",
         .second = "1920x1080 NV12 planes 1 stride 1920 bytes 3110400 field 1 colorspace 8 .*",
         .reason = "lines of a picture are not those of a RAW frame"},
        {.question = "unlinked-0 (output|viewfinder) buffer",
         .first = "2695680 bytes .*",
         .second = "3110400 bytes .*",
         .reason = "the same"},
        {.question = "texts node [23], line .*",
         .first = R"(\s*(Colorspace +: Raw|Bytes per Line : 2496|Size Image +: 2695680))",
         .second = R"(\s*(Colorspace +: sRGB|Bytes per Line : 1920|Size Image +: 3110400))",
         .reason = "the same"},
    };
    return all;
}

/// The text without media-ctl's lines of bounds, which only the project's driver tells.
std::string without_bounds(const std::string& text) {
    return std::regex_replace(text, std::regex{R"(\t* *(crop|compose)\.bounds:[^\n]*\n)"}, "");
}

void append(std::vector<Answer>& answers, std::string_view file, std::vector<Answer> more) {
    for (auto& [question, answer] : more) {
        answers.push_back(
            {.question = fmt::format("{} {}", file, question), .answer = std::move(answer)});
    }
}

/// All that a driver tells.
std::vector<Answer> answers_of(std::string_view kernel, std::string_view drivers) {
    Vm vm;
    std::filesystem::copy_file(programs() / "imgu-answers", vm.share() / "imgu-answers");
    vm.options({"--kernel", kernel, "--drivers", drivers, "--imgu", "--memory", "2G"});
    expect_script(vm, "imgu-same.sh");
    std::vector<Answer> answers;
    append(answers, "texts", lines_as_answers(without_bounds(vm.share_text("texts"))));
    for (const auto* file : {"unlinked-0", "linked-0", "unlinked-1", "linked-1"}) {
        append(answers, file, parse_answers(vm.share_text(file)));
    }
    return answers;
}

class ImguSame : public testing::TestWithParam<std::string> {};

TEST_P(ImguSame, GraphControlsFormatsAndSizesAreTheStockDrivers) {
    const auto stock = answers_of(GetParam(), "stock");
    const auto project = answers_of(GetParam(), "project");
    const auto compared = compare_answers(stock, project, exceptions());
    for (const auto& difference : compared.differences) {
        ADD_FAILURE() << difference;
    }
    for (const auto* exception : compared.unneeded) {
        ADD_FAILURE() << "no longer needed: " << exception->question << " (" << exception->reason
                      << ")";
    }
    EXPECT_GT(compared.equal, 10000U) << "most of the grid was not asked for";
    fmt::print("{} answers are equal, {} differ as they may\n", compared.equal, compared.excepted);
}

INSTANTIATE_TEST_SUITE_P(Short, ImguSame, testing::Values("newest"),
                         [](const auto& tested) { return tested.param; });
INSTANTIATE_TEST_SUITE_P(Full, ImguSame, testing::Values("stable"),
                         [](const auto& tested) { return tested.param; });

} // namespace
} // namespace tests
