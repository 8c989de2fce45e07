// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-judge/picture.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace judge {

namespace {

constexpr std::size_t bands = 8;
constexpr int reach = 4; // pixels

// Bounds of what is right. A curve and noise reduction keep a picture less than wholly alike.
constexpr double pixels_off = 0.5;
constexpr double alike = 0.8;
constexpr double colours_alike = 0.5;

struct Area {
    std::size_t left;
    std::size_t right;
    std::size_t top;
    std::size_t bottom;
};

/// Pearson's correlation of @p a with @p b moved by (@p dx, @p dy).
double correlation(const Plane& a, const Plane& b, const Area& area, int dx, int dy) {
    double sum_a = 0;
    double sum_b = 0;
    double sum_aa = 0;
    double sum_bb = 0;
    double sum_ab = 0;
    double count = 0;
    for (auto y = area.top; y < area.bottom; ++y) {
        const auto* const row_a = &a.values[y * a.size.width];
        const auto* const row_b =
            &b.values[static_cast<std::size_t>(static_cast<std::ptrdiff_t>(y) + dy) * b.size.width];
        for (auto x = area.left; x < area.right; ++x) {
            const double in_a = row_a[x];
            const double in_b = row_b[static_cast<std::ptrdiff_t>(x) + dx];
            sum_a += in_a;
            sum_b += in_b;
            sum_aa += in_a * in_a;
            sum_bb += in_b * in_b;
            sum_ab += in_a * in_b;
            ++count;
        }
    }
    const auto variance_a = sum_aa - sum_a * sum_a / count;
    const auto variance_b = sum_bb - sum_b * sum_b / count;
    if (count == 0 || variance_a <= 0 || variance_b <= 0) {
        return 0;
    }
    return (sum_ab - sum_a * sum_b / count) / std::sqrt(variance_a * variance_b);
}

/// The top of the parabola through three values, from the middle one.
double peak(double before, double middle, double after) {
    const auto curve = before - 2 * middle + after;
    return curve >= 0 ? 0 : std::clamp((before - after) / (2 * curve), -0.5, 0.5);
}

} // namespace

base::Result<YuvPlanes> read_nv12(std::span<const std::byte> bytes, Size size, std::size_t stride) {
    const auto chroma_at = stride * size.height;
    if (size.width == 0 || size.height == 0 || size.width % 2 != 0 || size.height % 2 != 0 ||
        stride < size.width) {
        return base::fail("no NV12 picture has {}x{} pixels and rows of {} bytes", size.width,
                          size.height, stride);
    }
    if (bytes.size() < chroma_at + stride * (size.height / 2 - 1) + size.width) {
        return base::fail("{} bytes are too few for an NV12 picture of {}x{}", bytes.size(),
                          size.width, size.height);
    }
    const Size half{.width = size.width / 2, .height = size.height / 2};
    YuvPlanes planes{.y = Plane{size}, .cb = Plane{half}, .cr = Plane{half}};
    const auto value = [&](std::size_t at) {
        return static_cast<float>(std::to_integer<unsigned>(bytes[at]));
    };
    for (std::size_t y = 0; y < size.height; ++y) {
        for (std::size_t x = 0; x < size.width; ++x) {
            planes.y.at(x, y) = value(y * stride + x);
        }
    }
    for (std::size_t y = 0; y < half.height; ++y) {
        for (std::size_t x = 0; x < half.width; ++x) {
            planes.cb.at(x, y) = value(chroma_at + y * stride + 2 * x);
            planes.cr.at(x, y) = value(chroma_at + y * stride + 2 * x + 1);
        }
    }
    return planes;
}

double likeness(const Plane& a, const Plane& b) {
    return a.size == b.size ? correlation(a, b, {0, a.size.width, 0, a.size.height}, 0, 0) : 0;
}

Place locate(const Plane& picture, const Plane& reference, std::size_t from, std::size_t to,
             int within) {
    const auto border = static_cast<std::size_t>(within);
    const Area area{.left = std::max(from, border),
                    .right = std::min(to, picture.size.width - border),
                    .top = border,
                    .bottom = picture.size.height - border};
    const auto side = 2 * border + 1;
    std::vector<double> all(side * side);
    const auto at = [&](int dx, int dy) -> double& {
        return all[static_cast<std::size_t>(dy + within) * side +
                   static_cast<std::size_t>(dx + within)];
    };
    int best_x = 0;
    int best_y = 0;
    for (int dy = -within; dy <= within; ++dy) {
        for (int dx = -within; dx <= within; ++dx) {
            at(dx, dy) = correlation(picture, reference, area, dx, dy);
            if (at(dx, dy) > at(best_x, best_y)) {
                best_x = dx;
                best_y = dy;
            }
        }
    }
    Place place{.x = static_cast<double>(best_x),
                .y = static_cast<double>(best_y),
                .likeness = at(best_x, best_y)};
    if (std::abs(best_x) < within) {
        place.x += peak(at(best_x - 1, best_y), place.likeness, at(best_x + 1, best_y));
    }
    if (std::abs(best_y) < within) {
        place.y += peak(at(best_x, best_y - 1), place.likeness, at(best_x, best_y + 1));
    }
    return place;
}

PictureVerdict judge_picture(const YuvPlanes& picture, const YuvPlanes& reference) {
    const auto halved = [](const Plane& plane) {
        Plane half{{.width = plane.size.width / 2, .height = plane.size.height / 2}};
        for (std::size_t y = 0; y < half.size.height; ++y) {
            for (std::size_t x = 0; x < half.size.width; ++x) {
                half.at(x, y) = (plane.at(2 * x, 2 * y) + plane.at(2 * x + 1, 2 * y) +
                                 plane.at(2 * x, 2 * y + 1) + plane.at(2 * x + 1, 2 * y + 1)) /
                                4;
            }
        }
        return half;
    };
    const auto cb = halved(reference.cb);
    const auto cr = halved(reference.cr);
    const std::size_t width = picture.y.size.width;
    PictureVerdict verdict{.whole = locate(picture.y, reference.y, 0, width, reach),
                           .bands = {},
                           .cb = likeness(picture.cb, cb),
                           .cr = likeness(picture.cr, cr),
                           .cb_as_cr = likeness(picture.cb, cr),
                           .cr_as_cb = likeness(picture.cr, cb)};
    for (std::size_t band = 0; band < bands; ++band) {
        verdict.bands.push_back(locate(picture.y, reference.y, width * band / bands,
                                       width * (band + 1) / bands, reach));
    }
    return verdict;
}

std::vector<std::string> PictureVerdict::complaints() const {
    std::vector<std::string> all;
    const auto complain = [&all](const std::string& what, const Place& place) {
        if (place.likeness < alike) {
            all.push_back(fmt::format("{} is not alike: {:.3f}", what, place.likeness));
        } else if (std::abs(place.x) > pixels_off || std::abs(place.y) > pixels_off) {
            all.push_back(fmt::format("{} lies {:.2f},{:.2f} pixels off", what, place.x, place.y));
        }
    };
    complain("the picture", whole);
    for (std::size_t band = 0; band < bands.size(); ++band) {
        complain(fmt::format("band {} of {}", band + 1, bands.size()), bands[band]);
    }
    for (const auto& [name, right, wrong] :
         {std::tuple{"Cb", cb, cb_as_cr}, std::tuple{"Cr", cr, cr_as_cb}}) {
        if (right < colours_alike || wrong > right) {
            all.push_back(fmt::format("{} is not alike: {:.3f}, with the other one {:.3f}", name,
                                      right, wrong));
        }
    }
    return all;
}

} // namespace judge
