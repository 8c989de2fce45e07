// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-judge/colours.hpp"

#include "lib/frames/tone.hpp"
#include "machine/virtual-ipu3/scene/room_world.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace judge {

namespace {

using Rgb = std::array<double, 3>;

// The two darkest of the neutral patches are a few steps of the picture's numbers, no more.
constexpr std::size_t first_grey = 18;
constexpr std::size_t behind_greys = 22;

/// sRGB's primaries to XYZ, white being D65 (IEC 61966-2-1).
constexpr std::array<Rgb, 3> to_xyz{
    {{0.4124, 0.3576, 0.1805}, {0.2126, 0.7152, 0.0722}, {0.0193, 0.1192, 0.9505}}};
constexpr Rgb white{0.9505, 1.0, 1.089};

double luminance(const Rgb& linear) {
    return std::inner_product(linear.begin(), linear.end(), to_xyz[1].begin(), 0.0);
}

/// The mean of a square of the picture, full-range BT.601 taken back.
Rgb mean_rgb(const YuvPlanes& picture, double x, double y, double reach) {
    const auto mean = [](const Plane& plane, double at_x, double at_y, double around) {
        double sum = 0;
        double count = 0;
        const auto first = [](double at) { return static_cast<std::size_t>(std::max(at, 0.0)); };
        const auto end = [](double at, unsigned limit) {
            return std::min<std::size_t>(static_cast<std::size_t>(std::max(at, 0.0)) + 1, limit);
        };
        for (auto row = first(at_y - around); row < end(at_y + around, plane.size.height); ++row) {
            for (auto column = first(at_x - around); column < end(at_x + around, plane.size.width);
                 ++column) {
                sum += static_cast<double>(plane.at(column, row));
                ++count;
            }
        }
        return count == 0 ? 0 : sum / count;
    };
    const auto luma = mean(picture.y, x, y, reach);
    const auto cb = mean(picture.cb, x / 2, y / 2, reach / 2) - 128;
    const auto cr = mean(picture.cr, x / 2, y / 2, reach / 2) - 128;
    return {luma + 1.402 * cr, luma - 0.344 * cb - 0.714 * cr, luma + 1.772 * cb};
}

double decoded(double number, double gamma) {
    const auto code = std::clamp(number, 0.0, 255.0);
    return gamma == 0 ? frames::srgb_decode(static_cast<std::uint8_t>(std::lround(code)))
                      : std::pow(code / 255, gamma);
}

} // namespace

Lab lab(const Rgb& linear) {
    Rgb f{};
    for (std::size_t i = 0; i < f.size(); ++i) {
        const auto value =
            std::inner_product(linear.begin(), linear.end(), to_xyz.at(i).begin(), 0.0) /
            white.at(i);
        f.at(i) = value > 216.0 / 24389 ? std::cbrt(value) : (24389.0 / 27 * value + 16) / 116;
    }
    return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

double difference(const Lab& a, const Lab& b) {
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

double PatchVerdict::chroma() const {
    return std::hypot(found[1], found[2]);
}

double ColoursVerdict::mean_off() const {
    double sum = 0;
    for (const auto& patch : patches) {
        sum += patch.off();
    }
    return patches.empty() ? std::numeric_limits<double>::infinity()
                           : sum / static_cast<double>(patches.size());
}

double ColoursVerdict::largest_grey_chroma() const {
    double largest = 0;
    bool any = false;
    for (const auto& patch : patches) {
        if (patch.number >= first_grey && patch.number < behind_greys) {
            largest = std::max(largest, patch.chroma());
            any = true;
        }
    }
    return any ? largest : std::numeric_limits<double>::infinity();
}

ColoursVerdict judge_colours(const YuvPlanes& picture, Size raw, const Mapping& from,
                             double gamma) {
    const auto patches = ipu3::scene::RoomWorld::chart_patches();
    const auto place = [&](const ipu3::scene::ChartPatch& patch) {
        return std::pair{(static_cast<double>(patch.u) * raw.width - from.left) / from.step_x,
                         (static_cast<double>(patch.v) * raw.height - from.top) / from.step_y};
    };
    // A quarter of the way to the next patch is well within this one.
    const auto reach = (place(patches[1]).first - place(patches[0]).first) / 4;
    ColoursVerdict verdict;
    for (std::size_t number = 0; number < patches.size(); ++number) {
        const auto& patch = patches.at(number);
        const auto [x, y] = place(patch);
        if (x < reach || y < reach || x + reach >= picture.y.size.width ||
            y + reach >= picture.y.size.height) {
            continue;
        }
        const Rgb expected{static_cast<double>(patch.colour.x), static_cast<double>(patch.colour.y),
                           static_cast<double>(patch.colour.z)};
        auto found = mean_rgb(picture, x, y, reach);
        for (auto& colour : found) {
            colour = decoded(colour, gamma);
        }
        const auto bright = luminance(found);
        for (auto& colour : found) {
            colour = bright > 0 ? colour * luminance(expected) / bright : 0;
        }
        verdict.patches.push_back(
            {.number = number, .expected = lab(expected), .found = lab(found)});
    }
    verdict.brightness = std::accumulate(picture.y.values.begin(), picture.y.values.end(), 0.0) /
                         static_cast<double>(std::max<std::size_t>(picture.y.values.size(), 1));
    return verdict;
}

} // namespace judge
