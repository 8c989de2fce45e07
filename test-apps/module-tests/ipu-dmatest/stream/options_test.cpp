// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/ipu-dmatest/stream/options.hpp"

#include "module-tests/ipu-dmatest/stream/checked_frame.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ipu3::dmatest::stream {
namespace {

tl::expected<Options, ParseExit> parse(const std::vector<std::string>& words) {
    return parse_options(words);
}

TEST(StreamOptions, Defaults) {
    const auto options = parse({}).value();
    EXPECT_EQ(options.direction, Direction::capture);
    EXPECT_EQ(options.memory, Memory::mmap);
    EXPECT_EQ(options.width, 640U);
    EXPECT_EQ(options.count, 30U);
    EXPECT_TRUE(options.controls.empty());
}

TEST(StreamOptions, EachIsTaken) {
    const auto options =
        parse({"--node",      "output", "--memory",   "userptr", "--userptr-offset", "100",
               "--size",      "33x7",   "--format",   "y16",     "--stride",         "80",
               "--sizeimage", "9000",   "--buffers",  "3",       "--count",          "5",
               "--cycles",    "2",      "--function", "1",       "--hints",          "wrong",
               "--timeout",   "1.5",    "--control",  "delay=7", "--control",        "flip-bit=1",
               "--verbose"})
            .value();
    EXPECT_EQ(options.direction, Direction::output);
    EXPECT_EQ(options.memory, Memory::userptr);
    EXPECT_EQ(options.userptr_offset, 100U);
    EXPECT_EQ(options.width, 33U);
    EXPECT_EQ(options.height, 7U);
    EXPECT_TRUE(options.wide);
    EXPECT_EQ(options.stride, 80U);
    EXPECT_EQ(options.sizeimage, 9000U);
    EXPECT_EQ(options.buffers, 3U);
    EXPECT_EQ(options.count, 5U);
    EXPECT_EQ(options.cycles, 2U);
    EXPECT_EQ(options.function, 1U);
    EXPECT_EQ(options.hints, Hints::wrong);
    EXPECT_EQ(options.timeout.count(), 1500);
    EXPECT_EQ(options.controls.at("delay"), 7);
    EXPECT_EQ(options.controls.at("flip-bit"), 1);
    EXPECT_TRUE(options.verbose);
}

TEST(StreamOptions, WrongOnesAreOneSentence) {
    const std::vector<std::vector<std::string>> wrong{
        {"--size", "0x5"},
        {"--size", "5"},
        {"--size", "5x"},
        {"--size", "9000x1"},
        {"--size", "-1x1"},
        {"--control", "delay"},
        {"--control", "nothing=1"},
        {"--control", "delay=x"},
        {"--memory", "paper"},
        {"--buffers", "0"},
        {"--buffers", "33"},
        {"--count", "0"},
        {"--userptr-offset", "4096", "--memory", "userptr"},
        {"--userptr-offset", "1"},
        {"--node", "both"},
        {"--hints", "right", "--memory", "read"},
        {"--hints", "once", "--node", "output"},
        {"--look"},
        {"--unknown"},
        {"word"},
    };
    for (const auto& words : wrong) {
        const auto refused = parse(words);
        ASSERT_FALSE(refused) << testing::PrintToString(words);
        EXPECT_EQ(refused.error().status, exit_status::usage);
        EXPECT_EQ(std::ranges::count(refused.error().error, '\n'), 1) << refused.error().error;
    }
}

TEST(StreamOptions, HelpGoesToStandardOutput) {
    const auto help = parse({"--help"});
    ASSERT_FALSE(help);
    EXPECT_EQ(help.error().status, 0);
    EXPECT_THAT(help.error().output, testing::HasSubstr("--userptr-offset"));
    EXPECT_TRUE(std::ranges::all_of(help.error().output, [](unsigned char letter) {
        return letter == '\n' || (letter >= ' ' && letter <= '~');
    })) << help.error().output;
}

constexpr Layout layout{.width = 5, .height = 3, .wide = false, .stride = 8, .sizeimage = 30};

TEST(CheckedFrame, FindsWhatIsWrongAndWhere) {
    std::vector<std::uint8_t> bytes(layout.sizeimage);
    poison_all(bytes);
    draw_frame(bytes, layout, 9);
    Report clean;
    check_frame(bytes, layout, 9, true, clean);
    EXPECT_TRUE(clean.clean()) << clean.line();

    Report other;
    check_frame(bytes, layout, 10, true, other);
    EXPECT_EQ(other.bad_frames, 1U);
    EXPECT_GT(other.bad_bytes, 10U);

    bytes[9] ^= 1U;  // a pixel
    bytes[14] ^= 1U; // between the lines
    bytes[23] ^= 1U; // behind the last line
    bytes[29] ^= 1U; // behind the frame
    Report found;
    check_frame(bytes, layout, 9, true, found);
    EXPECT_EQ(found.bad_frames, 1U);
    EXPECT_EQ(found.bad_bytes, 1U);
    EXPECT_EQ(found.padding, 3U);
    Report without;
    check_frame(bytes, layout, 9, false, without);
    EXPECT_EQ(without.padding, 0U);
}

TEST(Report, EveryKindOfFindingIsNotClean) {
    EXPECT_TRUE(Report{}.clean());
    for (auto member : {&Report::errors, &Report::bad_frames, &Report::bad_bytes, &Report::lost,
                        &Report::padding, &Report::neighbours}) {
        Report report;
        report.*member = 1;
        EXPECT_FALSE(report.clean());
        Report sum;
        sum.add(report);
        EXPECT_FALSE(sum.clean());
    }
}

} // namespace
} // namespace ipu3::dmatest::stream
