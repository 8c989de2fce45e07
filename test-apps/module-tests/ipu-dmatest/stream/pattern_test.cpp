// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/dmatest/pattern.hpp"

#include "module-tests/ipu-dmatest/stream/pattern_check.hpp"

#include <gtest/gtest.h>
#include <random>
#include <vector>

namespace ipu3::dmatest {
namespace {

TEST(Pattern, BeginsWithTheNumberAndItsComplement) {
    std::vector<std::byte> bytes(16);
    pattern::fill(0x01020304, 0, bytes);
    EXPECT_EQ(bytes[0], std::byte{0x04});
    EXPECT_EQ(bytes[3], std::byte{0x01});
    EXPECT_EQ(bytes[4], std::byte{0xfb});
    EXPECT_EQ(bytes[7], std::byte{0xfe});
    EXPECT_EQ(pattern::frame_number(bytes), 0x01020304U);
    bytes[5] ^= std::byte{1};
    EXPECT_EQ(pattern::frame_number(bytes), std::nullopt);
    EXPECT_EQ(pattern::frame_number(std::span{bytes}.first(7)), std::nullopt);
}

// The values of the README's example.
TEST(Pattern, IsTheDocumentedOne) {
    std::vector<std::byte> bytes(4);
    pattern::fill(1, 8, bytes);
    const std::vector wanted{std::byte{0x18}, std::byte{0x68}, std::byte{0x8e}, std::byte{0xf0}};
    EXPECT_EQ(bytes, wanted);
}

TEST(Pattern, FillAgreesWithEachByteAtAnyOffset) {
    for (std::uint64_t offset = 0; offset < 12; ++offset) {
        for (std::size_t size = 0; size < 20; ++size) {
            std::vector<std::byte> bytes(size);
            pattern::fill(77, offset, bytes);
            for (std::size_t i = 0; i < size; ++i) {
                ASSERT_EQ(bytes[i], pattern::byte_at(77, offset + i)) << offset << " " << i;
            }
        }
    }
}

TEST(Pattern, FramesAndPagesDifferInAlmostAllLines) {
    constexpr std::size_t line = 64;
    std::vector<std::byte> first(line);
    std::vector<std::byte> second(line);
    unsigned equal = 0;
    for (std::uint32_t frame = 0; frame < 64; ++frame) {
        for (std::uint64_t page = 0; page < 64; ++page) {
            pattern::fill(frame, 4096 + page * 4096, first);
            pattern::fill(frame + 1, 4096 + page * 4096, second);
            equal += first == second ? 1U : 0U;
            pattern::fill(frame, 8192 + page * 4096, second);
            equal += first == second ? 1U : 0U;
        }
    }
    EXPECT_EQ(equal, 0U);
}

TEST(Pattern, CompareCountsAndFindsTheFirst) {
    std::vector<std::byte> bytes(100);
    std::vector<std::byte> room(100);
    pattern::fill(5, 1000, bytes);
    pattern::Difference difference;
    pattern::compare(5, 1000, bytes, room, difference);
    EXPECT_EQ(difference.count, 0U);
    EXPECT_EQ(difference.first, std::nullopt);
    bytes[30] ^= std::byte{1};
    bytes[99] ^= std::byte{0x80};
    pattern::compare(5, 1000, bytes, room, difference);
    EXPECT_EQ(difference.count, 2U);
    EXPECT_EQ(difference.first, 1030U);
}

// Two implementations, one for each side of the machine.
TEST(Pattern, TheProgramInTheGuestKnowsTheSame) {
    std::mt19937 random{2}; // NOLINT(cert-msc*): the same in every run
    for (unsigned i = 0; i < 200; ++i) {
        const auto frame = static_cast<std::uint32_t>(random());
        const std::uint64_t offset = i < 20 ? i : random() % (64U << 20U);
        std::vector<std::byte> device(1 + random() % 100);
        std::vector<std::uint8_t> program(device.size());
        pattern::fill(frame, offset, device);
        stream::write_pattern(program, frame, offset);
        for (std::size_t at = 0; at < device.size(); ++at) {
            ASSERT_EQ(std::to_integer<std::uint8_t>(device[at]), program[at])
                << frame << " " << offset + at;
            ASSERT_EQ(program[at], stream::pattern_byte(frame, offset + at));
        }
        EXPECT_EQ(stream::count_wrong(program, frame, offset), 0U);
        program.back() ^= 1U;
        EXPECT_EQ(stream::count_wrong(program, frame, offset), 1U);
    }
}

} // namespace
} // namespace ipu3::dmatest
