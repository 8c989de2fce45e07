// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/recorder/recording.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <unistd.h>

namespace ipu3::record {
namespace {

using testing::HasSubstr;

class OnDisk : public testing::Test {
  protected:
    void TearDown() override { std::filesystem::remove(path); }

    [[nodiscard]] std::string content() const {
        std::ifstream file{path, std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    void replace(const std::string& bytes) const {
        std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes;
    }
    void write_some() const {
        auto writer = Writer::create(path, "version 1");
        ASSERT_TRUE(writer);
        writer->add(write);
        writer->add(hand_over);
        writer->add(hand_over);
        ASSERT_TRUE(writer->finish());
    }

    const std::filesystem::path path =
        std::filesystem::path{testing::TempDir()} / ("recording-" + std::to_string(::getpid()));
    const Write write{
        .name = "gp_busy", .at = 0x4500, .size = 4, .value = 0xdeadbeef, .pointer = {}};
    const HandOver hand_over{
        .what = "parameters",
        .pipe = 1,
        .parts = {{.kind = "parameter_set",
                   .block = std::make_shared<Block>(Block{.kind = "parameter_set",
                                                          .bytes = {0, 0, 0, 0, 255, 1},
                                                          .pointers = {{0, "acc_param#3"}},
                                                          .sections = {{4, "ref"}}})},
                  {.kind = "acc_param", .block = nullptr}}};
};

TEST_F(OnDisk, ComesBackAsItWas) {
    write_some();
    const auto recording = read(path);
    ASSERT_TRUE(recording) << recording.error().message;
    EXPECT_EQ(recording->firmware, "version 1");
    ASSERT_EQ(recording->entries.size(), 3U);
    EXPECT_EQ(std::get<Write>(recording->entries[0]), write);
    const auto& first = std::get<HandOver>(recording->entries[1]);
    EXPECT_EQ(first.what, "parameters");
    EXPECT_EQ(first.pipe, 1U);
    ASSERT_EQ(first.parts.size(), 2U);
    EXPECT_EQ(*first.parts[0].block, *hand_over.parts[0].block);
    EXPECT_EQ(first.parts[1].kind, "acc_param");
    EXPECT_FALSE(first.parts[1].block);
    // The same contents are in the file once.
    EXPECT_EQ(std::get<HandOver>(recording->entries[2]).parts[0].block, first.parts[0].block);
}

TEST_F(OnDisk, SaysWhereItIsDamaged) {
    write_some();
    const auto whole = content();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        replace(whole.substr(0, size));
        const auto recording = read(path);
        // Between two items a file ends well; what is missing then cannot be known.
        if (!recording) {
            EXPECT_THAT(recording.error().message, HasSubstr(path.string()));
        } else {
            EXPECT_LT(recording->entries.size(), 3U) << size;
        }
    }
    replace(whole.substr(0, whole.size() - 1));
    EXPECT_THAT(read(path).error().message, HasSubstr("cut off"));
}

TEST_F(OnDisk, RefusesOtherFiles) {
    for (const std::string other : {"", "hello", "{}", "\xa0", "\xff", "\x9f\x9f"}) {
        replace(other);
        const auto recording = read(path);
        ASSERT_FALSE(recording) << other;
        EXPECT_THAT(recording.error().message, HasSubstr("is not a recording"));
    }
    std::filesystem::remove(path);
    EXPECT_THAT(read(path).error().message, HasSubstr("No such file"));
}

TEST_F(OnDisk, TellsThatTheDiskIsFull) {
    auto writer = Writer::create("/dev/full", "version 1");
    ASSERT_TRUE(writer);
    writer->add(write);
    EXPECT_THAT(writer->finish().error().message, HasSubstr("not whole"));
    EXPECT_THAT(Writer::create("/nowhere/at/all", "").error().message,
                HasSubstr("No such file or directory"));
}

// ---- starts ----

class Starts : public testing::Test {
  protected:
    static Entry write(std::string name, std::uint32_t value) {
        return Write{.name = std::move(name), .at = 0, .size = 4, .value = value, .pointer = {}};
    }
    static Entry hand_over(std::string what) {
        return HandOver{.what = std::move(what), .pipe = 0, .parts = {}};
    }
    /// The values of the writes that are left; hand-overs are 0.
    static std::vector<std::uint32_t> left(std::vector<Entry> entries) {
        const auto kept =
            without_idle_starts({.firmware = "version 1", .entries = std::move(entries)});
        EXPECT_EQ(kept.firmware, "version 1");
        std::vector<std::uint32_t> values;
        for (const auto& entry : kept.entries) {
            const auto* const written = std::get_if<Write>(&entry);
            values.push_back(written != nullptr ? written->value : 0);
        }
        return values;
    }

    const Entry frame = hand_over("input");
    const Entry parameters = hand_over("parameters");
};

TEST_F(Starts, WithAFrameAreLeft) {
    const std::vector<Entry> entries{write("pm_ctrl", 1), write("system_req", 2),
                                     write("pm_ctrl", 3), write("system_req", 4),
                                     parameters,          frame,
                                     write("pm_ctrl", 5), write("system_req", 6),
                                     write("gp_busy", 7), frame};
    EXPECT_EQ(left(entries), (std::vector<std::uint32_t>{1, 2, 3, 4, 0, 0, 5, 6, 7, 0}));
}

TEST_F(Starts, WithoutAFrameGoFromFrequencyToFrequency) {
    const std::vector<Entry> entries{
        write("pm_ctrl", 1), write("system_req", 2), write("pm_ctrl", 3),    write("system_req", 4),
        parameters,          write("pm_ctrl", 5),    write("system_req", 6), frame,
        write("pm_ctrl", 7), write("system_req", 8), write("pm_ctrl", 9)};
    EXPECT_EQ(left(entries), (std::vector<std::uint32_t>{1, 2, 3, 6, 0, 7}));
}

TEST_F(Starts, TheProbeIsNone) {
    EXPECT_EQ(left({write("pm_ctrl", 1), write("system_req", 2), write("pm_ctrl", 3)}),
              (std::vector<std::uint32_t>{1, 2, 3}));
    EXPECT_EQ(left({write("pm_ctrl", 1)}), (std::vector<std::uint32_t>{1}));
    EXPECT_TRUE(left({}).empty());
}

} // namespace
} // namespace ipu3::record
