// SPDX-License-Identifier: GPL-2.0-or-later
// What a sensor sends, and what the CIO2 makes of it in memory.
#pragma once

#include "lib/frames/raw_image.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ipu3::capture {

struct CaptureFormat {
    std::uint32_t bus_code;    ///< MEDIA_BUS_FMT_...
    std::uint32_t pixelformat; ///< V4L2_PIX_FMT_IPU3_...
    std::string_view name;     ///< of the bus code, as media-ctl writes it
};

/// Those that the CIO2 receives.
[[nodiscard]] std::span<const CaptureFormat> capture_formats();
/// The format for @p bus_code; null when the CIO2 does not receive that.
[[nodiscard]] const CaptureFormat* find_format(std::uint32_t bus_code);

/// "ip3b"
[[nodiscard]] std::string fourcc_text(std::uint32_t fourcc);
/// "SBGGR10_1X10", or "0x3001" for one that the CIO2 does not receive
[[nodiscard]] std::string bus_code_text(std::uint32_t bus_code);
/// "2592x1944"
[[nodiscard]] std::string size_text(frames::Size size);

} // namespace ipu3::capture
