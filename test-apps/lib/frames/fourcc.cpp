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

std::span<const RawFormat> raw_formats() {
    return formats;
}

base::Result<RawFormat> find_raw_format(std::string_view fourcc) {
    const auto* const found = std::ranges::find_if(formats, [&](const RawFormat& format) {
        return trimmed(format.name()) == trimmed(fourcc);
    });
    if (found == formats.end()) {
        std::vector<std::string_view> names;
        std::ranges::transform(formats, std::back_inserter(names),
                               [](const RawFormat& format) { return trimmed(format.name()); });
        return base::fail("'{}' is no known RAW format; possible are {}", fourcc,
                          fmt::join(names, ", "));
    }
    return *found;
}

} // namespace frames
