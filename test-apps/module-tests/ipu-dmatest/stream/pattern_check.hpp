// SPDX-License-Identifier: GPL-2.0-or-later
// The test pattern as a program in the guest knows it. Written from the text in ../README.md, not
// from the device's code (machine/virtual-ipu3/dmatest/pattern.hpp), so that a mistake in one shows
// in the other.
#pragma once

#include <cstdint>
#include <span>

namespace ipu3::dmatest::stream {

/// Byte @p offset of frame @p number.
[[nodiscard]] std::uint8_t pattern_byte(std::uint32_t number, std::uint64_t offset);

/// Writes frame @p number's bytes from @p offset on into @p bytes.
void write_pattern(std::span<std::uint8_t> bytes, std::uint32_t number, std::uint64_t offset);

/// Bytes of @p bytes, which stand at @p offset, that are not frame @p number's.
[[nodiscard]] std::uint64_t count_wrong(std::span<const std::uint8_t> bytes, std::uint32_t number,
                                        std::uint64_t offset);

} // namespace ipu3::dmatest::stream
