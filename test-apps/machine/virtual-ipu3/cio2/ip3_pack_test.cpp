// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/cio2/ip3_pack.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <stdexcept>
#include <vector>

namespace ipu3::cio2 {
namespace {

constexpr unsigned seed = 3; // the same bits in every run

/// The documentation's table read bit by bit: sample x has its bit b at bit (x % 25) * 10 + b of
/// its group.
std::vector<std::byte> pack_bit_by_bit(const std::vector<std::uint16_t>& pixels,
                                       std::size_t bytes) {
    std::vector<std::byte> packed(bytes);
    for (std::size_t x = 0; x < pixels.size(); ++x) {
        for (std::size_t bit = 0; bit < 10; ++bit) {
            const std::size_t position = (x / 25 * 256) + (x % 25 * 10) + bit;
            if (((std::uint32_t{pixels[x]} >> bit) & 1U) != 0) {
                packed[position / 8] |= std::byte{1} << (position % 8);
            }
        }
    }
    return packed;
}

TEST(Ip3LineBytes, FollowsTheKernelsBytesPerLine) {
    EXPECT_EQ(ip3_line_bytes(1), 64U);
    EXPECT_EQ(ip3_line_bytes(50), 64U);
    EXPECT_EQ(ip3_line_bytes(51), 128U);
    EXPECT_EQ(ip3_line_bytes(1296), 1664U);
    EXPECT_EQ(ip3_line_bytes(1936), 2496U);
    EXPECT_EQ(ip3_line_bytes(2592), 3328U);
    EXPECT_EQ(ip3_line_bytes(4224), 5440U);
    EXPECT_EQ(ip3_line_bytes(26, 32), 64U);
    EXPECT_EQ(ip3_line_bytes(25, 32), 32U);
}

TEST(Ip3PackLine, FirstBytesAreAsDocumented) {
    // Byte 1 holds the low six bits of pixel 1 above the two high bits of pixel 0, and so on.
    const std::vector<std::uint16_t> pixels{0x2a5, 0x155, 0x3ff, 0x001, 0x200};
    std::vector<std::byte> out(32);
    ip3_pack_line(pixels, out);
    EXPECT_EQ(out[0], std::byte{0xa5});
    EXPECT_EQ(out[1], std::byte{((0x155 & 0x3f) << 2) | 0x2});
    EXPECT_EQ(out[2], std::byte{((0x3ff & 0x0f) << 4) | (0x155 >> 6)});
    EXPECT_EQ(out[3], std::byte{((0x001 & 0x03) << 6) | (0x3ff >> 4)});
    EXPECT_EQ(out[4], std::byte{0x001 >> 2});
    EXPECT_EQ(out[5], std::byte{0x00});
    EXPECT_EQ(out[6], std::byte{0x02});
}

TEST(Ip3PackLine, PixelTwentyFourLeavesSixBitsOfPaddingAndTheNextStartsAByte) {
    std::vector<std::uint16_t> pixels(26);
    pixels[24] = 0x3ff;
    pixels[25] = 0x0ff;
    std::vector<std::byte> out(64);
    ip3_pack_line(pixels, out);
    EXPECT_EQ(out[30], std::byte{0xff});
    EXPECT_EQ(out[31], std::byte{0x03});
    EXPECT_EQ(out[32], std::byte{0xff});
}

TEST(Ip3PackLine, EqualsTheBitByBitReferenceForEveryWidth) {
    std::mt19937 random{seed};
    for (std::size_t width = 0; width <= 160; ++width) {
        std::vector<std::uint16_t> pixels(width);
        for (auto& pixel : pixels) {
            pixel = static_cast<std::uint16_t>(random() & 0x3ffU);
        }
        std::vector<std::byte> out(ip3_line_bytes(width), std::byte{0xee});
        ip3_pack_line(pixels, out);
        ASSERT_EQ(out, pack_bit_by_bit(pixels, out.size())) << "width " << width;
    }
}

TEST(Ip3PackLine, EqualsTheReferenceOnSingleBits) {
    for (std::size_t x = 0; x < 50; ++x) {
        for (unsigned bit = 0; bit < 10; ++bit) {
            std::vector<std::uint16_t> pixels(50);
            pixels[x] = static_cast<std::uint16_t>(1U << bit);
            std::vector<std::byte> out(64);
            ip3_pack_line(pixels, out);
            ASSERT_EQ(out, pack_bit_by_bit(pixels, out.size())) << "pixel " << x << " bit " << bit;
        }
    }
}

TEST(Ip3PackLine, CutsSamplesToTenBits) {
    const std::vector<std::uint16_t> wide(25, 0xfc00);
    std::vector<std::byte> out(32, std::byte{0xee});
    ip3_pack_line(wide, out);
    EXPECT_EQ(out, std::vector<std::byte>(32));
}

TEST(Ip3PackLine, RefusesAnOutputThatIsTooSmall) {
    const std::vector<std::uint16_t> pixels(26);
    std::vector<std::byte> out(63);
    EXPECT_THROW(ip3_pack_line(pixels, out), std::invalid_argument);
}

} // namespace
} // namespace ipu3::cio2
