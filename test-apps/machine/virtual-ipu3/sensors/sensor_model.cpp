// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sensors/sensor_model.hpp"

#include <algorithm>

namespace ipu3::sensors {

frames::BayerOrder shifted_order(frames::BayerOrder order, unsigned columns, unsigned lines) {
    using enum frames::BayerOrder;
    if (order == grey) {
        return order;
    }
    // The four colour orders are numbered so that bit 0 is a shift by a column and bit 1 one by a
    // line.
    static_assert(static_cast<unsigned>(bggr) == 0 && static_cast<unsigned>(gbrg) == 1 &&
                  static_cast<unsigned>(grbg) == 2 && static_cast<unsigned>(rggb) == 3);
    return static_cast<frames::BayerOrder>(static_cast<unsigned>(order) ^ (columns & 1U) ^
                                           ((lines & 1U) << 1U));
}

frames::BayerOrder flipped_order(frames::BayerOrder order, frames::Size output, Flip x, Flip y) {
    // The first pixel sent is the last one of the window, so an even extent changes the phase.
    const auto shift = [](Flip flip, unsigned extent) {
        return flip.flipped && !flip.order_kept && extent % 2 == 0 ? 1U : 0U;
    };
    return shifted_order(order, shift(x, output.width), shift(y, output.height));
}

unsigned increment_step(unsigned odd, unsigned even) {
    return std::max((odd + even) / 2, 1U);
}

} // namespace ipu3::sensors
