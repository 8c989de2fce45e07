// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-judge/planes.hpp"

#include "lib/frames/demosaic.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace judge {

namespace {

/// Sums of everything left of and above a place, so that the mean of a rectangle takes four looks.
class Sums {
  public:
    explicit Sums(const Plane& plane)
        : size_{plane.size}, stride_{std::size_t{plane.size.width} + 1},
          sums_(stride_ * (std::size_t{plane.size.height} + 1)) {
        for (std::size_t y = 0; y < size_.height; ++y) {
            double row = 0;
            for (std::size_t x = 0; x < size_.width; ++x) {
                row += static_cast<double>(plane.at(x, y));
                sums_[(y + 1) * stride_ + x + 1] = sums_[y * stride_ + x + 1] + row;
            }
        }
    }

    [[nodiscard]] float mean(double left, double top, double width, double height) const {
        const auto x0 = inside(left, size_.width);
        const auto x1 = inside(left + width, size_.width);
        const auto y0 = inside(top, size_.height);
        const auto y1 = inside(top + height, size_.height);
        const auto area = (x1 - x0) * (y1 - y0);
        if (area <= 0) {
            return 0;
        }
        return static_cast<float>((at(x1, y1) - at(x0, y1) - at(x1, y0) + at(x0, y0)) / area);
    }

  private:
    static double inside(double value, unsigned limit) {
        return std::clamp(value, 0.0, static_cast<double>(limit));
    }
    /// Between the pixels' borders the sum grows evenly.
    [[nodiscard]] double at(double x, double y) const {
        const auto column = std::min<std::size_t>(static_cast<std::size_t>(x), size_.width - 1);
        const auto row = std::min<std::size_t>(static_cast<std::size_t>(y), size_.height - 1);
        const auto dx = x - static_cast<double>(column);
        const auto dy = y - static_cast<double>(row);
        const auto* const above = &sums_[row * stride_ + column];
        const auto* const below = above + stride_;
        return (above[0] * (1 - dx) + above[1] * dx) * (1 - dy) +
               (below[0] * (1 - dx) + below[1] * dx) * dy;
    }

    Size size_;
    std::size_t stride_;
    std::vector<double> sums_;
};

} // namespace

Origin origin(frames::BayerOrder order) {
    switch (order) {
    case frames::BayerOrder::bggr:
        return {.x = 0, .y = 1};
    case frames::BayerOrder::gbrg:
        return {.x = 1, .y = 1};
    case frames::BayerOrder::rggb:
        return {.x = 1, .y = 0};
    case frames::BayerOrder::grbg:
    case frames::BayerOrder::grey:
        break;
    }
    return {};
}

Origin origin_of_middle(Origin first, Size raw, Size part) {
    return {.x = first.x + ((raw.width - part.width) / 2 & ~1U),
            .y = first.y + ((raw.height - part.height) / 2 & ~1U)};
}

Mapping mapping(Size raw, Origin first, Size bds, Size corrected, Size picture) {
    const auto scale_x = static_cast<double>(raw.width) / bds.width;
    const auto scale_y = static_cast<double>(raw.height) / bds.height;
    return {.left = first.x + (bds.width - corrected.width) / 2.0 * scale_x,
            .top = first.y + (bds.height - corrected.height) / 2.0 * scale_y,
            .step_x = scale_x * corrected.width / picture.width,
            .step_y = scale_y * corrected.height / picture.height};
}

YuvPlanes render(const frames::RawImage& raw, const Mapping& from, Size picture) {
    const auto colours = frames::demosaic(raw);
    // ITU-R BT.601
    constexpr std::array<std::array<float, 3>, 3> weights{
        {{0.299F, 0.587F, 0.114F}, {-0.169F, -0.331F, 0.5F}, {0.5F, -0.419F, -0.081F}}};
    const auto made = [&](const std::array<float, 3>& weight) {
        Plane whole{raw.size};
        for (std::size_t i = 0; i < whole.values.size(); ++i) {
            for (std::size_t c = 0; c < weight.size(); ++c) {
                whole.values[i] += weight[c] * static_cast<float>(colours.pixels[3 * i + c]);
            }
        }
        const Sums sums{whole};
        Plane scaled{picture};
        for (std::size_t y = 0; y < picture.height; ++y) {
            for (std::size_t x = 0; x < picture.width; ++x) {
                scaled.at(x, y) = sums.mean(from.left + static_cast<double>(x) * from.step_x,
                                            from.top + static_cast<double>(y) * from.step_y,
                                            from.step_x, from.step_y);
            }
        }
        return scaled;
    };
    return {.y = made(weights[0]), .cb = made(weights[1]), .cr = made(weights[2])};
}

} // namespace judge
