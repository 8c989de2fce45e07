// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/scene/sensor_scene.hpp"

#include "lib/frames/bayer.hpp"
#include "machine/virtual-ipu3/scene/sensor_response.hpp"
#include "machine/virtual-ipu3/scene/size_limit.hpp"

#include <algorithm>
#include <utility>

namespace ipu3::scene {

namespace {

/// One side of the field as the output's pixels see it.
struct Axis {
    unsigned array; ///< array pixels
    unsigned first; ///< first one read
    unsigned step;  ///< array pixels per output pixel
    bool flip;
    unsigned output; ///< output pixels
    float shown;     ///< share of the field that the array sees, centred
};

void fill(const Axis& axis, std::vector<float>& low, std::vector<float>& high) {
    low.resize(axis.output);
    high.resize(axis.output);
    const double array = std::max(axis.array, 1U);
    const auto field = [&](double pixel) {
        const double within = std::clamp(pixel / array, 0.0, 1.0);
        return static_cast<float>(0.5 + (within - 0.5) * axis.shown);
    };
    for (unsigned i = 0; i < axis.output; ++i) {
        const double place = axis.flip ? axis.output - 1 - i : i;
        // Beyond the array its last pixels go on.
        const double begin =
            std::min(axis.first + place * axis.step, std::max(array - axis.step, 0.0));
        low[i] = field(begin);
        high[i] = field(begin + axis.step);
    }
}

/// The first and the last pixel that may touch [@p from, @p to]; the sides rise, or fall when
/// flipped.
std::pair<unsigned, unsigned> touching(const std::vector<float>& low,
                                       const std::vector<float>& high, float from, float to) {
    unsigned begin = 0;
    auto end = static_cast<unsigned>(low.size());
    const auto outside = [&](unsigned i) { return high[i] < from || low[i] > to; };
    while (begin < end && outside(begin)) {
        ++begin;
    }
    while (end > begin && outside(end - 1)) {
        --end;
    }
    return {begin, end};
}

} // namespace

SensorScene::SensorScene(std::unique_ptr<LightField> field, std::optional<std::uint64_t> noise_seed)
    : field_{std::move(field)} {
    if (noise_seed) {
        noise_.emplace(*noise_seed);
    }
}

FieldBox SensorScene::box_of(unsigned x, unsigned y) const {
    return {column_left_[x], line_top_[y], column_right_[x], line_bottom_[y]};
}

SensorScene::Range SensorScene::columns_of(const FieldBox& box) const {
    const auto [begin, end] = touching(column_left_, column_right_, box.left, box.right);
    return {begin, end};
}

SensorScene::Range SensorScene::lines_of(const FieldBox& box) const {
    const auto [begin, end] = touching(line_top_, line_bottom_, box.top, box.bottom);
    return {begin, end};
}

void SensorScene::prepare(const Geometry& geometry) {
    geometry_.reset(); // what is half prepared is not prepared
    field_->prepare();
    float shown_x = 1.0F;
    float shown_y = 1.0F;
    if (field_->aspect() > 0.0F && geometry.array.width > 0 && geometry.array.height > 0) {
        const float array_aspect =
            static_cast<float>(geometry.array.width) / static_cast<float>(geometry.array.height);
        shown_x = std::min(1.0F, array_aspect / field_->aspect());
        shown_y = std::min(1.0F, field_->aspect() / array_aspect);
    }
    fill({geometry.array.width, geometry.left, geometry.step_x, geometry.flip_x,
          geometry.output.width, shown_x},
         column_left_, column_right_);
    fill({geometry.array.height, geometry.top, geometry.step_y, geometry.flip_y,
          geometry.output.height, shown_y},
         line_top_, line_bottom_);
    mosaic_.resize(std::size_t{geometry.output.width} * geometry.output.height);
    auto out = mosaic_.begin();
    for (unsigned y = 0; y < geometry.output.height; ++y) {
        for (unsigned x = 0; x < geometry.output.width; ++x) {
            *out++ =
                filtered(field_->mean(box_of(x, y)), frames::bayer_channel(geometry.order, x, y));
        }
    }
    geometry_ = geometry;
}

void SensorScene::render(const Readout& readout, frames::RawImage& image) {
    resize(image, readout);
    const Geometry geometry{readout.array,
                            readout.left,
                            readout.top,
                            std::max(readout.step_x, 1U),
                            std::max(readout.step_y, 1U),
                            readout.flip_x,
                            readout.flip_y,
                            readout.output,
                            readout.order};
    if (geometry_ != geometry) {
        prepare(geometry);
    }
    struct Patch {
        FieldBox box;
        Range columns, lines;
    };
    std::array<Patch, std::tuple_size_v<LightField::Boxes>> patches;
    std::ranges::transform(
        field_->move_to(readout.time.count()), patches.begin(),
        [this](const FieldBox& box) { return Patch{box, columns_of(box), lines_of(box)}; });
    const Noise* const noise = noise_ ? &*noise_ : nullptr;
    for (unsigned y = 0; y < readout.output.height; ++y) {
        const auto still = std::span<const float>{mosaic_}.subspan(
            std::size_t{y} * readout.output.width, readout.output.width);
        std::span<const float> light = still;
        for (const Patch& patch : patches) {
            if (y < patch.lines.begin || y >= patch.lines.end) {
                continue;
            }
            if (light.data() != scratch_.data()) {
                scratch_.assign(light.begin(), light.end());
                light = scratch_;
            }
            for (unsigned x = patch.columns.begin; x < patch.columns.end; ++x) {
                const auto change = field_->moved(box_of(x, y));
                const float add = filtered(change.add, frames::bayer_channel(readout.order, x, y));
                scratch_[x] = still[x] * change.keep + add;
            }
        }
        respond(readout, noise, y, light, image.line(y));
    }
}

} // namespace ipu3::scene
