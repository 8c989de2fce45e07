// SPDX-License-Identifier: GPL-2.0-or-later
// Eight vertical colour bars.
#pragma once

#include "machine/virtual-ipu3/scene/light_field.hpp"

namespace ipu3::scene {

/// White, yellow, cyan, green, magenta, red, blue, black, each an eighth of the array's width, at
/// bar_light of full white. The colour at a box's centre counts: edges are sharp.
class BarsField final : public LightField {
  public:
    static constexpr float bar_light = 0.75F;

    [[nodiscard]] float aspect() const override { return 0.0F; }
    [[nodiscard]] Light mean(const FieldBox& box) const override;
};

} // namespace ipu3::scene
