// SPDX-License-Identifier: GPL-2.0-or-later
// The test pattern as the device writes and expects it. The program that checks frames in the guest
// has an implementation of its own (module-tests/ipu-dmatest/stream/pattern_check.hpp), written
// from the README's text, so that a mistake in one shows in the other.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

namespace ipu3::dmatest::pattern {

static_assert(std::endian::native == std::endian::little, "words are little-endian in the pattern");

/// Bytes at the start of a frame that carry its number: the number and its complement.
inline constexpr std::size_t header_bytes = 8;
inline constexpr std::uint64_t word_bytes = 4;

/// The four bytes at offset 4 * @p word of frame @p frame. Words differ between neighbours, between
/// frames and between pages, so a shift by any distance and a stale line show.
[[nodiscard]] constexpr std::uint32_t word_at(std::uint32_t frame, std::uint32_t word) {
    if (word == 0) {
        return frame;
    }
    if (word == 1) {
        return ~frame;
    }
    auto mixed = (word * 0x9e3779b1U) + (frame * 0x85ebca77U);
    mixed ^= mixed >> 16U;
    mixed *= 0x7feb352dU;
    mixed ^= mixed >> 15U;
    return mixed;
}

/// The byte at @p offset of frame @p frame. Offsets are below 16 GiB.
[[nodiscard]] constexpr std::byte byte_at(std::uint32_t frame, std::uint64_t offset) {
    const auto word = word_at(frame, static_cast<std::uint32_t>(offset / word_bytes));
    return static_cast<std::byte>(word >> (8U * (offset % word_bytes)));
}

/// Fills @p to with the bytes from @p offset on.
inline void fill(std::uint32_t frame, std::uint64_t offset, std::span<std::byte> to) {
    std::size_t done = 0;
    while (done < to.size() && (offset + done) % word_bytes != 0) {
        to[done] = byte_at(frame, offset + done);
        ++done;
    }
    constexpr std::size_t batch = 1024;
    std::array<std::uint32_t, batch> words{};
    while (to.size() - done >= word_bytes) {
        const auto count = std::min(batch, (to.size() - done) / word_bytes);
        const auto first = static_cast<std::uint32_t>((offset + done) / word_bytes);
        for (std::uint32_t i = 0; i < count; ++i) {
            words[i] = word_at(frame, first + i);
        }
        std::memcpy(to.subspan(done).data(), words.data(), count * word_bytes);
        done += count * word_bytes;
    }
    for (; done < to.size(); ++done) {
        to[done] = byte_at(frame, offset + done);
    }
}

/// Where bytes differ from the pattern.
struct Difference {
    std::uint64_t count{0};             ///< wrong bytes
    std::optional<std::uint64_t> first; ///< offset of the first one
};

/// Compares @p bytes, which stand at @p offset, with the pattern of frame @p frame and adds what it
/// finds to @p difference. @p expected is room of at least as many bytes.
inline void compare(std::uint32_t frame, std::uint64_t offset, std::span<const std::byte> bytes,
                    std::span<std::byte> expected, Difference& difference) {
    const auto wanted = expected.first(bytes.size());
    fill(frame, offset, wanted);
    if (std::memcmp(wanted.data(), bytes.data(), bytes.size()) == 0) {
        return;
    }
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] != wanted[i]) {
            ++difference.count;
            if (!difference.first) {
                difference.first = offset + i;
            }
        }
    }
}

/// The frame number in the first bytes of a frame; nothing when they are too few or do not agree.
[[nodiscard]] inline std::optional<std::uint32_t> frame_number(std::span<const std::byte> bytes) {
    if (bytes.size() < header_bytes) {
        return std::nullopt;
    }
    std::array<std::uint32_t, 2> words{};
    std::memcpy(words.data(), bytes.data(), header_bytes);
    return words[0] == ~words[1] ? std::optional{words[0]} : std::nullopt;
}

} // namespace ipu3::dmatest::pattern
