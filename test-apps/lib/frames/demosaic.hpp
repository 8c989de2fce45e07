// SPDX-License-Identifier: GPL-2.0-or-later
// From one colour a pixel to three.
#pragma once

#include "lib/frames/picture.hpp"
#include "lib/frames/raw_image.hpp"

namespace frames {

/// Interpolates the missing colours with the 5x5 linear filters of Malvar, He and Cutler
/// ("High-quality linear interpolation for demosaicing of Bayer-patterned color images", ICASSP
/// 2004), mirrored at the borders. A grey image becomes three equal channels. Samples above 1023
/// count as 1023.
[[nodiscard]] Rgb10 demosaic(const RawImage& raw);

} // namespace frames
