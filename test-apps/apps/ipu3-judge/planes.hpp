// SPDX-License-Identifier: GPL-2.0-or-later
// A RAW frame as it would look at another size: what a picture is compared with.
#pragma once

#include "lib/frames/raw_image.hpp"

#include <cstddef>
#include <vector>

namespace judge {

using frames::Size;

/// One number a pixel, row by row.
struct Plane {
    Size size;
    std::vector<float> values;

    explicit Plane(Size of) : size{of}, values(std::size_t{of.width} * of.height) {}
    [[nodiscard]] float at(std::size_t x, std::size_t y) const {
        return values[y * size.width + x];
    }
    [[nodiscard]] float& at(std::size_t x, std::size_t y) { return values[y * size.width + x]; }
};

/// The first pixel that the ImgU reads: it only knows frames that begin with a green pixel in a row
/// with red ones, so the driver leaves out a column or a row of the others. Source: Linux
/// ipu3-css-params.c, input_feeder.
struct Origin {
    unsigned x{0};
    unsigned y{0};
};
[[nodiscard]] Origin origin(frames::BayerOrder order);

/// Where it is when only the middle of @p raw, @p part pixels, is read: an even number of pixels
/// further. @p part is not larger than @p raw. Source: the same.
[[nodiscard]] Origin origin_of_middle(Origin first, Size raw, Size part);

/// Where a picture comes from in the RAW frame: pixel (x, y) of the picture covers the rectangle
/// from left + x * step_x on, step_x wide, and the same down. Pixels of the RAW frame.
struct Mapping {
    double left{0};
    double top{0};
    double step_x{1};
    double step_y{1};
};

/// The ImgU's: what it reads of the frame, @p raw pixels, scaled by the ratio of that to @p bds,
/// its middle of @p corrected pixels, which the picture shows at its own size.
[[nodiscard]] Mapping mapping(Size raw, Origin first, Size bds, Size corrected, Size picture);

/// Brightness and colour differences of the RAW frame's own numbers: no gain, no curve.
struct YuvPlanes {
    Plane y;
    Plane cb;
    Plane cr;
};

/// Each pixel of @p picture is the mean of what it covers; beyond the frame is the border's value.
[[nodiscard]] YuvPlanes render(const frames::RawImage& raw, const Mapping& from, Size picture);

} // namespace judge
