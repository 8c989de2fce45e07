// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/frames/check.hpp"

#include "lib/frames/counter.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>

namespace {

using frames::CheckReport;
using frames::CounterChecker;
using frames::DumpLayout;
using frames::find_raw_format;
using frames::Size;
using testing::HasSubstr;

constexpr Size size{60, 7};
using Bytes = std::vector<std::byte>;

DumpLayout layout(std::string_view fourcc = "ip3b") {
    return DumpLayout::make(find_raw_format(fourcc).value(), size).value();
}

/// A frame of the counter, packed bit by bit as the format's definition says.
Bytes packed_counter(std::uint32_t number, const DumpLayout& dump) {
    Bytes bytes(dump.frame_bytes, std::byte{0});
    for (unsigned y = 0; y < dump.size.height; ++y) {
        for (unsigned x = 0; x < dump.size.width; ++x) {
            const unsigned value = frames::counter_pixel(number, x, y);
            const std::size_t first_bit = dump.format.packing == frames::Packing::words
                                              ? x * 16U
                                              : x / 25 * 256U + x % 25 * 10U;
            for (unsigned bit = 0; bit < 10; ++bit) {
                const std::size_t at = y * dump.bytes_per_line * 8 + first_bit + bit;
                bytes[at / 8] |= static_cast<std::byte>(((value >> bit) & 1U) << (at % 8));
            }
        }
    }
    return bytes;
}

CheckReport check(const std::vector<Bytes>& stream, const DumpLayout& dump = layout()) {
    CounterChecker checker{dump};
    for (const auto& frame : stream) {
        EXPECT_TRUE(checker.frame(frame));
    }
    return checker.report();
}

std::vector<Bytes> stream_of(const std::vector<std::uint32_t>& numbers,
                             const DumpLayout& dump = layout()) {
    std::vector<Bytes> stream;
    stream.reserve(numbers.size());
    for (const auto number : numbers) {
        stream.push_back(packed_counter(number, dump));
    }
    return stream;
}

TEST(Check, RightFramesAreCleanInEveryFormat) {
    for (const auto& format : frames::raw_formats()) {
        const auto dump = layout(format.name());
        const auto report = check(stream_of({7, 8, 9, 10}, dump), dump);
        EXPECT_TRUE(report.clean()) << format.name();
        EXPECT_EQ(report.frames, 4U);
        EXPECT_EQ(report.first, 7U);
        EXPECT_EQ(report.last, 10U);
    }
}

TEST(Check, NoFramesAreNotClean) {
    EXPECT_FALSE(check({}).clean());
}

TEST(Check, TheNumberMayWrap) {
    EXPECT_TRUE(check(stream_of({0xfffffffe, 0xffffffff, 0, 1})).clean());
}

TEST(Check, EverySingleWrongBitIsOneBadPixelAtItsPlace) {
    const auto dump = layout();
    const auto stream = stream_of({7, 8});
    for (std::size_t byte = 0; byte < dump.frame_bytes; ++byte) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            auto broken = stream;
            broken[1][byte] ^= static_cast<std::byte>(1U << bit);
            const auto report = check(broken);
            const std::size_t line_bit = byte % dump.bytes_per_line * 8 + bit;
            const std::size_t x = line_bit / 256 * 25 + line_bit % 256 / 10;
            if (line_bit % 256 >= 250 || x >= size.width) {
                ASSERT_TRUE(report.clean()) << "padding, byte " << byte;
                continue;
            }
            ASSERT_FALSE(report.clean());
            ASSERT_EQ(report.bad_pixels, 1U) << "byte " << byte << " bit " << bit;
            ASSERT_EQ(report.bad_frames, 1U);
            ASSERT_EQ(report.first_bad->index, 1U);
            ASSERT_EQ(report.first_bad->number, 8U);
            ASSERT_EQ(report.first_bad->x, x);
            ASSERT_EQ(report.first_bad->y, byte / dump.bytes_per_line);
            // The sample's first byte: the wrong bit is in that or in the next one.
            const auto first_byte = byte / 32 * 32 + line_bit % 256 / 10 * 10 / 8;
            ASSERT_EQ(report.first_bad->byte, first_byte);
            ASSERT_EQ(report.first_bad->cache_line(), byte / 64);
            ASSERT_EQ(report.bad.size(), 1U);
            ASSERT_THAT(report.bad[0].pages, testing::ElementsAre(first_byte / 4096));
            ASSERT_EQ(report.gap_count, 0U) << "a broken header is no gap";
        }
    }
}

TEST(Check, BitsAboveTheTenthAreFaults) {
    const auto dump = layout("BG10");
    auto stream = stream_of({1}, dump);
    stream[0][dump.bytes_per_line + 11] |= std::byte{0x04};
    const auto report = check(stream, dump);
    ASSERT_EQ(report.bad_pixels, 1U);
    EXPECT_EQ(report.first_bad->x, 5U);
    EXPECT_EQ(report.first_bad->y, 1U);
}

TEST(Check, AGapIsFoundWithItsPlace) {
    const auto report = check(stream_of({5, 6, 9, 10, 12}));
    EXPECT_FALSE(report.clean());
    EXPECT_EQ(report.bad_pixels, 0U);
    ASSERT_EQ(report.gap_count, 2U);
    EXPECT_EQ(report.missing, 3U);
    EXPECT_EQ(report.gaps[0].index, 2U);
    EXPECT_EQ(report.gaps[0].before, 6U);
    EXPECT_EQ(report.gaps[0].after, 9U);
}

TEST(Check, ARepeatedFrameIsFound) {
    const auto report = check(stream_of({5, 6, 6, 7}));
    EXPECT_FALSE(report.clean());
    EXPECT_THAT(report.repeated, testing::ElementsAre(2U));
    ASSERT_EQ(report.bad.size(), 1U);
    EXPECT_EQ(report.bad[0].index, 2U);
    EXPECT_FALSE(report.bad[0].first);
    EXPECT_EQ(report.bad[0].pages.size(), (layout().frame_bytes + 4095) / 4096);
}

TEST(Check, SwappedFramesAreFound) {
    const auto report = check(stream_of({5, 7, 6, 8}));
    EXPECT_FALSE(report.clean());
    EXPECT_EQ(report.backwards_count, 1U);
    EXPECT_EQ(report.backwards[0].before, 7U);
    EXPECT_EQ(report.bad_pixels, 0U);
}

TEST(Check, AFrameTornIntoTheNextIsBad) {
    auto stream = stream_of({5, 6});
    const auto next = packed_counter(7, layout());
    const auto torn = static_cast<std::ptrdiff_t>(4 * layout().bytes_per_line);
    std::copy(next.begin() + torn, next.end(), stream[1].begin() + torn);
    const auto report = check(stream);
    EXPECT_GT(report.bad_pixels, 3U * size.width * 9 / 10);
    EXPECT_EQ(report.first_bad->y, 4U);
}

TEST(Check, AFrameShiftedByALineOrAPixelIsBad) {
    const auto dump = layout("BG10");
    const auto right = packed_counter(6, dump);
    for (const std::size_t shift : {std::size_t{2}, dump.bytes_per_line}) {
        auto shifted = right;
        std::ranges::rotate(shifted, shifted.begin() + static_cast<std::ptrdiff_t>(shift));
        const auto report = check({packed_counter(5, dump), shifted}, dump);
        EXPECT_GT(report.bad_pixels, size.width * size.height * 9U / 10);
        EXPECT_EQ(report.unreadable_numbers, 1U);
    }
}

TEST(Check, AnEmptyFrameIsBad) {
    const auto report = check({Bytes(layout().frame_bytes)});
    EXPECT_FALSE(report.clean());
    EXPECT_EQ(report.unreadable_numbers, 1U);
    EXPECT_EQ(report.bad_frames, 1U);
}

TEST(Check, TruncatedStreamsAreNotClean) {
    CounterChecker checker{layout()};
    ASSERT_TRUE(checker.frame(packed_counter(0, layout())));
    EXPECT_TRUE(checker.report().clean());
    checker.truncated(1);
    EXPECT_FALSE(checker.report().clean());
    EXPECT_FALSE(checker.frame(Bytes(layout().frame_bytes - 1)));
}

TEST(Check, ListsAreBoundedAndCountsAreNot) {
    std::vector<std::uint32_t> numbers(300);
    for (std::uint32_t n = 0; n < 300; ++n) {
        numbers[n] = 2 * n;
    }
    const auto report = check(stream_of(numbers));
    EXPECT_EQ(report.gap_count, 299U);
    EXPECT_EQ(report.gaps.size(), CheckReport::longest_list);
}

TEST(DumpLayout, DefaultsAreTheDrivers) {
    const auto dump = DumpLayout::make(find_raw_format("ip3b").value(), {2592, 1944}).value();
    EXPECT_EQ(dump.bytes_per_line, 3328U);
    EXPECT_EQ(dump.frame_bytes, 3328U * 1944U);
}

TEST(DumpLayout, RefusesNonsense) {
    const auto format = find_raw_format("ip3b").value();
    EXPECT_FALSE(DumpLayout::make(format, {0, 10}));
    EXPECT_FALSE(DumpLayout::make(format, {10, 0}));
    EXPECT_FALSE(DumpLayout::make(format, {0xffffffff, 0xffffffff}));
    EXPECT_FALSE(DumpLayout::make(format, {100, 10}, 127 - 0U));
    EXPECT_FALSE(DumpLayout::make(format, {100, 10}, 128, 1270));
    EXPECT_FALSE(DumpLayout::make(format, {100, 10}, 0xffffffffffffffff));
    EXPECT_FALSE(DumpLayout::make(format, {100, 10}, 128, 0xffffffffffffffff));
    EXPECT_TRUE(DumpLayout::make(format, {100, 10}, 128, 1280));
    EXPECT_TRUE(DumpLayout::make(format, {100, 10}, 256, 4096));
    EXPECT_THAT(DumpLayout::make(format, {100, 10}, 64).error().message, HasSubstr("64 bytes"));
}

} // namespace
