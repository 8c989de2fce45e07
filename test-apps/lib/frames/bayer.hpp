// SPDX-License-Identifier: GPL-2.0-or-later
// Which colour sits where in a Bayer mosaic.
#pragma once

#include "lib/frames/raw_image.hpp"

#include <array>
#include <cstdint>

namespace frames {

enum class Channel : std::uint8_t { red, green, blue };

/// The colour of pixel (@p x, @p y); a monochrome sensor's pixels count as green.
[[nodiscard]] constexpr Channel bayer_channel(BayerOrder order, unsigned x, unsigned y) {
    using Cell = std::array<Channel, 4>; // left and right of an even line, then of an odd one
    constexpr auto r = Channel::red;
    constexpr auto g = Channel::green;
    constexpr auto b = Channel::blue;
    const Cell cell = [order] {
        switch (order) {
        case BayerOrder::bggr:
            return Cell{b, g, g, r};
        case BayerOrder::gbrg:
            return Cell{g, b, r, g};
        case BayerOrder::grbg:
            return Cell{g, r, b, g};
        case BayerOrder::rggb:
            return Cell{r, g, g, b};
        case BayerOrder::grey:
            break;
        }
        return Cell{g, g, g, g};
    }();
    return cell[(y % 2) * 2 + x % 2];
}

} // namespace frames
