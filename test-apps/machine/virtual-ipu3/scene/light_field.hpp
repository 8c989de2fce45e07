// SPDX-License-Identifier: GPL-2.0-or-later
// The light that a lens throws on a sensor's array, before any electronics.
#pragma once

#include "machine/virtual-ipu3/scene/vec3.hpp"

#include <array>

namespace ipu3::scene {

/// A rectangle of the field: 0,0 is the upper left corner, 1,1 the lower right.
struct FieldBox {
    float left{0};
    float top{0};
    float right{0};
    float bottom{0};
};

class LightField {
  public:
    LightField() = default;
    LightField(const LightField&) = delete;
    LightField& operator=(const LightField&) = delete;
    LightField(LightField&&) = delete;
    LightField& operator=(LightField&&) = delete;
    virtual ~LightField() = default;

    /// Width over height. The field covers the array and is cut where the shapes differ; 0: it
    /// stretches.
    [[nodiscard]] virtual float aspect() const = 0;

    /// Called before mean() is: a field that takes long to make is complete when this returns.
    virtual void prepare() {}

    /// The mean light over @p box, which lies within the field; what stands still.
    [[nodiscard]] virtual Light mean(const FieldBox& box) const = 0;

    /// What moves covers these boxes (they may be empty or reach beyond the field).
    using Boxes = std::array<FieldBox, 2>;
    /// Sets the moving things to where they are at @p seconds and tells where that is.
    virtual Boxes move_to(double /*seconds*/) { return {}; }
    /// What the moving things do to the light of @p box: it becomes light * keep + add.
    struct Change {
        float keep{1};
        Light add{};
    };
    [[nodiscard]] virtual Change moved(const FieldBox& /*box*/) const { return {}; }
};

} // namespace ipu3::scene
