// SPDX-License-Identifier: GPL-2.0-or-later
// The test patterns that the sensors generate instead of a picture.
#pragma once

#include "lib/frames/raw_image.hpp"

#include <cstdint>

namespace ipu3::sensors {

enum class TestPattern : std::uint8_t {
    none,
    bars, ///< eight vertical bars of equal width: white, yellow, cyan, green, magenta, red, blue,
          ///< black
    rolling_bars,    ///< the same, with a black band of an eighth of the height that moves down 8
                     ///< lines a frame
    random,          ///< noise, a function of (x, y, frame)
    squares,         ///< 8 x 8 fields that run through the bars' colours along both axes
    rolling_squares, ///< the same with the black band
    grey_squares,    ///< 8 x 8 fields, white and black by turns
    black,
};

/// The sample of @p pattern at (@p x, @p y): 0 or 1023 except for `random`. A colour is on where
/// the pixel's filter lets it through; a `grey` order shows each colour as its step of grey, white
/// = 1023 down to 0. What real sensors send in their bars' levels is not public; these are made to
/// be recomputed.
[[nodiscard]] std::uint16_t test_pattern_pixel(TestPattern pattern, frames::Size size,
                                               frames::BayerOrder order, std::uint32_t frame,
                                               unsigned x, unsigned y);

/// Fills @p image, whose size and order are set, with frame @p frame of @p pattern; its memory is
/// reused.
void fill_test_pattern(TestPattern pattern, std::uint32_t frame, frames::RawImage& image);

} // namespace ipu3::sensors
