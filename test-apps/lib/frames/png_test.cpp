// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/frames/png.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using frames::decode_png;
using frames::encode_png;
using frames::Grey8;
using frames::read_png;
using frames::Rgb8;
using frames::write_file;
using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;
using Bytes = std::vector<std::byte>;

struct PngTest : testing::Test {
    fs::path folder = fs::path{testing::TempDir()} / ("png_test." + std::to_string(::getpid()));
    PngTest() { fs::create_directories(folder); }
    PngTest(const PngTest&) = delete;
    PngTest& operator=(const PngTest&) = delete;
    PngTest(PngTest&&) = delete;
    PngTest& operator=(PngTest&&) = delete;
    ~PngTest() override { fs::remove_all(folder); }
};

Rgb8 noise(unsigned width, unsigned height) {
    std::mt19937 random{width};
    Rgb8 image{{width, height}, std::vector<std::uint8_t>(std::size_t{width} * height * 3)};
    for (auto& sample : image.pixels) {
        sample = static_cast<std::uint8_t>(random() & 0xffU);
    }
    return image;
}

TEST_F(PngTest, ColourRoundTripIsExact) {
    for (const auto width : {1U, 7U, 64U}) {
        const auto image = noise(width, 5);
        const auto file = encode_png(image);
        ASSERT_TRUE(file);
        const auto path = folder / "colour.png";
        ASSERT_TRUE(write_file(path, *file));
        const auto back = read_png(path);
        ASSERT_TRUE(back) << back.error().message;
        EXPECT_EQ(back->size, image.size);
        EXPECT_EQ(back->pixels, image.pixels);
    }
}

TEST_F(PngTest, GreyComesBackAsThreeEqualChannels) {
    const auto file = encode_png(Grey8{{3, 1}, {0, 128, 255}}).value();
    const auto back = decode_png(file, "grey");
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_THAT(back->pixels, ElementsAre(0, 0, 0, 128, 128, 128, 255, 255, 255));
}

/// A PNG of any layout that libpng's simplified interface can write.
Bytes png_of(png_uint_32 format, const void* pixels) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = 1;
    image.height = 1;
    image.format = format;
    Bytes file(4096);
    png_alloc_size_t size = file.size();
    EXPECT_NE(png_image_write_to_memory(&image, file.data(), &size, 0, pixels, 0, nullptr), 0);
    file.resize(size);
    return file;
}

TEST_F(PngTest, SixteenBitsAndTransparencyAreRead) {
    const std::array<std::uint16_t, 3> linear{65535, 11796, 0}; // 100 %, 18 %, 0 % light
    const auto decoded = decode_png(png_of(PNG_FORMAT_LINEAR_RGB, linear.data()), "16");
    EXPECT_EQ(decoded->pixels[0], 255);
    EXPECT_NEAR(decoded->pixels[1], 118, 1); // libpng's gamma tables round their own way
    EXPECT_EQ(decoded->pixels[2], 0);
    const std::array<std::uint8_t, 4> clear{200, 100, 50, 0};
    EXPECT_THAT(decode_png(png_of(PNG_FORMAT_RGBA, clear.data()), "clear")->pixels,
                ElementsAre(0, 0, 0));
    const std::array<std::uint8_t, 4> opaque{200, 100, 50, 255};
    EXPECT_THAT(decode_png(png_of(PNG_FORMAT_RGBA, opaque.data()), "opaque")->pixels,
                ElementsAre(200, 100, 50));
}

TEST_F(PngTest, NothingToEncodeIsAnError) {
    EXPECT_FALSE(encode_png(Rgb8{}));
    EXPECT_FALSE(encode_png(Rgb8{{2, 2}, std::vector<std::uint8_t>(11)})) << "a pixel too few";
}

TEST_F(PngTest, EveryTruncationIsRefusedOrRead) {
    const auto file = encode_png(noise(9, 9)).value();
    for (std::size_t length = 0; length < file.size() - 12; ++length) { // without IEND it may pass
        const auto image = decode_png(std::span{file}.first(length), "cut.png");
        if (length < file.size() / 2) {
            ASSERT_FALSE(image) << length;
            ASSERT_THAT(image.error().message, HasSubstr("'cut.png' is no readable PNG: "));
        }
    }
}

TEST_F(PngTest, RandomDamageNeverCrashes) {
    const auto file = encode_png(noise(9, 9)).value();
    std::mt19937 random{1};
    unsigned refused = 0;
    for (int round = 0; round < 3000; ++round) {
        auto damaged = file;
        for (unsigned hits = 0; hits < 1 + random() % 4; ++hits) {
            damaged[random() % damaged.size()] = static_cast<std::byte>(random() & 0xffU);
        }
        refused += decode_png(damaged, "damaged.png") ? 0U : 1U;
    }
    EXPECT_GT(refused, 2000U);
}

TEST_F(PngTest, AHugeClaimIsRefusedBeforeAnyMemoryIsTaken) {
    // IHDR with 60000 x 60000 pixels and its right CRC.
    auto file = encode_png(noise(1, 1)).value();
    const auto put = [&](std::size_t at, std::uint32_t value) {
        for (std::size_t i = 0; i < 4; ++i) {
            file.at(at + i) = static_cast<std::byte>(value >> (24 - 8 * i));
        }
    };
    put(16, 60000);
    put(20, 60000);
    std::uint32_t crc = 0xffffffffU;
    for (std::size_t i = 12; i < 29; ++i) {
        crc ^= std::to_integer<std::uint32_t>(file.at(i));
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
        }
    }
    put(29, ~crc);
    const auto image = decode_png(file, "huge.png");
    ASSERT_FALSE(image);
    EXPECT_THAT(image.error().message, HasSubstr("60000x60000 pixels, more than"));
}

TEST_F(PngTest, FilesThatAreNone) {
    EXPECT_THAT(read_png(folder / "missing.png").error().message,
                HasSubstr("missing.png': No such file"));
    EXPECT_THAT(read_png(folder).error().message, HasSubstr("is no regular file"));
    const auto fifo = folder / "fifo.png";
    ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    EXPECT_THAT(read_png(fifo).error().message, HasSubstr("is no regular file"));
    const auto text = folder / "text.png";
    std::ofstream{text} << "this is no picture";
    EXPECT_THAT(read_png(text).error().message, HasSubstr("is no readable PNG: "));
    ASSERT_TRUE(write_file(folder / "empty.png", Bytes{}));
    EXPECT_FALSE(read_png(folder / "empty.png"));
}

TEST_F(PngTest, WritingReplacesAndLeavesNothingElse) {
    const auto path = folder / "out.png";
    ASSERT_TRUE(write_file(path, Bytes(10)));
    ASSERT_TRUE(write_file(path, Bytes(20)));
    EXPECT_EQ(fs::file_size(path), 20U);
    EXPECT_NE(fs::status(path).permissions() & fs::perms::owner_read, fs::perms::none);
    EXPECT_EQ(std::distance(fs::directory_iterator{folder}, {}), 1);
}

TEST_F(PngTest, AFailedWriteLeavesNothing) {
    const auto blocked = folder / "folder.png";
    fs::create_directories(blocked / "inside");
    EXPECT_FALSE(write_file(blocked, Bytes(10)));
    EXPECT_FALSE(write_file(folder / "no" / "such" / "folder.png", Bytes(10)));
    EXPECT_EQ(std::distance(fs::directory_iterator{folder}, {}), 1);
}

} // namespace
