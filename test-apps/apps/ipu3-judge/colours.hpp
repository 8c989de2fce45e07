// SPDX-License-Identifier: GPL-2.0-or-later
// Whether the room's colour chart has its colours in a picture, and its greys are grey.
#pragma once

#include "apps/ipu3-judge/planes.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace judge {

/// CIE 1976 L*a*b*, white being sRGB's.
using Lab = std::array<double, 3>;
/// Of linear light with sRGB's primaries; white is {1, 1, 1}.
[[nodiscard]] Lab lab(const std::array<double, 3>& linear);
/// CIE 1976's difference.
[[nodiscard]] double difference(const Lab& a, const Lab& b);

/// A patch as it should be and as it is, both with the brightness that it should have: lamps do not
/// light a wall evenly.
struct PatchVerdict {
    std::size_t number{0}; ///< row by row; from 18 on they are neutral
    Lab expected{};
    Lab found{};

    [[nodiscard]] double off() const { return difference(expected, found); }
    [[nodiscard]] double chroma() const; ///< of what was found
};

struct ColoursVerdict {
    std::vector<PatchVerdict> patches; ///< those that are in the picture
    double brightness{0};              ///< the picture's mean luma, of 255

    [[nodiscard]] double mean_off() const;
    /// Of the four brightest neutral patches; infinite where none is in the picture.
    [[nodiscard]] double largest_grey_chroma() const;
};

/// Numbers of @p picture are light to the power of 1 / @p gamma; 0: they are sRGB's. The frame of
/// size @p raw shows the whole room.
[[nodiscard]] ColoursVerdict judge_colours(const YuvPlanes& picture, Size raw, const Mapping& from,
                                           double gamma);

} // namespace judge
