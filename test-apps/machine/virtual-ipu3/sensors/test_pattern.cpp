// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sensors/test_pattern.hpp"

#include <algorithm>
#include <cstddef>

namespace ipu3::sensors {

namespace {

constexpr std::uint16_t full = 1023;
constexpr unsigned fields = 8;

constexpr unsigned red = 4;
constexpr unsigned green = 2;
constexpr unsigned blue = 1;
constexpr unsigned white = red | green | blue;

unsigned filter_at(frames::BayerOrder order, unsigned x, unsigned y) {
    // Colours of the 2x2 cell, first line first.
    struct Cell {
        unsigned a, b, c, d;
    };
    const Cell cell = [order]() -> Cell {
        switch (order) {
        case frames::BayerOrder::bggr:
            return {blue, green, green, red};
        case frames::BayerOrder::gbrg:
            return {green, blue, red, green};
        case frames::BayerOrder::grbg:
            return {green, red, blue, green};
        case frames::BayerOrder::rggb:
            return {red, green, green, blue};
        case frames::BayerOrder::grey:
            break;
        }
        return {white, white, white, white};
    }();
    if (y % 2 == 0) {
        return x % 2 == 0 ? cell.a : cell.b;
    }
    return x % 2 == 0 ? cell.c : cell.d;
}

std::uint16_t level(unsigned colour, frames::BayerOrder order, unsigned x, unsigned y) {
    if (order == frames::BayerOrder::grey) {
        return static_cast<std::uint16_t>(full * colour / white);
    }
    // Counting down from 7 with the bits read as (green, red, blue) gives the classical order of
    // bars: white, yellow, cyan, green, magenta, red, blue, black.
    const unsigned rgb = ((colour & 4U) != 0 ? green : 0U) | ((colour & 2U) != 0 ? red : 0U) |
                         ((colour & 1U) != 0 ? blue : 0U);
    return (rgb & filter_at(order, x, y)) != 0 ? full : 0;
}

std::uint16_t noise(unsigned x, unsigned y, std::uint32_t frame) {
    // Marsaglia's xorshift on a mix of the coordinates: cheap, and the same on every machine.
    std::uint32_t state =
        (x * 0x9e3779b1U) ^ (y * 0x85ebca77U) ^ (frame * 0xc2b2ae3dU) ^ 0x27d4eb2fU;
    state ^= state << 13U;
    state ^= state >> 17U;
    state ^= state << 5U;
    return static_cast<std::uint16_t>(state & full);
}

bool in_band(frames::Size size, std::uint32_t frame, unsigned y) {
    const unsigned height = size.height / fields;
    const auto top = static_cast<unsigned>(std::uint64_t{frame} * 8 % size.height);
    return (y + size.height - top) % size.height < height;
}

unsigned field(unsigned position, unsigned extent) {
    return static_cast<unsigned>(std::uint64_t{position} * fields / extent);
}

} // namespace

std::uint16_t test_pattern_pixel(TestPattern pattern, frames::Size size, frames::BayerOrder order,
                                 std::uint32_t frame, unsigned x, unsigned y) {
    const unsigned column = field(x, size.width);
    const unsigned row = field(y, size.height);
    switch (pattern) {
    case TestPattern::bars:
        return level(white - column, order, x, y);
    case TestPattern::rolling_bars:
        return in_band(size, frame, y) ? 0 : level(white - column, order, x, y);
    case TestPattern::random:
        return noise(x, y, frame);
    case TestPattern::squares:
        return level(white - ((column + row) % fields), order, x, y);
    case TestPattern::rolling_squares:
        return in_band(size, frame, y) ? 0 : level(white - ((column + row) % fields), order, x, y);
    case TestPattern::grey_squares:
        return (column + row) % 2 == 0 ? full : 0;
    case TestPattern::none:
    case TestPattern::black:
        break;
    }
    return 0;
}

void fill_test_pattern(TestPattern pattern, std::uint32_t frame, frames::RawImage& image) {
    image.pixels.resize(std::size_t{image.size.width} * image.size.height);
    // Every second line repeats, for the colour order has two, until a field or the band begins or
    // ends.
    const auto like_two_above = [&](unsigned y) {
        return y >= 2 && field(y, image.size.height) == field(y - 2, image.size.height) &&
               in_band(image.size, frame, y) == in_band(image.size, frame, y - 2);
    };
    for (unsigned y = 0; y < image.size.height; ++y) {
        auto line = image.line(y);
        if (pattern == TestPattern::random) {
            for (unsigned x = 0; x < image.size.width; ++x) {
                line[x] = noise(x, y, frame);
            }
        } else if (like_two_above(y)) {
            std::ranges::copy(image.line(y - 2), line.begin());
        } else {
            for (unsigned x = 0; x < image.size.width; ++x) {
                line[x] = test_pattern_pixel(pattern, image.size, image.order, frame, x, y);
            }
        }
    }
}

} // namespace ipu3::sensors
