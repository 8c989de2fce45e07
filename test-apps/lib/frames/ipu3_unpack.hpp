// SPDX-License-Identifier: GPL-2.0-or-later
// The IPU3's packed 10-bit lines as numbers.
//
// Layout (Linux, Documentation/userspace-api/media/v4l/pixfmt-srggb10-ipu3.rst and
// pixfmt-yuv-luma.rst): 25 samples follow each other as one little-endian string of 250 bits; the 6
// bits that are left of the 32 bytes are padding, whose value means nothing.
#pragma once

#include "lib/base/result.hpp"
#include "lib/frames/fourcc.hpp"
#include "lib/frames/raw_image.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace frames {

inline constexpr unsigned ipu3_group_pixels = 25;
inline constexpr std::size_t ipu3_group_bytes = 32;

/// The fewest bytes that hold @p width packed samples: whole groups of 32 bytes, then the bytes
/// begun.
[[nodiscard]] std::size_t ipu3_line_bytes(unsigned width);

/// Unpacks as many samples as @p line has room for. @p packed must hold ipu3_line_bytes() of that
/// many: std::length_error otherwise. Nothing behind those bytes is read.
void unpack_ipu3_line(std::span<const std::byte> packed, std::span<std::uint16_t> line);

/// Unpacks a frame into @p image, which is given @p size and the format's order (its memory is
/// reused). The last line may lack its padding. 16-bit samples are not cut to 10 bits: a checker
/// wants to see them. Error: @p bytes_per_line is below a line's samples, or @p bytes is too short.
[[nodiscard]] base::Result<void> unpack_frame(std::span<const std::byte> bytes,
                                              const RawFormat& format, Size size,
                                              std::size_t bytes_per_line, RawImage& image);

} // namespace frames
