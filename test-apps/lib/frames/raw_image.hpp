// SPDX-License-Identifier: GPL-2.0-or-later
// One RAW frame as numbers: what a sensor sends and what a checker unpacks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace frames {

/// The colour of the first two pixels of the first line (V4L2's naming), or monochrome.
enum class BayerOrder : std::uint8_t { bggr, gbrg, grbg, rggb, grey };

/// Width and height in pixels.
struct Size {
    unsigned width{0};
    unsigned height{0};
    friend bool operator==(const Size&, const Size&) = default;
};

/// 10-bit samples, row by row without padding, each in the low bits of 16.
struct RawImage {
    Size size;
    BayerOrder order{BayerOrder::bggr};
    std::vector<std::uint16_t> pixels; ///< size.width * size.height samples, 0..1023

    [[nodiscard]] std::span<const std::uint16_t> line(unsigned y) const {
        return std::span{pixels}.subspan(std::size_t{y} * size.width, size.width);
    }
    [[nodiscard]] std::span<std::uint16_t> line(unsigned y) {
        return std::span{pixels}.subspan(std::size_t{y} * size.width, size.width);
    }
};

} // namespace frames
