// SPDX-License-Identifier: GPL-2.0-or-later
// The room as geometry: what a ray from the lens meets, and how it is lit.
//
// Metres; x to the right, y up, z away from the camera. A box with a window in its left wall and a
// lamp that hangs from its ceiling; charts on the back wall; a table, spheres, a rug.
#pragma once

#include "machine/virtual-ipu3/scene/vec3.hpp"

#include <array>
#include <cstddef>
#include <optional>

namespace ipu3::scene {

struct RoomOptions {
    // Colours of the two sources, so that a later scene can be lit by another illuminant.
    Light lamp{1.0F, 0.86F, 0.68F};
    Light daylight{0.86F, 0.96F, 1.0F};
    Light filter{1.0F, 1.0F, 1.0F}; ///< over the lens: another illuminant, more or less light
};

struct Ray {
    Vec3 origin;
    Vec3 direction; ///< of length 1
};

/// A patch of the colour chart.
struct ChartPatch {
    float u{0}; ///< its centre in the field
    float v{0};
    Vec3 colour; ///< linear reflectance
};

/// A ball that bounces about in front of everything else.
struct Ball {
    Vec3 centre;
    float cosine{1}; ///< of the angle by which it has rolled
    float sine{0};
    static constexpr float radius = 0.19F;
};

class RoomWorld {
  public:
    explicit RoomWorld(const RoomOptions& options);

    static constexpr float field_aspect = 4.0F / 3.0F;
    /// Metres that the field is wide at a distance of one.
    static constexpr float field_width = 1.04F;

    /// The ray through a place of the field, 0..1 from the left and from the top.
    [[nodiscard]] static Ray camera_ray(float u, float v);
    /// Where a point in front of the camera shows in the field: {u, v, depth}.
    [[nodiscard]] static Vec3 project(Vec3 point);

    /// The colour chart on the back wall, row by row: six columns, four rows, the last one neutral.
    static constexpr std::size_t chart_columns = 6;
    [[nodiscard]] static std::array<ChartPatch, 24> chart_patches();

    /// The light that comes along the ray, with one reflection.
    [[nodiscard]] Light trace(const Ray& ray) const;

    /// Where the ball is at a time; it comes again after its period.
    [[nodiscard]] static Ball ball_at(double seconds);
    /// The light of the ball at a point of its surface, seen along @p direction by a pixel that is
    /// @p pixel metres wide there.
    [[nodiscard]] Light ball_light(const Ball& ball, Vec3 point, Vec3 direction, float pixel) const;
    /// Centre (on the floor) and radius of the area that the ball darkens.
    struct Spot {
        Vec3 centre;
        float radius{};
    };
    [[nodiscard]] static Spot ball_shadow(const Ball& ball);
    /// What is left of the floor's light at @p point.
    [[nodiscard]] static float ball_shade(const Ball& ball, Vec3 point);

  private:
    struct Hit;
    [[nodiscard]] static Vec3 ball_colour(const Ball& ball, Vec3 point);
    [[nodiscard]] Hit hit(const Ray& ray) const;
    /// The light that falls on a surface; not @p shaded: nothing else is near.
    [[nodiscard]] Light lit(Vec3 point, Vec3 normal, bool shaded) const;
    [[nodiscard]] Light highlight(Vec3 point, Vec3 normal, Vec3 direction) const;

    RoomOptions options_;
};

} // namespace ipu3::scene
