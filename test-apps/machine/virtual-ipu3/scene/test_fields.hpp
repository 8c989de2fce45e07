// SPDX-License-Identifier: GPL-2.0-or-later
// Light fields of which a test knows every value.
#pragma once

#include "machine/virtual-ipu3/scene/light_field.hpp"

namespace ipu3::scene {

/// One light everywhere.
class FlatField final : public LightField {
  public:
    explicit FlatField(Light light) : light_{light} {}
    [[nodiscard]] float aspect() const override { return 0.0F; }
    [[nodiscard]] Light mean(const FieldBox& /*box*/) const override { return light_; }

  private:
    Light light_;
};

/// Green light that tells the box's centre: u from 0 to 1 plus eight times v.
class CoordinateField final : public LightField {
  public:
    explicit CoordinateField(float aspect = 0.0F) : aspect_{aspect} {}
    [[nodiscard]] float aspect() const override { return aspect_; }
    [[nodiscard]] Light mean(const FieldBox& box) const override {
        return {0, (box.left + box.right) / 2 + 8 * (box.top + box.bottom) / 2, 0};
    }

  private:
    float aspect_;
};

} // namespace ipu3::scene
