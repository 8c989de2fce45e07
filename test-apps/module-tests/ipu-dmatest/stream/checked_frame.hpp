// SPDX-License-Identifier: GPL-2.0-or-later
// A frame in memory: filled with the pattern, or compared to it byte by byte.
#pragma once

#include "module-tests/ipu-dmatest/stream/report.hpp"
#include "module-tests/ipu-dmatest/stream/video_node.hpp"

#include <cstdint>
#include <span>

namespace ipu3::dmatest::stream {

/// What stands in bytes that no frame reaches.
inline constexpr std::uint8_t poison = 0xa5;

/// Fills all of @p bytes with the poison.
void poison_all(std::span<std::uint8_t> bytes);

/// Writes frame @p number's lines into @p bytes; what is between and behind them stays.
void draw_frame(std::span<std::uint8_t> bytes, const Layout& layout, std::uint32_t number);

/// Adds to @p report what of @p bytes is not frame @p number's. With @p padding, bytes between and
/// behind the lines must still be poison.
void check_frame(std::span<const std::uint8_t> bytes, const Layout& layout, std::uint32_t number,
                 bool padding, Report& report);

} // namespace ipu3::dmatest::stream
