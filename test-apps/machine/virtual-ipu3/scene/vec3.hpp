// SPDX-License-Identifier: GPL-2.0-or-later
// Three numbers: a point or direction in the room (metres), or linear light (red, green, blue).
#pragma once

#include <algorithm>
#include <cmath>

namespace ipu3::scene {

struct Vec3 {
    float x{0};
    float y{0};
    float z{0};

    friend constexpr Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
    friend constexpr Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
    friend constexpr Vec3 operator*(Vec3 a, Vec3 b) { return {a.x * b.x, a.y * b.y, a.z * b.z}; }
    friend constexpr Vec3 operator*(Vec3 a, float s) { return {a.x * s, a.y * s, a.z * s}; }
    friend constexpr Vec3 operator*(float s, Vec3 a) { return a * s; }
    friend constexpr bool operator==(Vec3 a, Vec3 b) = default;
};

/// Linear light with sRGB's primaries; 1.0 is a white surface in the scene's full light.
using Light = Vec3;

[[nodiscard]] constexpr float dot(Vec3 a, Vec3 b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
[[nodiscard]] inline float length(Vec3 a) {
    return std::sqrt(dot(a, a));
}
[[nodiscard]] inline Vec3 normalised(Vec3 a) {
    return a * (1.0F / length(a));
}
[[nodiscard]] constexpr Vec3 mix(Vec3 a, Vec3 b, float t) {
    return a + (b - a) * t;
}

/// 0 below @p low, 1 above @p high, smooth between.
[[nodiscard]] constexpr float smooth_step(float low, float high, float value) {
    const float t = std::clamp((value - low) / (high - low), 0.0F, 1.0F);
    return t * t * (3.0F - 2.0F * t);
}

} // namespace ipu3::scene
