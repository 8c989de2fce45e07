// SPDX-License-Identifier: GPL-2.0-or-later
// How large a frame a scene draws.
#pragma once

#include "lib/frames/raw_image.hpp"
#include "machine/virtual-ipu3/scene/scene.hpp"

#include <cstddef>
#include <stdexcept>

namespace ipu3::scene {

/// Four times the largest array of the catalogue and more; a sensor whose registers ask for more
/// than its own array must cut that itself.
inline constexpr std::size_t largest_frame_pixels = std::size_t{64} << 20U;

/// Gives @p image the readout's size and order. std::length_error above largest_frame_pixels: the
/// guest's registers must not decide how much memory the host gives.
inline void resize(frames::RawImage& image, const Readout& readout) {
    const std::size_t pixels = std::size_t{readout.output.width} * readout.output.height;
    if (pixels > largest_frame_pixels) {
        throw std::length_error{"a frame larger than any sensor's was asked for"};
    }
    image.size = readout.output;
    image.order = readout.order;
    image.pixels.resize(pixels);
}

} // namespace ipu3::scene
