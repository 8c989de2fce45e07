// SPDX-License-Identifier: GPL-2.0-or-later
// Images in colour or grey, samples interleaved, row by row without padding.
#pragma once

#include "lib/frames/raw_image.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace frames {

/// An image of @p Samples numbers a pixel: 3 are red, green, blue; 1 is grey.
template <typename Sample, std::size_t Samples>
struct Picture {
    static constexpr std::size_t samples = Samples;
    Size size;
    std::vector<Sample> pixels; ///< size.width * size.height * Samples numbers

    [[nodiscard]] std::span<const Sample, Samples> at(unsigned x, unsigned y) const {
        return std::span{pixels}.subspan(offset(x, y)).template first<Samples>();
    }
    [[nodiscard]] std::span<Sample, Samples> at(unsigned x, unsigned y) {
        return std::span{pixels}.subspan(offset(x, y)).template first<Samples>();
    }

  private:
    [[nodiscard]] std::size_t offset(unsigned x, unsigned y) const {
        return (std::size_t{y} * size.width + x) * Samples;
    }
};

using Rgb8 = Picture<std::uint8_t, 3>;   ///< sRGB
using Grey8 = Picture<std::uint8_t, 1>;  ///< sRGB's curve
using Rgb10 = Picture<std::uint16_t, 3>; ///< a sensor's numbers, 0..1023, black level included

} // namespace frames
