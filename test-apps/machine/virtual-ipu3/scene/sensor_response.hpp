// SPDX-License-Identifier: GPL-2.0-or-later
// From light to numbers: the electronics that all modelled sensors share.
#pragma once

#include "lib/frames/bayer.hpp"
#include "machine/virtual-ipu3/scene/noise.hpp"
#include "machine/virtual-ipu3/scene/scene.hpp"
#include "machine/virtual-ipu3/scene/vec3.hpp"

#include <cstdint>
#include <span>

namespace ipu3::scene {

/// The exposure calibration: numbers (of 1023) above black that light 1.0 makes on a green pixel in
/// one second at gain 1. In 1/30 s at gain 1 a white surface in full light gives 700: bright, with
/// room for a highlight.
inline constexpr double green_numbers_per_second = 21000.0;

/// A silicon sensor's colour filters pass less of red and blue than of green; a converter must
/// balance it.
inline constexpr float red_sensitivity = 0.60F;
inline constexpr float blue_sensitivity = 0.72F;

/// Electrons of a pixel that one number stands for at gain 1: 1023 of them are a full well of 5000.
inline constexpr double electrons_per_number = 4.9;
/// Standard deviation of the read noise, electrons.
inline constexpr double read_noise_electrons = 2.5;

/// What a pixel of @p channel makes of @p light, relative to a green one.
[[nodiscard]] constexpr float filtered(Light light, frames::Channel channel) {
    switch (channel) {
    case frames::Channel::red:
        return light.x * red_sensitivity;
    case frames::Channel::green:
        return light.y;
    case frames::Channel::blue:
        break;
    }
    return light.z * blue_sensitivity;
}

/// One line's response: linear in filtered light, exposure and gain, plus the black level, clipped
/// to 0..1023. With @p noise, shot and read noise; both grow with gain, and averaging step_x *
/// step_y pixels lowers them.
/// @p filtered_light and @p line have the same length.
void respond(const Readout& readout, const Noise* noise, unsigned y,
             std::span<const float> filtered_light, std::span<std::uint16_t> line);

} // namespace ipu3::scene
