// SPDX-License-Identifier: GPL-2.0-or-later
// IPU3's packed 10-bit raw format: 25 pixels in 32 bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ipu3::cio2 {

inline constexpr std::size_t ip3_group_pixels = 25;
inline constexpr std::size_t ip3_group_bytes = 32;

/// Bytes of a packed line of @p width pixels whose end is aligned to @p alignment (64 or 32) bytes.
/// Fact: 64 bytes for every 50 pixels begun (Linux ipu3-cio2.c, bytesperline).
[[nodiscard]] constexpr std::size_t ip3_line_bytes(std::size_t width, std::size_t alignment = 64) {
    const std::size_t groups = (width + ip3_group_pixels - 1) / ip3_group_pixels;
    return (groups * ip3_group_bytes + alignment - 1) / alignment * alignment;
}

/// Packs one line: a little-endian stream of 10-bit samples, restarted every 32 bytes; the last 6
/// bits of each group, and everything after the last pixel, are zero. Bits above the sample's tenth
/// are cut off. @p out has at least ip3_line_bytes(pixels.size(), 32) bytes, or
/// std::invalid_argument is thrown. Fact: Linux
/// Documentation/userspace-api/media/v4l/pixfmt-srggb10-ipu3.rst.
void ip3_pack_line(std::span<const std::uint16_t> pixels, std::span<std::byte> out);

} // namespace ipu3::cio2
