// SPDX-License-Identifier: GPL-2.0-or-later
// A light field seen through a sensor.
#pragma once

#include "machine/virtual-ipu3/scene/light_field.hpp"
#include "machine/virtual-ipu3/scene/noise.hpp"
#include "machine/virtual-ipu3/scene/scene.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace ipu3::scene {

/// Samples the field at the array's coordinates once for each geometry; from then on a frame costs
/// the response of each pixel and whatever moves.
///
/// The window that is read begins at (left, top) and reaches right and down by output times step,
/// whatever the flips; these turn the order of reading within it. What lies beyond the array looks
/// like its edge.
class SensorScene final : public Scene {
  public:
    /// Without @p noise_seed the response is exact.
    SensorScene(std::unique_ptr<LightField> field, std::optional<std::uint64_t> noise_seed);

    void render(const Readout& readout, frames::RawImage& image) override;

  private:
    /// What the cached mosaic was made for.
    struct Geometry {
        frames::Size array;
        unsigned left{0}, top{0}, step_x{1}, step_y{1};
        bool flip_x{false}, flip_y{false};
        frames::Size output;
        frames::BayerOrder order{frames::BayerOrder::bggr};
        friend bool operator==(const Geometry&, const Geometry&) = default;
    };
    /// Columns or lines of the output, end excluded.
    struct Range {
        unsigned begin{0}, end{0};
    };

    void prepare(const Geometry& geometry);
    [[nodiscard]] FieldBox box_of(unsigned x, unsigned y) const;
    [[nodiscard]] Range columns_of(const FieldBox& box) const;
    [[nodiscard]] Range lines_of(const FieldBox& box) const;

    std::unique_ptr<LightField> field_;
    std::optional<Noise> noise_;
    std::optional<Geometry> geometry_;
    std::vector<float> column_left_,
        column_right_; ///< the field's coordinates of each output column
    std::vector<float> line_top_, line_bottom_;
    std::vector<float> mosaic_; ///< filtered light of each output pixel, nothing moving
    std::vector<float> scratch_;
};

} // namespace ipu3::scene
