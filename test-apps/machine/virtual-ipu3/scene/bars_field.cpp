// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/scene/bars_field.hpp"

namespace ipu3::scene {

Light BarsField::mean(const FieldBox& box) const {
    constexpr float on = bar_light;
    constexpr std::array<Light, 8> bars{{{on, on, on},
                                         {on, on, 0},
                                         {0, on, on},
                                         {0, on, 0},
                                         {on, 0, on},
                                         {on, 0, 0},
                                         {0, 0, on},
                                         {0, 0, 0}}};
    const float centre = std::clamp((box.left + box.right) / 2.0F, 0.0F, 1.0F);
    const auto bar = static_cast<std::size_t>(centre * static_cast<float>(bars.size()));
    return bars.at(std::min(bar, bars.size() - 1));
}

} // namespace ipu3::scene
