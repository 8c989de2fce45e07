// SPDX-License-Identifier: GPL-2.0-or-later
// A picture of linear light.
#pragma once

#include "lib/frames/raw_image.hpp"
#include "machine/virtual-ipu3/scene/light_field.hpp"

#include <cstddef>
#include <vector>

namespace ipu3::scene {

struct LinearImage {
    frames::Size size;
    std::vector<Light> pixels; ///< size.width * size.height, row by row

    [[nodiscard]] const Light& at(unsigned x, unsigned y) const {
        return pixels[std::size_t{y} * size.width + x];
    }
    [[nodiscard]] Light& at(unsigned x, unsigned y) {
        return pixels[std::size_t{y} * size.width + x];
    }
};

/// Where sample() puts its taps: four, a quarter of the box from its borders.
inline constexpr float tap_offset = 0.25F;

/// The mean over @p box of any picture, by its `at(column, line)`: four bilinear taps for a box up
/// to four pixels wide, every pixel's centre for a larger one. The picture's edge goes on beyond
/// it.
template <typename At>
[[nodiscard]] Light sample(frames::Size size, const FieldBox& box, At at) {
    const auto width = static_cast<float>(size.width);
    const auto height = static_cast<float>(size.height);
    const float left = std::clamp(box.left, 0.0F, 1.0F) * width;
    const float right = std::clamp(box.right, 0.0F, 1.0F) * width;
    const float top = std::clamp(box.top, 0.0F, 1.0F) * height;
    const float bottom = std::clamp(box.bottom, 0.0F, 1.0F) * height;
    const auto column = [&](float x) {
        return static_cast<unsigned>(std::clamp(x, 0.0F, width - 1.0F));
    };
    const auto line = [&](float y) {
        return static_cast<unsigned>(std::clamp(y, 0.0F, height - 1.0F));
    };
    constexpr float widest_for_taps = 4.0F;
    if (right - left > widest_for_taps || bottom - top > widest_for_taps) {
        Light sum{};
        unsigned count = 0;
        for (unsigned y = line(top); y <= line(bottom - 0.5F); ++y) {
            for (unsigned x = column(left); x <= column(right - 0.5F); ++x) {
                sum = sum + at(x, y);
                ++count;
            }
        }
        return sum * (1.0F / static_cast<float>(std::max(count, 1U)));
    }
    const auto bilinear = [&](float x, float y) {
        const float fx = std::clamp(x - 0.5F, 0.0F, width - 1.0F);
        const float fy = std::clamp(y - 0.5F, 0.0F, height - 1.0F);
        const unsigned x0 = column(fx);
        const unsigned y0 = line(fy);
        const unsigned x1 = std::min(x0 + 1, size.width - 1);
        const unsigned y1 = std::min(y0 + 1, size.height - 1);
        const float tx = fx - static_cast<float>(x0);
        const float ty = fy - static_cast<float>(y0);
        return mix(mix(at(x0, y0), at(x1, y0), tx), mix(at(x0, y1), at(x1, y1), tx), ty);
    };
    const float dx = (right - left) * tap_offset;
    const float dy = (bottom - top) * tap_offset;
    return 0.25F * (bilinear(left + dx, top + dy) + bilinear(right - dx, top + dy) +
                    bilinear(left + dx, bottom - dy) + bilinear(right - dx, bottom - dy));
}

} // namespace ipu3::scene
