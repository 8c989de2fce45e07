// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/scene/picture_field.hpp"

#include "lib/frames/tone.hpp"
#include "machine/virtual-ipu3/scene/linear_image.hpp"

#include <utility>

namespace ipu3::scene {

PictureField::PictureField(frames::Rgb8 picture) : picture_{std::move(picture)} {
    for (std::size_t code = 0; code < linear_.size(); ++code) {
        linear_.at(code) = static_cast<float>(frames::srgb_decode(static_cast<std::uint8_t>(code)));
    }
}

float PictureField::aspect() const {
    return static_cast<float>(picture_.size.width) / static_cast<float>(picture_.size.height);
}

Light PictureField::mean(const FieldBox& box) const {
    return sample(picture_.size, box, [this](unsigned x, unsigned y) {
        const auto rgb = picture_.at(x, y);
        return Light{linear_[rgb[0]], linear_[rgb[1]], linear_[rgb[2]]};
    });
}

} // namespace ipu3::scene
