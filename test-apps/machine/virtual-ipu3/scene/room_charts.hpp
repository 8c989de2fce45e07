// SPDX-License-Identifier: GPL-2.0-or-later
// What hangs on the room's walls and lies on its floor, as colours of flat surfaces.
//
// Coordinates are 0..1 from the left and from the top of each chart; colours are linear
// reflectances.
#pragma once

#include "machine/virtual-ipu3/scene/vec3.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

namespace ipu3::scene {

/// A reflectance from an sRGB colour, 0xRRGGBB.
[[nodiscard]] Vec3 paint(unsigned srgb);

/// The 24 patches of the classic colour chart, six by four, on black card.
[[nodiscard]] Vec3 colour_chart(float u, float v);
/// Where the centre of patch @p number of that chart is, row by row.
[[nodiscard]] std::pair<float, float> chart_patch(std::size_t number);

/// Steps from white to black, half a stop each.
inline constexpr std::size_t grey_steps = 12;
[[nodiscard]] Vec3 grey_chart(float u, float v);

/// A Siemens star in a square, with line pairs of shrinking width below it.
[[nodiscard]] Vec3 star_chart(float u, float v);

/// Rows of letters that shrink, as in a doctor's room.
[[nodiscard]] Vec3 eye_chart(float u, float v);

/// A painting of large flat colours with straight black lines.
[[nodiscard]] Vec3 painting(float u, float v);

/// What is outside of the window: sky, a hill, trees; brighter than any paper in the room.
[[nodiscard]] Light view_outside(float u, float v);

/// Floor boards along z; metres.
[[nodiscard]] Vec3 floor_boards(float x, float z);

/// A round rug, by the distance from its centre, 0..1.
[[nodiscard]] Vec3 rug(float radius, float angle);

} // namespace ipu3::scene
