// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/frames/fourcc.hpp"

#include "lib/frames/ipu3_unpack.hpp"

#include <algorithm>
#include <fmt/ranges.h>
#include <vector>

namespace frames {

namespace {

// include/uapi/linux/videodev2.h.
constexpr std::array formats{
    RawFormat{{'i', 'p', '3', 'b'}, BayerOrder::bggr, Packing::ipu3},
    RawFormat{{'i', 'p', '3', 'g'}, BayerOrder::gbrg, Packing::ipu3},
    RawFormat{{'i', 'p', '3', 'G'}, BayerOrder::grbg, Packing::ipu3},
    RawFormat{{'i', 'p', '3', 'r'}, BayerOrder::rggb, Packing::ipu3},
    RawFormat{{'i', 'p', '3', 'y'}, BayerOrder::grey, Packing::ipu3},
    RawFormat{{'B', 'G', '1', '0'}, BayerOrder::bggr, Packing::words},
    RawFormat{{'G', 'B', '1', '0'}, BayerOrder::gbrg, Packing::words},
    RawFormat{{'B', 'A', '1', '0'}, BayerOrder::grbg, Packing::words},
    RawFormat{{'R', 'G', '1', '0'}, BayerOrder::rggb, Packing::words},
    RawFormat{{'Y', '1', '0', ' '}, BayerOrder::grey, Packing::words},
};

/// What else a format is called.
struct Alias {
    std::string_view name;
    std::string_view fourcc;
};

// A name of the media bus stands for what the CIO2 writes to memory when a sensor sends that.
constexpr std::array aliases{
    // libcamera, src/libcamera/formats.yaml
    Alias{"SBGGR10_IPU3", "ip3b"},
    Alias{"SGBRG10_IPU3", "ip3g"},
    Alias{"SGRBG10_IPU3", "ip3G"},
    Alias{"SRGGB10_IPU3", "ip3r"},
    Alias{"R10", "Y10"},
    // include/uapi/linux/videodev2.h; the unpacked Bayer ones are libcamera's, too
    Alias{"IPU3_SBGGR10", "ip3b"},
    Alias{"IPU3_SGBRG10", "ip3g"},
    Alias{"IPU3_SGRBG10", "ip3G"},
    Alias{"IPU3_SRGGB10", "ip3r"},
    Alias{"IPU3_Y10", "ip3y"},
    Alias{"SBGGR10", "BG10"},
    Alias{"SGBRG10", "GB10"},
    Alias{"SGRBG10", "BA10"},
    Alias{"SRGGB10", "RG10"},
    // include/uapi/linux/media-bus-format.h
    Alias{"SBGGR10_1X10", "ip3b"},
    Alias{"SGBRG10_1X10", "ip3g"},
    Alias{"SGRBG10_1X10", "ip3G"},
    Alias{"SRGGB10_1X10", "ip3r"},
    Alias{"Y10_1X10", "ip3y"},
};

/// What the kernel's headers put before a name.
constexpr std::array<std::string_view, 2> prefixes{"V4L2_PIX_FMT_", "MEDIA_BUS_FMT_"};

std::string_view trimmed(std::string_view text) {
    const auto last = text.find_last_not_of(' ');
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

} // namespace

std::size_t RawFormat::bytes_per_line(unsigned width) const {
    // drivers/media/pci/intel/ipu3/ipu3-cio2.c, cio2_bytesperline().
    constexpr std::size_t pixels_per_burst = 50;
    constexpr std::size_t bytes_per_burst = 64;
    if (packing == Packing::words) {
        return std::size_t{width} * 2;
    }
    return (width + pixels_per_burst - 1) / pixels_per_burst * bytes_per_burst;
}

std::size_t RawFormat::line_bytes(unsigned width) const {
    return packing == Packing::words ? std::size_t{width} * 2 : ipu3_line_bytes(width);
}

std::size_t RawFormat::sample_byte(unsigned x) const {
    constexpr std::size_t bits = 10;
    if (packing == Packing::words) {
        return std::size_t{x} * 2;
    }
    return x / ipu3_group_pixels * ipu3_group_bytes + x % ipu3_group_pixels * bits / 8;
}

std::span<const RawFormat> raw_formats() {
    return formats;
}

base::Result<RawFormat> find_raw_format(std::string_view name) {
    auto wanted = name;
    for (const auto prefix : prefixes) {
        if (wanted.starts_with(prefix)) {
            wanted.remove_prefix(prefix.size());
            break;
        }
    }
    if (const auto* const alias = std::ranges::find(aliases, wanted, &Alias::name);
        alias != aliases.end()) {
        wanted = alias->fourcc;
    }
    const auto* const found = std::ranges::find_if(formats, [&](const RawFormat& format) {
        return trimmed(format.name()) == trimmed(wanted);
    });
    if (found == formats.end()) {
        std::vector<std::string_view> names;
        std::ranges::transform(formats, std::back_inserter(names),
                               [](const RawFormat& format) { return trimmed(format.name()); });
        return base::fail("'{}' is no known RAW format; possible are {}, and what libcamera "
                          "(SBGGR10_IPU3) and the media bus (SBGGR10_1X10) call these",
                          name, fmt::join(names, ", "));
    }
    return *found;
}

} // namespace frames
