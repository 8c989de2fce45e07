// SPDX-License-Identifier: GPL-2.0-or-later
// A user's picture in front of the lens.
#pragma once

#include "lib/frames/picture.hpp"
#include "machine/virtual-ipu3/scene/light_field.hpp"

#include <array>

namespace ipu3::scene {

/// An sRGB picture as linear light; its white is light 1.0.
class PictureField final : public LightField {
  public:
    /// @p picture has at least one pixel.
    explicit PictureField(frames::Rgb8 picture);

    [[nodiscard]] float aspect() const override;
    [[nodiscard]] Light mean(const FieldBox& box) const override;

  private:
    frames::Rgb8 picture_;
    std::array<float, 256> linear_{};
};

} // namespace ipu3::scene
