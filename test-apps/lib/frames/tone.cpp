// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/frames/tone.hpp"

#include <algorithm>
#include <cmath>

namespace frames {

namespace {

constexpr unsigned largest_sample = 1023;
using Curve = std::array<std::uint8_t, largest_sample + 1>;

/// Linear light of a sample, 1.0 at the sensor's clipping point.
double light(unsigned sample, const Tone& tone) {
    const unsigned black = std::min(tone.black_level, largest_sample - 1);
    return sample <= black ? 0.0 : static_cast<double>(sample - black) / (largest_sample - black);
}

Curve make_curve(const Tone& tone, double factor) {
    Curve curve{};
    for (unsigned sample = 0; sample <= largest_sample; ++sample) {
        curve[sample] = srgb_encode(light(sample, tone) * tone.gain * factor);
    }
    return curve;
}

std::uint8_t look_up(const Curve& curve, std::uint16_t sample) {
    return curve[std::min<std::size_t>(sample, largest_sample)];
}

} // namespace

std::uint8_t srgb_encode(double linear) {
    const double clipped = std::clamp(linear, 0.0, 1.0);
    const double code =
        clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * std::pow(clipped, 1.0 / 2.4) - 0.055;
    return static_cast<std::uint8_t>(std::lround(code * 255.0));
}

double srgb_decode(std::uint8_t code) {
    const double value = code / 255.0;
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

std::array<double, 3> white_balance_gains(const Rgb10& image, const Tone& tone) {
    std::array<double, 3> gains{1.0, 1.0, 1.0};
    if (tone.white_balance == WhiteBalance::none) {
        return gains;
    }
    constexpr std::uint16_t clipped = 1000;
    constexpr double largest_gain = 8.0;
    std::array<double, 3> sums{};
    for (std::size_t i = 0; i < image.pixels.size(); i += Rgb10::samples) {
        const auto pixel = std::span{image.pixels}.subspan(i, Rgb10::samples);
        if (std::ranges::max(pixel) < clipped) {
            for (std::size_t c = 0; c < sums.size(); ++c) {
                sums[c] += light(pixel[c], tone);
            }
        }
    }
    const double largest = std::ranges::max(sums);
    if (largest <= 0.0) {
        return gains; // all black or all clipped: nothing to balance
    }
    std::ranges::transform(sums, gains.begin(), [&](double sum) {
        return sum * largest_gain <= largest ? largest_gain : largest / sum;
    });
    return gains;
}

Rgb8 develop(const Rgb10& image, const Tone& tone) {
    const auto gains = white_balance_gains(image, tone);
    const std::array curves{make_curve(tone, gains[0]), make_curve(tone, gains[1]),
                            make_curve(tone, gains[2])};
    Rgb8 out{image.size, std::vector<std::uint8_t>(image.pixels.size())};
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        out.pixels[i] = look_up(curves[i % Rgb10::samples], image.pixels[i]);
    }
    return out;
}

Grey8 develop_grey(const RawImage& raw, const Tone& tone) {
    const Curve curve = make_curve(tone, 1.0);
    Grey8 out{raw.size, std::vector<std::uint8_t>(raw.pixels.size())};
    std::ranges::transform(raw.pixels, out.pixels.begin(),
                           [&](std::uint16_t sample) { return look_up(curve, sample); });
    return out;
}

} // namespace frames
