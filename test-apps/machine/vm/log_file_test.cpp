// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/log_file.hpp"
#include "machine/vm/run_directory.hpp"

#include <gtest/gtest.h>

namespace ipu3::vm {
namespace {

namespace fs = std::filesystem;

TEST(RunDirectory, GoesWithItsContents) {
    fs::path path;
    {
        auto folder = RunDirectory::make();
        ASSERT_TRUE(folder) << folder.error().message;
        path = folder->path();
        fs::create_directories(path / "a/b");
        const auto moved = std::move(*folder);
        EXPECT_TRUE(fs::is_directory(moved.path() / "a/b"));
    }
    EXPECT_FALSE(fs::exists(path));
}

TEST(LogFolder, ASecondRunTakesTheNextOne) {
    const auto base = RunDirectory::make();
    ASSERT_TRUE(base);
    const auto wanted = base->path() / "log";
    {
        const auto first = LogFolder::open(wanted);
        const auto second = LogFolder::open(wanted);
        const auto third = LogFolder::open(wanted);
        ASSERT_TRUE(first && second && third);
        EXPECT_EQ(first->path(), wanted);
        EXPECT_EQ(second->path(), base->path() / "log.2");
        EXPECT_EQ(third->path(), base->path() / "log.3");
    }
    const auto again = LogFolder::open(wanted);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->path(), wanted);
}

TEST(LogFolder, AFileOrAMissingParentIsASentence) {
    const auto base = RunDirectory::make();
    ASSERT_TRUE(base);
    ASSERT_TRUE(LogFile::open(base->path() / "file"));
    EXPECT_FALSE(LogFolder::open(base->path() / "file"));
    EXPECT_FALSE(LogFolder::open(base->path() / "absent/log"));
}

TEST(LogFile, AFullDiskIsASentence) {
    auto full = LogFile::open("/dev/full");
    ASSERT_TRUE(full);
    const auto written = full->write("text");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ENOSPC);
    EXPECT_NE(written.error().message.find("/dev/full"), std::string::npos);
}

TEST(LogFile, OpeningEmptiesAndWritingAppends) {
    const auto base = RunDirectory::make();
    ASSERT_TRUE(base);
    for (int round = 0; round < 2; ++round) {
        auto log = LogFile::open(base->path() / "log");
        ASSERT_TRUE(log);
        ASSERT_TRUE(log->write("one\n"));
        ASSERT_TRUE(log->write("two\nthree\n"));
    }
    EXPECT_EQ(tail_of(base->path() / "log", 100), "one\ntwo\nthree");
    EXPECT_EQ(tail_of(base->path() / "log", 2), "two\nthree");
    EXPECT_EQ(tail_of(base->path() / "log", 1), "three");
    EXPECT_EQ(tail_of(base->path() / "absent", 1), "");
}

} // namespace
} // namespace ipu3::vm
