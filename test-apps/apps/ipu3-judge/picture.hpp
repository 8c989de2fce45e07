// SPDX-License-Identifier: GPL-2.0-or-later
// Whether an NV12 picture shows what the RAW frame shows: upright, in place, in its colours.
#pragma once

#include "apps/ipu3-judge/planes.hpp"
#include "lib/base/result.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace judge {

/// @p bytes: luma, then Cb and Cr in turn at half the size, rows of @p stride bytes. Error: too
/// short.
[[nodiscard]] base::Result<YuvPlanes> read_nv12(std::span<const std::byte> bytes, Size size,
                                                std::size_t stride);

/// How far a picture must be moved, in pixels, to lie on another, and how alike they are then: 1 is
/// the same but for gain and offset, 0 is unrelated.
struct Place {
    double x{0};
    double y{0};
    double likeness{0};
};
/// Looks for it no farther than @p within pixels away, in columns [@p from, @p to) of @p picture.
[[nodiscard]] Place locate(const Plane& picture, const Plane& reference, std::size_t from,
                           std::size_t to, int within);

/// Of two planes as they lie, -1 to 1.
[[nodiscard]] double likeness(const Plane& a, const Plane& b);

struct PictureVerdict {
    Place whole;
    std::vector<Place> bands; ///< of columns, left to right: a torn seam moves some of them
    double cb{0};             ///< likeness
    double cr{0};
    double cb_as_cr{0}; ///< the picture's Cb with the frame's Cr: more than `cb` when swapped
    double cr_as_cb{0};

    /// What is wrong, a sentence each.
    [[nodiscard]] std::vector<std::string> complaints() const;
};

[[nodiscard]] PictureVerdict judge_picture(const YuvPlanes& picture, const YuvPlanes& reference);

} // namespace judge
