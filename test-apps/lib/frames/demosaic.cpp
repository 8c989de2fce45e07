// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/frames/demosaic.hpp"

#include "lib/frames/bayer.hpp"

#include <algorithm>
#include <cstddef>

namespace frames {

namespace {

constexpr int largest_sample = 1023;
constexpr unsigned border = 2;

/// Reflects @p i into 0..n-1 without repeating the edge, which keeps the Bayer phase.
unsigned mirror(int i, unsigned n) {
    if (n == 1) {
        return 0;
    }
    const int last = static_cast<int>(n) - 1;
    while (i < 0 || i > last) {
        i = i < 0 ? -i : 2 * last - i;
    }
    return static_cast<unsigned>(i);
}

/// The image with a mirrored border of two, so that no filter needs to know of edges.
class Padded {
  public:
    explicit Padded(const RawImage& raw)
        : stride_{std::size_t{raw.size.width} + std::size_t{2} * border},
          samples_(stride_ * (std::size_t{raw.size.height} + std::size_t{2} * border)) {
        auto out = samples_.begin();
        for (unsigned y = 0; y < raw.size.height + 2 * border; ++y) {
            const auto line =
                raw.line(mirror(static_cast<int>(y) - static_cast<int>(border), raw.size.height));
            for (unsigned x = 0; x < raw.size.width + 2 * border; ++x) {
                const auto from =
                    mirror(static_cast<int>(x) - static_cast<int>(border), raw.size.width);
                *out++ = std::min<int>(line[from], largest_sample);
            }
        }
    }

    /// The sample of image position (@p x, @p y), around which at() below may look two steps far.
    [[nodiscard]] const int* centre(unsigned x, unsigned y) const {
        return &samples_[(std::size_t{y} + border) * stride_ + x + border];
    }
    [[nodiscard]] std::ptrdiff_t stride() const { return static_cast<std::ptrdiff_t>(stride_); }

  private:
    std::size_t stride_;
    std::vector<int> samples_;
};

/// The sums that the paper's filters are made of.
struct Neighbourhood {
    int centre, horizontal, vertical, diagonal, horizontal2, vertical2;

    Neighbourhood(const int* p, std::ptrdiff_t s)
        : centre{p[0]}, horizontal{p[-1] + p[1]}, vertical{p[-s] + p[s]},
          diagonal{p[-s - 1] + p[-s + 1] + p[s - 1] + p[s + 1]}, horizontal2{p[-2] + p[2]},
          vertical2{p[-2 * s] + p[2 * s]} {}

    // Weights in sixteenths.
    [[nodiscard]] int green_at_colour() const {
        return 8 * centre + 4 * (horizontal + vertical) - 2 * (horizontal2 + vertical2);
    }
    [[nodiscard]] int colour_left_and_right() const {
        return 10 * centre + 8 * horizontal - 2 * (horizontal2 + diagonal) + vertical2;
    }
    [[nodiscard]] int colour_above_and_below() const {
        return 10 * centre + 8 * vertical - 2 * (vertical2 + diagonal) + horizontal2;
    }
    [[nodiscard]] int colour_at_the_corners() const {
        return 12 * centre + 4 * diagonal - 3 * (horizontal2 + vertical2);
    }
};

std::uint16_t rounded(int sixteenths) {
    return static_cast<std::uint16_t>(std::clamp((sixteenths + 8) / 16, 0, largest_sample));
}

} // namespace

Rgb10 demosaic(const RawImage& raw) {
    Rgb10 rgb{raw.size, std::vector<std::uint16_t>(raw.pixels.size() * Rgb10::samples)};
    if (raw.pixels.empty()) {
        return rgb;
    }
    if (raw.order == BayerOrder::grey) {
        for (std::size_t i = 0; i < raw.pixels.size(); ++i) {
            std::fill_n(&rgb.pixels[i * Rgb10::samples], Rgb10::samples,
                        std::min<std::uint16_t>(raw.pixels[i], largest_sample));
        }
        return rgb;
    }
    const Padded padded{raw};
    for (unsigned y = 0; y < raw.size.height; ++y) {
        for (unsigned x = 0; x < raw.size.width; ++x) {
            const Neighbourhood n{padded.centre(x, y), padded.stride()};
            const auto out = rgb.at(x, y);
            auto& red = out[0];
            auto& blue = out[2];
            switch (bayer_channel(raw.order, x, y)) {
            case Channel::red:
                red = rounded(16 * n.centre);
                out[1] = rounded(n.green_at_colour());
                blue = rounded(n.colour_at_the_corners());
                break;
            case Channel::blue:
                red = rounded(n.colour_at_the_corners());
                out[1] = rounded(n.green_at_colour());
                blue = rounded(16 * n.centre);
                break;
            case Channel::green: {
                const bool red_line = bayer_channel(raw.order, x + 1, y) == Channel::red;
                out[1] = rounded(16 * n.centre);
                red = rounded(red_line ? n.colour_left_and_right() : n.colour_above_and_below());
                blue = rounded(red_line ? n.colour_above_and_below() : n.colour_left_and_right());
                break;
            }
            }
        }
    }
    return rgb;
}

} // namespace frames
