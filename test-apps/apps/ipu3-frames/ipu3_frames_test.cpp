// SPDX-License-Identifier: GPL-2.0-or-later
// The program as a user calls it.
#include "apps/ipu3-frames/ipu3_frames.hpp"

#include "lib/frames/counter.hpp"
#include "lib/frames/png.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
namespace status = frames::exit_status;
using testing::HasSubstr;

struct Outcome {
    int status;
    std::string out;
    std::string err;
};

struct Program : testing::Test {
    fs::path folder =
        fs::path{testing::TempDir()} / ("ipu3_frames_test." + std::to_string(::getpid()));
    fs::path dump = folder / "dump.raw";
    volatile std::sig_atomic_t stop = 0;

    Program() { fs::create_directories(folder); }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    Program(Program&&) = delete;
    Program& operator=(Program&&) = delete;
    ~Program() override { fs::remove_all(folder); }

    [[nodiscard]] Outcome run(std::vector<std::string> arguments) const {
        std::ostringstream out;
        std::ostringstream err;
        const int result = frames::ipu3_frames(std::move(arguments), {out, err, false, stop});
        return {result, out.str(), err.str()};
    }

    [[nodiscard]] Outcome check(std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments{"check", dump.string(), "--format",
                                           "BG10",  "--size",      "40x6"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(std::move(arguments));
    }

    /// Frames of 40x6 as 16-bit words.
    void write(const std::vector<std::uint32_t>& numbers, std::size_t tail = 0) const {
        std::ofstream file{dump, std::ios::binary};
        for (const auto number : numbers) {
            for (unsigned y = 0; y < 6; ++y) {
                for (unsigned x = 0; x < 40; ++x) {
                    const auto value = frames::counter_pixel(number, x, y);
                    file.put(static_cast<char>(value & 0xffU));
                    file.put(static_cast<char>(value >> 8U));
                }
            }
        }
        file << std::string(tail, '\0');
    }

    [[nodiscard]] std::vector<std::string> pictures() const {
        std::vector<std::string> names;
        if (fs::exists(folder / "out")) {
            for (const auto& entry : fs::directory_iterator{folder / "out"}) {
                names.push_back(entry.path().filename().string());
            }
        }
        std::ranges::sort(names);
        return names;
    }

    [[nodiscard]] Outcome png(std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments{
            "png",    dump.string(), "--format", "BG10",
            "--size", "40x6",        "--out",    (folder / "out").string()};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(std::move(arguments));
    }
};

TEST_F(Program, CheckOfARightDump) {
    write({3, 4, 5});
    const auto outcome = check({"--scene", "counter"});
    EXPECT_EQ(outcome.status, status::clean);
    EXPECT_EQ(outcome.out, "frames: 3\nfirst number: 3\nlast number: 5\ngaps: 0\nbad pixels: 0\n"
                           "result: every pixel is right\n");
    EXPECT_EQ(outcome.err, "");
}

TEST_F(Program, CheckAsJson) {
    write({3, 4, 6}, 5);
    const auto outcome = check({"--json"});
    EXPECT_EQ(outcome.status, status::fault_found);
    const auto json = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(json["clean"], false);
    EXPECT_EQ(json["frames"], 3);
    EXPECT_EQ(json["last"], 6);
    EXPECT_EQ(json["gaps"][0]["after"], 6);
    EXPECT_EQ(json["first_bad"], nullptr);
    EXPECT_EQ(json["truncated_bytes"], 5);
}

TEST_F(Program, EachFaultIsFoundAndNamed) {
    write({3, 4, 6});
    auto outcome = check();
    EXPECT_EQ(outcome.status, status::fault_found);
    EXPECT_THAT(outcome.out, HasSubstr("gap: frame 2 has number 6 after 4"));

    write({3, 3});
    EXPECT_EQ(check().status, status::fault_found);
    EXPECT_THAT(check().out, HasSubstr("repeated: frame 1"));

    write({4, 3});
    EXPECT_EQ(check().status, status::fault_found);
    EXPECT_THAT(check().out, HasSubstr("backwards: frame 1"));

    write({3, 4}, 100);
    EXPECT_EQ(check().status, status::fault_found);
    EXPECT_THAT(check().out, HasSubstr("truncated: 100 bytes follow the last whole frame of 480"));

    write({3, 4});
    {
        std::fstream file{dump, std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(480 + 2 * (2 * 40 + 7));
        file.put('\x55');
    }
    outcome = check();
    EXPECT_EQ(outcome.status, status::fault_found);
    EXPECT_THAT(outcome.out, HasSubstr("first bad pixel: frame 1 (number 4), column 7, line 2: "));
    EXPECT_THAT(outcome.out, HasSubstr(", byte 174 of the frame, cache line 2\n"));
    EXPECT_THAT(outcome.out, HasSubstr("bad pixels: 1\n"));
    const auto json = nlohmann::json::parse(check({"--json"}).out);
    EXPECT_EQ(json["first_bad"]["byte"], 174);
    EXPECT_EQ(json["first_bad"]["cache_line"], 2);
}

TEST_F(Program, AnEmptyDumpFails) {
    write({});
    const auto outcome = check();
    EXPECT_EQ(outcome.status, status::fault_found);
    EXPECT_THAT(outcome.out, HasSubstr("empty: there is no frame"));
}

TEST_F(Program, StridesCanBeGiven) {
    write({3, 4, 5});
    // Every second frame of the dump, by its frame distance.
    EXPECT_THAT(check({"--frame-bytes", "960"}).out, HasSubstr("frames: 1\n"));
    EXPECT_THAT(check({"--bytesperline", "79"}).err, HasSubstr("79 bytes per line are too few"));
    EXPECT_EQ(check({"--bytesperline", "160", "--frame-bytes", "960"}).status, status::fault_found);
}

TEST_F(Program, WrongUseIsToldInOneSentence) {
    write({3});
    struct Case {
        std::vector<std::string> arguments;
        std::string says;
    };
    const std::string file = dump.string();
    const std::vector<Case> cases{
        {{}, "subcommand"},
        {{"frobnicate"}, "subcommand"},
        {{"check"}, "FILE"},
        {{"check", file, "--size", "40x6"}, "--format"},
        {{"check", file, "--format", "BG10"}, "--size"},
        {{"check", file, "--format", "NV12", "--size", "40x6"}, "possible are ip3b"},
        {{"check", file, "--format", "BG10", "--size", "40"}, "'40' is no size"},
        {{"check", file, "--format", "BG10", "--size", "40x6x"}, "is no size"},
        {{"check", file, "--format", "BG10", "--size", "-4x6"}, "'-4x6' is no size"},
        {{"check", file, "--format", "BG10", "--size", "0x6"}, "no pixels"},
        {{"check", file, "--format", "BG10", "--size", "99999999999x6"}, "is no size"},
        {{"check", file, "--format", "BG10", "--size", "40x6", "--scene", "room"},
         "only 'counter'"},
        {{"check", "/no/such", "--format", "BG10", "--size", "40x6"}, "'/no/such': No such file"},
        {{"check", "/", "--format", "BG10", "--size", "40x6"}, "is a directory"},
        {{"check", file, "--format", "BG10", "--size", "40x6", "--wrong"}, "--wrong"},
        {{"png", file, "--format", "BG10", "--size", "40x6"}, "--out"},
        {{"png", file, "--format", "BG10", "--size", "40x6", "--out", file},
         "cannot make the folder"},
        {{"png", file, "--format", "BG10", "--size", "40x6", "--out", "o", "--every", "0"},
         "--every"},
        {{"png", file, "--format", "BG10", "--size", "40x6", "--out", "o", "--white-balance", "x"},
         "--white-balance"},
    };
    for (const auto& [arguments, says] : cases) {
        const auto outcome = run(arguments);
        EXPECT_EQ(outcome.status, status::usage) << says;
        EXPECT_THAT(outcome.err, HasSubstr(says));
    }
    EXPECT_EQ(run({"--help"}).status, status::clean);
}

TEST_F(Program, AStopEndsAtOnceWithItsOwnStatus) {
    write({3, 4, 5});
    stop = 1;
    EXPECT_EQ(check().status, status::interrupted);
    EXPECT_EQ(png().status, status::interrupted);
    EXPECT_TRUE(pictures().empty());
}

TEST_F(Program, PicturesOfAllFrames) {
    write({3, 4, 5});
    const auto outcome = png();
    EXPECT_EQ(outcome.status, status::clean) << outcome.err;
    EXPECT_THAT(pictures(),
                testing::ElementsAre("dump-000000.png", "dump-000001.png", "dump-000002.png"));
    const auto picture = frames::read_png(folder / "out" / "dump-000001.png");
    ASSERT_TRUE(picture) << picture.error().message;
    EXPECT_EQ(picture->size, (frames::Size{40, 6}));
}

TEST_F(Program, PicturesOfSomeFrames) {
    write({3, 4, 5, 6, 7});
    EXPECT_EQ(png({"--every", "2"}).status, status::clean);
    EXPECT_THAT(pictures(),
                testing::ElementsAre("dump-000000.png", "dump-000002.png", "dump-000004.png"));
    fs::remove_all(folder / "out");
    EXPECT_EQ(png({"--frame", "3"}).status, status::clean);
    EXPECT_THAT(pictures(), testing::ElementsAre("dump-000003.png"));
    const auto beyond = png({"--frame", "5"});
    EXPECT_EQ(beyond.status, status::fault_found);
    EXPECT_THAT(beyond.err, HasSubstr("there is no frame 5: the dump has 5"));
}

TEST_F(Program, PicturesOfACutDumpAreWrittenAndTheCutIsTold) {
    write({3}, 7);
    const auto outcome = png();
    EXPECT_EQ(outcome.status, status::fault_found);
    EXPECT_THAT(outcome.err, HasSubstr("7 bytes follow"));
    EXPECT_EQ(pictures().size(), 1U);
}

TEST_F(Program, AMonochromeFormatMakesAPictureToo) {
    write({3});
    EXPECT_EQ(run({"png", dump.string(), "--format", "Y10", "--size", "40x6", "--out",
                   (folder / "out").string()})
                  .status,
              status::clean);
    EXPECT_EQ(pictures().size(), 1U);
}

} // namespace
