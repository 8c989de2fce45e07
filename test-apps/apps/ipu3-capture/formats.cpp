// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/formats.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <linux/media-bus-format.h>
#include <linux/videodev2.h>

namespace ipu3::capture {

namespace {

constexpr std::array formats{
    CaptureFormat{MEDIA_BUS_FMT_SBGGR10_1X10, V4L2_PIX_FMT_IPU3_SBGGR10, "SBGGR10_1X10"},
    CaptureFormat{MEDIA_BUS_FMT_SGBRG10_1X10, V4L2_PIX_FMT_IPU3_SGBRG10, "SGBRG10_1X10"},
    CaptureFormat{MEDIA_BUS_FMT_SGRBG10_1X10, V4L2_PIX_FMT_IPU3_SGRBG10, "SGRBG10_1X10"},
    CaptureFormat{MEDIA_BUS_FMT_SRGGB10_1X10, V4L2_PIX_FMT_IPU3_SRGGB10, "SRGGB10_1X10"},
    CaptureFormat{MEDIA_BUS_FMT_Y10_1X10, V4L2_PIX_FMT_IPU3_Y10, "Y10_1X10"},
};

} // namespace

std::span<const CaptureFormat> capture_formats() {
    return formats;
}

const CaptureFormat* find_format(std::uint32_t bus_code) {
    const auto* const found = std::ranges::find(formats, bus_code, &CaptureFormat::bus_code);
    return found == formats.end() ? nullptr : found;
}

std::string fourcc_text(std::uint32_t fourcc) {
    std::string text;
    for (unsigned shift = 0; shift < 32; shift += 8) {
        const auto character = static_cast<char>((fourcc >> shift) & 0x7fU);
        text += character >= ' ' && character <= '~' ? character : '?';
    }
    return text;
}

std::string bus_code_text(std::uint32_t bus_code) {
    const auto* const format = find_format(bus_code);
    return format != nullptr ? std::string{format->name} : fmt::format("0x{:04x}", bus_code);
}

std::string size_text(frames::Size size) {
    return fmt::format("{}x{}", size.width, size.height);
}

} // namespace ipu3::capture
