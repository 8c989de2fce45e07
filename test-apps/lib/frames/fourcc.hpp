// SPDX-License-Identifier: GPL-2.0-or-later
// The RAW formats that a dump may hold, by their V4L2 FourCC and whatever else they are called.
#pragma once

#include "lib/base/result.hpp"
#include "lib/frames/raw_image.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace frames {

/// How samples lie in memory.
enum class Packing : std::uint8_t {
    ipu3,  ///< 25 samples of 10 bits in 32 bytes
    words, ///< one sample in the low bits of a 16-bit little-endian word
};

/// A V4L2 pixel format of 10-bit samples. The four characters are those of v4l2_fourcc().
struct RawFormat {
    std::array<char, 4> fourcc;
    BayerOrder order;
    Packing packing;

    [[nodiscard]] std::string_view name() const { return {fourcc.data(), fourcc.size()}; }
    /// Bytes from one line to the next as the ipu3-cio2 driver lays it out: for the packed formats
    /// 64 bytes for every 50 pixels begun, else twice the width.
    [[nodiscard]] std::size_t bytes_per_line(unsigned width) const;
    /// The fewest bytes that hold the samples of one line.
    [[nodiscard]] std::size_t line_bytes(unsigned width) const;
    /// Where in its line sample @p x begins, in bytes.
    [[nodiscard]] std::size_t sample_byte(unsigned x) const;
};

[[nodiscard]] std::span<const RawFormat> raw_formats();

/// Finds a format by any name that is in use for it: its FourCC ("ip3b"; a trailing blank may be
/// left out, "Y10"), the kernel's macro ("V4L2_PIX_FMT_IPU3_SBGGR10", with or without the prefix),
/// libcamera's name ("SBGGR10_IPU3"), or the media bus code's ("SBGGR10_1X10", with or without
/// "MEDIA_BUS_FMT_"), which means the format that the CIO2 makes of it. Upper and lower case
/// differ, as in "ip3g" and "ip3G". Error: names the known ones.
[[nodiscard]] base::Result<RawFormat> find_raw_format(std::string_view name);

} // namespace frames
