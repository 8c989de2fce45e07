// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/options.hpp"
#include "apps/ipu3-capture/subdevice.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipu3::capture {
namespace {

tl::expected<Options, ParseExit> parse(const std::vector<std::string>& words) {
    return parse_options(words);
}

TEST(CaptureOptions, Defaults) {
    const auto options = parse({}).value();
    EXPECT_FALSE(options.list);
    EXPECT_FALSE(options.size);
    EXPECT_EQ(options.memory, Memory::mmap);
    EXPECT_EQ(options.buffers, 4U);
    EXPECT_EQ(options.count, 30U);
    EXPECT_EQ(options.every, 1U);
    EXPECT_EQ(options.timeout.count(), 5000);
    EXPECT_FALSE(options.writes());
    EXPECT_TRUE(options.controls.empty());
}

TEST(CaptureOptions, EachIsTaken) {
    const auto options = parse({"--media",   "/dev/media3",
                                "--sensor",  "ov5693",
                                "--size",    "1296x972",
                                "--memory",  "mmap",
                                "--buffers", "6",
                                "--count",   "0",
                                "--raw",     "-",
                                "--png",     "pictures",
                                "--every",   "5",
                                "--export",  "--json",
                                "--set",     "vertical_blanking=0x10",
                                "--set",     "gain=-3",
                                "--timeout", "1.5",
                                "--quiet",   "--keep-damaged"})
                             .value();
    EXPECT_EQ(options.media, "/dev/media3");
    EXPECT_EQ(options.sensor, "ov5693");
    EXPECT_EQ(options.size, (frames::Size{1296, 972}));
    EXPECT_EQ(options.buffers, 6U);
    EXPECT_EQ(options.count, 0U);
    EXPECT_TRUE(options.raw_to_stdout());
    EXPECT_EQ(options.png, "pictures");
    EXPECT_EQ(options.every, 5U);
    EXPECT_TRUE(options.export_buffers);
    EXPECT_TRUE(options.json);
    EXPECT_THAT(options.controls, testing::ElementsAre(ControlSetting{"vertical_blanking", 16},
                                                       ControlSetting{"gain", -3}));
    EXPECT_EQ(options.timeout.count(), 1500);
    EXPECT_TRUE(options.quiet);
    EXPECT_TRUE(options.keep_damaged);
}

TEST(CaptureOptions, Memories) {
    EXPECT_EQ(parse({"--memory", "userptr"}).value().memory, Memory::userptr);
    EXPECT_EQ(parse({"--memory", "dmabuf"}).value().memory, Memory::dmabuf);
}

TEST(CaptureOptions, WrongOnesAreOneSentence) {
    const std::vector<std::vector<std::string>> wrong{
        {"--size", "0x5"},
        {"--size", "5"},
        {"--size", "5x"},
        {"--size", "x5"},
        {"--size", "5x5x5"},
        {"--size", "-1x1"},
        {"--size", "70000x1"},
        {"--set", "gain"},
        {"--set", "=1"},
        {"--set", "gain="},
        {"--set", "gain=x"},
        {"--set", "gain=0x"},
        {"--set", "gain=1 "},
        {"--memory", "paper"},
        {"--buffers", "0"},
        {"--buffers", "33"},
        {"--buffers", "-1"},
        {"--count", "-1"},
        {"--count", "many"},
        {"--every", "0", "--raw", "f"},
        {"--every", "2"},
        {"--keep-damaged"},
        {"--export", "--memory", "userptr"},
        {"--export", "--memory", "dmabuf"},
        {"--timeout", "0"},
        {"--timeout", "-1"},
        {"--raw", ""},
        {"--png", ""},
        {"--list", "--raw", "f"},
        {"--list", "--count", "3"},
        {"--unknown"},
        {"word"},
    };
    for (const auto& words : wrong) {
        const auto refused = parse(words);
        ASSERT_FALSE(refused) << testing::PrintToString(words);
        EXPECT_EQ(refused.error().status, exit_status::usage);
        EXPECT_THAT(refused.error().error, testing::StartsWith("ipu3-capture: "));
        EXPECT_EQ(std::ranges::count(refused.error().error, '\n'), 1) << refused.error().error;
    }
}

TEST(CaptureOptions, HelpGoesToStandardOutput) {
    const auto help = parse({"--help"});
    ASSERT_FALSE(help);
    EXPECT_EQ(help.error().status, 0);
    EXPECT_THAT(help.error().output, testing::HasSubstr("--keep-damaged"));
    EXPECT_EQ(help.error().error, "");
}

TEST(ControlWord, IsWhatV4l2CtlWrites) {
    EXPECT_EQ(control_word("Analogue Gain"), "analogue_gain");
    EXPECT_EQ(control_word("Gain, Automatic"), "gain_automatic");
    EXPECT_EQ(control_word("White Balance, Auto & Preset"), "white_balance_auto_preset");
    EXPECT_EQ(control_word("Pixel Rate (Hz)"), "pixel_rate_hz");
}

} // namespace
} // namespace ipu3::capture
