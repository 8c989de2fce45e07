// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/writer.hpp"

#include "lib/frames/png.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <linux/videodev2.h>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace ipu3::capture {
namespace {

constexpr Layout layout{
    .pixelformat = V4L2_PIX_FMT_IPU3_SBGGR10, .size = {50, 4}, .bytes_per_line = 64, .bytes = 256};

class CaptureWriter : public testing::Test {
  protected:
    CaptureWriter() {
        auto pattern = (std::filesystem::temp_directory_path() / "capture-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }
    static std::string content(const std::string& path) {
        std::ifstream file{path, std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }

    // NOLINTBEGIN(*-non-private-member-variables-in-classes): a fixture
    StopSignal stop_{StopSignal::make().value()};
    std::filesystem::path folder_;
    // NOLINTEND(*-non-private-member-variables-in-classes)
};

std::vector<std::byte> frame_of(unsigned value, std::size_t size = layout.bytes) {
    return std::vector<std::byte>(size, static_cast<std::byte>(value));
}

TEST_F(CaptureWriter, AppendsFrames) {
    Options options;
    options.raw = path("raw");
    std::ofstream{options.raw} << "old";
    auto writer = Writer::make(options, layout, stop_).value();
    ASSERT_TRUE(writer.take(frame_of('a')));
    ASSERT_TRUE(writer.take(frame_of('b')));
    ASSERT_TRUE(writer.close());
    EXPECT_EQ(content(options.raw),
              std::string(layout.bytes, 'a') + std::string(layout.bytes, 'b'));
}

TEST_F(CaptureWriter, AShortFrameKeepsItsPlace) {
    Options options;
    options.raw = path("raw");
    auto writer = Writer::make(options, layout, stop_).value();
    ASSERT_TRUE(writer.take(frame_of('a', 10)));
    EXPECT_EQ(content(options.raw), std::string(10, 'a') + std::string(layout.bytes - 10, '\0'));
}

TEST_F(CaptureWriter, AFullDiskIsAnError) {
    Options options;
    options.raw = "/dev/full";
    auto writer = Writer::make(options, layout, stop_).value();
    const auto full = writer.take(frame_of(0));
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, ENOSPC);
    EXPECT_THAT(full.error().message, testing::HasSubstr("/dev/full"));
}

TEST_F(CaptureWriter, HalfAFrameDoesNotStay) {
    Options options;
    options.raw = path("raw");
    auto writer = Writer::make(options, layout, stop_).value();
    ASSERT_TRUE(writer.take(frame_of('a')));
    // A file that may not become larger takes what fits, as a full disk does.
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    (void)std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{.rlim_cur = layout.bytes + 100, .rlim_max = before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto failed = writer.take(frame_of('b'));
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, EFBIG);
    EXPECT_EQ(content(options.raw), std::string(layout.bytes, 'a'));
}

TEST_F(CaptureWriter, WhatCannotBeMadeIsAnError) {
    Options options;
    options.raw = path("missing/raw");
    EXPECT_FALSE(Writer::make(options, layout, stop_));
    Options pictures;
    pictures.png = "/dev/null/pictures";
    EXPECT_FALSE(Writer::make(pictures, layout, stop_));
    auto unknown = layout;
    unknown.pixelformat = V4L2_PIX_FMT_YUYV;
    EXPECT_FALSE(Writer::make({}, unknown, stop_));
}

TEST_F(CaptureWriter, EachNthAndNoDamagedOnes) {
    Options options;
    EXPECT_FALSE(Writer::make(options, layout, stop_)->wants(0, false));
    options.png = path("pictures");
    options.every = 3;
    EXPECT_TRUE(Writer::make(options, layout, stop_)->wants(0, false));
    EXPECT_FALSE(Writer::make(options, layout, stop_)->wants(1, false));
    EXPECT_TRUE(Writer::make(options, layout, stop_)->wants(3, false));
    EXPECT_FALSE(Writer::make(options, layout, stop_)->wants(3, true));
    options.keep_damaged = true;
    EXPECT_TRUE(Writer::make(options, layout, stop_)->wants(3, true));
}

TEST_F(CaptureWriter, Pictures) {
    Options options;
    options.png = path("deep/pictures");
    auto writer = Writer::make(options, layout, stop_).value();
    ASSERT_TRUE(writer.take(frame_of(0xff)));
    ASSERT_TRUE(writer.develop(12));
    ASSERT_TRUE(writer.take(frame_of(0)));
    ASSERT_TRUE(writer.develop(13));
    ASSERT_TRUE(writer.close());
    EXPECT_EQ(frames::read_png(options.png + "/frame-000013.png")->at(3, 3)[1], 0);
    const auto picture = frames::read_png(options.png + "/frame-000012.png");
    ASSERT_TRUE(picture) << picture.error().message;
    EXPECT_EQ(picture->size, layout.size);
    EXPECT_EQ(picture->at(3, 3)[1], 255);
}

TEST_F(CaptureWriter, APictureThatCannotBeWrittenIsAnErrorInTheEnd) {
    Options options;
    options.png = path("pictures");
    auto writer = Writer::make(options, layout, stop_).value();
    std::filesystem::create_directories(path("pictures/frame-000001.png/in-the-way"));
    ASSERT_TRUE(writer.take(frame_of(0)));
    ASSERT_TRUE(writer.develop(1));
    EXPECT_FALSE(writer.close());
}

TEST_F(CaptureWriter, AReaderThatIsGoneIsAnError) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    (void)std::signal(SIGPIPE, SIG_IGN);
    const base::UniqueFd write_end{ends[1]};
    ::close(ends[0]);
    const auto gone = Output::standard(write_end.get(), stop_).write("line\n");
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, EPIPE);
}

TEST_F(CaptureWriter, AReaderThatSleepsDoesNotHoldASignalUp) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const base::UniqueFd read_end{ends[0]};
    const base::UniqueFd write_end{ends[1]};
    ASSERT_EQ(::kill(::getpid(), SIGTERM), 0);
    const auto stuck =
        Output::standard(write_end.get(), stop_).write(frame_of(0, std::size_t{1} << 20U));
    // Taken back, or it would end the next test.
    sigset_t set{};
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    const timespec none{};
    EXPECT_EQ(::sigtimedwait(&set, nullptr, &none), SIGTERM);
    ASSERT_FALSE(stuck);
    EXPECT_THAT(stuck.error().message, testing::HasSubstr("does not take the rest"));
}

} // namespace
} // namespace ipu3::capture
