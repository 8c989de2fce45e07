// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/frames/ipu3_unpack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

namespace {

using frames::find_raw_format;
using frames::ipu3_line_bytes;
using frames::RawImage;
using frames::unpack_frame;
using frames::unpack_ipu3_line;
using testing::ElementsAre;
using testing::HasSubstr;

/// The layout read bit by bit: sample i of a group owns bits 10i..10i+9, lowest first.
std::uint16_t naive_sample(std::span<const std::byte> packed, std::size_t x) {
    unsigned value = 0;
    for (std::size_t bit = 0; bit < 10; ++bit) {
        const std::size_t at = x % 25 * 10 + bit;
        const auto byte = std::to_integer<unsigned>(packed[x / 25 * 32 + at / 8]);
        value |= ((byte >> (at % 8)) & 1U) << bit;
    }
    return static_cast<std::uint16_t>(value);
}

std::vector<std::byte> random_bytes(std::size_t count, unsigned seed) {
    std::mt19937 random{seed};
    std::vector<std::byte> bytes(count);
    for (auto& byte : bytes) {
        byte = static_cast<std::byte>(random() & 0xffU);
    }
    return bytes;
}

TEST(Ipu3Unpack, EqualsTheLayoutReadBitByBitAtEveryWidth) {
    for (unsigned width = 0; width <= 130; ++width) {
        // Exactly the bytes needed, on the heap: the address sanitizer sees any read behind them.
        const auto packed = random_bytes(ipu3_line_bytes(width), width);
        std::vector<std::uint16_t> line(width);
        unpack_ipu3_line(packed, line);
        for (unsigned x = 0; x < width; ++x) {
            ASSERT_EQ(line[x], naive_sample(packed, x)) << "pixel " << x << " of " << width;
        }
    }
}

TEST(Ipu3Unpack, BytesOfTheKernelDocumentsTable) {
    // Byte 0 is sample 0's low byte; byte 1 has its two high bits at the bottom; byte 31 holds the
    // two high bits of sample 24 below six bits of padding.
    std::vector<std::byte> packed(32);
    std::vector<std::uint16_t> line(25);
    packed[0] = std::byte{0x34};
    packed[1] = std::byte{0x02 | (0x15 << 2)};
    packed[2] = std::byte{0x0a};
    packed[30] = std::byte{0x81};
    packed[31] = std::byte{0xfc | 0x03};
    unpack_ipu3_line(packed, line);
    EXPECT_EQ(line[0], 0x234);
    EXPECT_EQ(line[1], (0xa << 6) | 0x15);
    EXPECT_EQ(line[24], 0x381);
}

TEST(Ipu3Unpack, PaddingMeansNothing) {
    auto packed = random_bytes(64, 1);
    std::vector<std::uint16_t> before(50);
    unpack_ipu3_line(packed, before);
    packed[31] ^= std::byte{0xfc};
    packed[63] ^= std::byte{0xfc};
    std::vector<std::uint16_t> after(50);
    unpack_ipu3_line(packed, after);
    EXPECT_EQ(before, after);
}

TEST(Ipu3Unpack, TooFewBytesAreRefused) {
    std::vector<std::uint16_t> line(26);
    EXPECT_THROW(unpack_ipu3_line(random_bytes(33, 1), line), std::length_error);
    EXPECT_NO_THROW(unpack_ipu3_line(random_bytes(34, 1), line));
}

TEST(UnpackFrame, LinesLieAtTheStrideAndTheLastNeedsNoPadding) {
    const auto format = find_raw_format("ip3G").value();
    const frames::Size size{26, 3};
    ASSERT_EQ(format.bytes_per_line(26), 64U);
    const auto bytes = random_bytes(2 * 64 + 34, 9);
    RawImage image;
    ASSERT_TRUE(unpack_frame(bytes, format, size, 64, image));
    EXPECT_EQ(image.size, size);
    EXPECT_EQ(image.order, frames::BayerOrder::grbg);
    for (unsigned y = 0; y < 3; ++y) {
        for (unsigned x = 0; x < 26; ++x) {
            ASSERT_EQ(image.line(y)[x],
                      naive_sample(std::span{bytes}.subspan(std::size_t{64} * y), x));
        }
    }
    EXPECT_FALSE(unpack_frame(std::span{bytes}.first(2 * 64 + 33), format, size, 64, image));
    EXPECT_FALSE(unpack_frame(std::span{bytes}.first(10), format, size, 64, image));
    EXPECT_FALSE(unpack_frame({}, format, size, 64, image));
    EXPECT_FALSE(unpack_frame(bytes, format, size, 33, image)) << "lines would overlap";
    EXPECT_FALSE(unpack_frame(bytes, format, {26, 0xffffffff}, 0xffffffffffffffff, image))
        << "the product overflows";
}

TEST(UnpackFrame, WordsAreLittleEndian) {
    const auto format = find_raw_format("BG10").value();
    const std::vector<std::byte> bytes{std::byte{0x34}, std::byte{0x02}, std::byte{0xff},
                                       std::byte{0xff}};
    RawImage image;
    ASSERT_TRUE(unpack_frame(bytes, format, {2, 1}, format.bytes_per_line(2), image));
    EXPECT_THAT(image.pixels, ElementsAre(0x234, 0xffff)) << "bits above the tenth stay visible";
}

TEST(UnpackFrame, NothingOfNothing) {
    RawImage image;
    EXPECT_TRUE(unpack_frame({}, find_raw_format("ip3b").value(), {0, 0}, 0, image));
    EXPECT_TRUE(image.pixels.empty());
}

TEST(RawFormat, StridesAreTheDrivers) {
    const auto packed = find_raw_format("ip3b").value();
    EXPECT_EQ(packed.bytes_per_line(2592), 3328U);
    EXPECT_EQ(packed.bytes_per_line(1296), 1664U);
    EXPECT_EQ(packed.bytes_per_line(3264), 4224U);
    EXPECT_EQ(packed.bytes_per_line(50), 64U);
    EXPECT_EQ(packed.bytes_per_line(51), 128U);
    EXPECT_EQ(packed.bytes_per_line(0), 0U);
    EXPECT_EQ(find_raw_format("RG10")->bytes_per_line(51), 102U);
    for (const auto& format : frames::raw_formats()) {
        for (unsigned width = 0; width < 300; ++width) {
            ASSERT_LE(format.line_bytes(width), format.bytes_per_line(width));
        }
    }
}

TEST(RawFormat, FourCcTellsTheOrder) {
    using frames::BayerOrder;
    EXPECT_EQ(find_raw_format("ip3b")->order, BayerOrder::bggr);
    EXPECT_EQ(find_raw_format("ip3g")->order, BayerOrder::gbrg);
    EXPECT_EQ(find_raw_format("ip3G")->order, BayerOrder::grbg);
    EXPECT_EQ(find_raw_format("ip3r")->order, BayerOrder::rggb);
    EXPECT_EQ(find_raw_format("ip3y")->order, BayerOrder::grey);
    EXPECT_EQ(find_raw_format("Y10")->order, BayerOrder::grey);
    EXPECT_EQ(find_raw_format("Y10 ")->packing, frames::Packing::words);
    for (const auto* const bad : {"", " ", "ip3", "IP3B", "ip3bb", "NV12"}) {
        const auto format = find_raw_format(bad);
        ASSERT_FALSE(format) << bad;
        EXPECT_THAT(format.error().message, HasSubstr("ip3b, ip3g, ip3G, ip3r, ip3y, BG10"));
    }
}

} // namespace
