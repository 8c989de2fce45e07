// SPDX-License-Identifier: GPL-2.0-or-later
// The counter pattern: every pixel is a known function of (frame number, x, y).
#pragma once

#include "lib/frames/raw_image.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace frames {

/// Pixels 0..7 of line 0 carry the frame number, four bits each, lowest first, below a marker.
inline constexpr unsigned counter_header_pixels = 8;

/// The sample at (@p x, @p y) of frame @p frame. Lines and columns differ everywhere, so a shift by
/// any number of pixels, lines or frames shows. Widths below 8 carry a truncated number.
[[nodiscard]] std::uint16_t counter_pixel(std::uint32_t frame, unsigned x, unsigned y);

/// Fills one whole line; the same as counter_pixel for each x, but vectorisable.
void counter_line(std::uint32_t frame, unsigned y, std::span<std::uint16_t> line);

/// The frame number out of line 0, or nothing when the header's markers are not there.
[[nodiscard]] std::optional<std::uint32_t> counter_number(std::span<const std::uint16_t> line0);

} // namespace frames
