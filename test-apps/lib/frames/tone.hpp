// SPDX-License-Identifier: GPL-2.0-or-later
// From a sensor's linear numbers to a picture for people.
#pragma once

#include "lib/frames/picture.hpp"
#include "lib/frames/raw_image.hpp"

#include <array>
#include <cstdint>

namespace frames {

enum class WhiteBalance : std::uint8_t {
    none,
    grey_world, ///< the channels' means become equal; clipped pixels do not count
};

struct Tone {
    unsigned black_level{64}; ///< of 1023, taken away first
    WhiteBalance white_balance{WhiteBalance::grey_world};
    double gain{1.0}; ///< times the linear light, before clipping
};

/// sRGB's transfer function (IEC 61966-2-1): linear light 0..1 to its 8-bit code and back.
[[nodiscard]] std::uint8_t srgb_encode(double linear);
[[nodiscard]] double srgb_decode(std::uint8_t code);

/// The factors for red, green and blue that @p tone asks for; the smallest is 1, so that a clipped
/// pixel stays white, and none is above 8.
[[nodiscard]] std::array<double, 3> white_balance_gains(const Rgb10& image, const Tone& tone);

[[nodiscard]] Rgb8 develop(const Rgb10& image, const Tone& tone);
/// A monochrome frame; white balance means nothing to it.
[[nodiscard]] Grey8 develop_grey(const RawImage& raw, const Tone& tone);

} // namespace frames
