// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-judge/picture.hpp"

#include "lib/frames/bayer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>

namespace judge {
namespace {

using testing::IsEmpty;
using testing::Not;

constexpr Size raw_size{.width = 320, .height = 240};
constexpr Size bds{.width = 160, .height = 120};
constexpr Size size{.width = 128, .height = 96};

/// Squares of a colour each, which repeat nowhere.
frames::RawImage frame() {
    constexpr unsigned side = 14;
    constexpr unsigned columns = raw_size.width / side + 1;
    std::mt19937 random; // its seed is always the same
    std::vector<std::array<std::uint16_t, 3>> squares(std::size_t{columns} * columns);
    for (auto& square : squares) {
        for (auto& colour : square) {
            colour = static_cast<std::uint16_t>(100 + random() % 800);
        }
    }
    frames::RawImage raw{.size = raw_size,
                         .order = frames::BayerOrder::grbg,
                         .pixels = std::vector<std::uint16_t>(std::size_t{320} * 240)};
    for (unsigned y = 0; y < raw_size.height; ++y) {
        for (unsigned x = 0; x < raw_size.width; ++x) {
            const auto channel = frames::bayer_channel(raw.order, x, y);
            raw.line(y)[x] = squares.at(std::size_t{y / side} * columns + x / side)
                                 .at(static_cast<std::size_t>(channel));
        }
    }
    return raw;
}

YuvPlanes reference() {
    const auto raw = frame();
    return render(raw, mapping(raw.size, origin(raw.order), bds, size, size), size);
}

/// As an image processor would write it: halved to eight bits, with a curve.
std::vector<std::byte> nv12(const YuvPlanes& from, std::size_t stride) {
    std::vector<std::byte> bytes(stride * size.height * 3 / 2);
    for (std::size_t y = 0; y < size.height; ++y) {
        for (std::size_t x = 0; x < size.width; ++x) {
            const auto luma = 255 * std::pow(std::clamp(from.y.at(x, y) / 1023, 0.F, 1.F), 0.6F);
            bytes[y * stride + x] = static_cast<std::byte>(luma);
            const auto at = stride * (size.height + y / 2) + x / 2 * 2;
            bytes[at] = static_cast<std::byte>(128 + from.cb.at(x / 2 * 2, y / 2 * 2) / 8);
            bytes[at + 1] = static_cast<std::byte>(128 + from.cr.at(x / 2 * 2, y / 2 * 2) / 8);
        }
    }
    return bytes;
}

std::vector<std::string> complaints(std::span<const std::byte> bytes, std::size_t stride) {
    return judge_picture(read_nv12(bytes, size, stride).value(), reference()).complaints();
}

TEST(Picture, ThatIsRightIsRight) {
    EXPECT_THAT(complaints(nv12(reference(), size.width), size.width), IsEmpty());
    EXPECT_THAT(complaints(nv12(reference(), 192), 192), IsEmpty());
    const auto verdict =
        judge_picture(read_nv12(nv12(reference(), 192), size, 192).value(), reference());
    EXPECT_NEAR(verdict.whole.x, 0, 0.1);
    EXPECT_GT(verdict.whole.likeness, 0.95);
    EXPECT_EQ(verdict.bands.size(), 8U);
}

TEST(Picture, OnePixelOffIsFound) {
    const auto raw = frame();
    for (const auto& [x, y] : {std::pair{2, 0}, std::pair{0, 2}, std::pair{-2, -2}}) {
        auto from = mapping(raw.size, origin(raw.order), bds, size, size);
        from.left += x; // two of the frame are one of the picture
        from.top += y;
        const auto bytes = nv12(render(raw, from, size), size.width);
        EXPECT_THAT(complaints(bytes, size.width), Not(IsEmpty()));
        const auto found =
            judge_picture(read_nv12(bytes, size, size.width).value(), reference()).whole;
        EXPECT_NEAR(found.x, x / 2.0, 0.2);
        EXPECT_NEAR(found.y, y / 2.0, 0.2);
    }
}

TEST(Picture, OfAPartOfTheFrameLiesInItsMiddle) {
    const auto raw = frame();
    // A part of 192x146 begins 64 pixels from the left and 46, not 47, from above.
    const Size part{.width = 192, .height = 146};
    const auto first = origin_of_middle(origin(raw.order), raw.size, part);
    EXPECT_EQ(first.x, 64U);
    EXPECT_EQ(first.y, 46U);
    const auto from = mapping(part, first, part, part, part);
    const auto whole = mapping(raw.size, {}, raw.size, raw.size, raw.size);
    const auto picture = render(raw, from, part);
    const auto all = render(raw, whole, raw.size);
    EXPECT_EQ(picture.y.at(0, 0), all.y.at(64, 46));
    EXPECT_EQ(picture.cr.at(100, 70), all.cr.at(164, 116));
}

TEST(Picture, ATornSeamIsFound) {
    auto torn = reference();
    const auto whole = reference();
    for (std::size_t y = 0; y + 2 < size.height; ++y) {
        for (std::size_t x = size.width / 2; x < size.width; ++x) {
            torn.y.at(x, y) = whole.y.at(x, y + 2);
        }
    }
    EXPECT_THAT(complaints(nv12(torn, size.width), size.width),
                testing::Contains(testing::HasSubstr("band 5 of 8")));
}

TEST(Picture, SwappedChromaIsFound) {
    auto swapped = reference();
    std::swap(swapped.cb, swapped.cr);
    EXPECT_THAT(complaints(nv12(swapped, size.width), size.width),
                testing::Contains(testing::HasSubstr("Cb is not alike")));
}

TEST(Picture, AWrongStrideIsFound) {
    EXPECT_THAT(complaints(nv12(reference(), 129), 128), Not(IsEmpty()));
}

TEST(Picture, UpsideDownAndBlackAreFound) {
    auto bytes = nv12(reference(), size.width);
    for (std::size_t y = 0; y < size.height / 2; ++y) {
        std::swap_ranges(bytes.begin() + static_cast<std::ptrdiff_t>(y * size.width),
                         bytes.begin() + static_cast<std::ptrdiff_t>((y + 1) * size.width),
                         bytes.begin() +
                             static_cast<std::ptrdiff_t>((size.height - 1 - y) * size.width));
    }
    EXPECT_THAT(complaints(bytes, size.width), Not(IsEmpty()));
    std::ranges::fill(bytes, std::byte{0});
    EXPECT_THAT(complaints(bytes, size.width), Not(IsEmpty()));
}

TEST(Nv12, RefusesWhatCannotBeOne) {
    const std::vector<std::byte> bytes(100);
    EXPECT_FALSE(read_nv12(bytes, size, size.width));
    EXPECT_FALSE(read_nv12(bytes, {.width = 3, .height = 2}, 4));
    EXPECT_FALSE(read_nv12(bytes, {.width = 0, .height = 0}, 0));
    EXPECT_FALSE(read_nv12(bytes, {.width = 4, .height = 2}, 2));
    EXPECT_TRUE(read_nv12(bytes, {.width = 4, .height = 2}, 4));
}

} // namespace
} // namespace judge
