// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/frames/counter.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace frames {

namespace {

/// Bits 9..4 of the header's pixels. All differ, so that a shifted header is no header.
constexpr std::array<std::uint16_t, counter_header_pixels> markers{0x2d, 0x12, 0x3b, 0x05,
                                                                   0x36, 0x09, 0x1f, 0x20};
constexpr unsigned nibble_bits = 4;
constexpr std::uint16_t nibble_mask = 0xf;

/// A bijection of 32 bits in which every input bit reaches every output bit (the "lowbias32"
/// constants of Chris Wellons' hash-prospector, public domain).
constexpr std::uint32_t mix(std::uint32_t v) {
    v ^= v >> 16U;
    v *= 0x7feb352dU;
    v ^= v >> 15U;
    v *= 0x846ca68bU;
    v ^= v >> 16U;
    return v;
}

/// Two lines of one frame, or one line of two frames, never share a key: mix() is a bijection.
constexpr std::uint32_t line_key(std::uint32_t frame, unsigned y) {
    return mix(mix(frame ^ 0x9e3779b9U) + y);
}

/// Two neighbours out of one multiplication: the even one in bits 9..0, the odd one in bits 25..16.
/// The key is mixed already, so one more round is enough, and a product's top bits are its best
/// mixed.
constexpr std::uint32_t sample_pair(std::uint32_t key, std::uint32_t pair) {
    std::uint32_t v = key + pair * 0x9e3779b1U;
    v ^= v >> 15U;
    v *= 0x846ca68bU;
    return (v >> 22U) | ((v << 4U) & 0x03ff0000U);
}

constexpr std::uint16_t sample(std::uint32_t key, std::uint32_t x) {
    return static_cast<std::uint16_t>(sample_pair(key, x / 2) >> (x % 2 == 0 ? 0U : 16U));
}

constexpr std::uint16_t header_sample(std::uint32_t frame, unsigned x) {
    const std::uint32_t nibble = (frame >> (nibble_bits * x)) & nibble_mask;
    return static_cast<std::uint16_t>((std::uint32_t{markers[x]} << nibble_bits) | nibble);
}

} // namespace

std::uint16_t counter_pixel(std::uint32_t frame, unsigned x, unsigned y) {
    if (y == 0 && x < counter_header_pixels) {
        return header_sample(frame, x);
    }
    return sample(line_key(frame, y), x);
}

void counter_line(std::uint32_t frame, unsigned y, std::span<std::uint16_t> line) {
    const std::uint32_t key = line_key(frame, y);
    const auto width = static_cast<std::uint32_t>(line.size());
    // A pair is stored as one word: the loop vectorises without repacking.
    static_assert(std::endian::native == std::endian::little);
    for (std::uint32_t pair = 0; pair < width / 2; ++pair) {
        const std::uint32_t word = sample_pair(key, pair);
        std::memcpy(&line[std::size_t{pair} * 2], &word, sizeof word);
    }
    if (width % 2 != 0) {
        line[width - 1] = sample(key, width - 1);
    }
    if (y == 0) {
        for (unsigned x = 0; x < std::min(width, counter_header_pixels); ++x) {
            line[x] = header_sample(frame, x);
        }
    }
}

std::optional<std::uint32_t> counter_number(std::span<const std::uint16_t> line0) {
    const auto pixels = std::min<std::size_t>(line0.size(), counter_header_pixels);
    if (pixels == 0) {
        return std::nullopt;
    }
    std::uint32_t number = 0;
    for (unsigned x = 0; x < pixels; ++x) {
        if (line0[x] >> nibble_bits != markers[x]) {
            return std::nullopt;
        }
        number |= static_cast<std::uint32_t>(line0[x] & nibble_mask) << (nibble_bits * x);
    }
    return number;
}

} // namespace frames
