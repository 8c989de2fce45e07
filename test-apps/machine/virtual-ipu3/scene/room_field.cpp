// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/scene/room_field.hpp"

#include <atomic>
#include <cmath>
#include <thread>

namespace ipu3::scene {

namespace {

/// Calls @p draw for each line, on all processors, until @p stop.
template <typename Draw>
void for_each_line(unsigned lines, const std::atomic<bool>& stop, Draw draw) {
    std::atomic<unsigned> next{0};
    const auto work = [&] {
        for (unsigned y = next++; y < lines && !stop; y = next++) {
            draw(y);
        }
    };
    std::vector<std::jthread> helpers;
    for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) {
        helpers.emplace_back(work);
    }
    work();
}

/// Whether two neighbours differ so much that an edge runs through one of them.
bool edge_between(Light a, Light b) {
    const auto differs = [](float x, float y) {
        return std::abs(x - y) > 0.08F * std::max(x, y) + 0.004F;
    };
    return differs(a.x, b.x) || differs(a.y, b.y) || differs(a.z, b.z);
}

LinearImage draw(const RoomWorld& world, frames::Size size, const std::atomic<bool>& stop) {
    LinearImage image{size, std::vector<Light>(std::size_t{size.width} * size.height)};
    const auto light_at = [&](float x, float y) {
        return world.trace(RoomWorld::camera_ray(x / static_cast<float>(size.width),
                                                 y / static_cast<float>(size.height)));
    };
    for_each_line(size.height, stop, [&](unsigned y) {
        for (unsigned x = 0; x < size.width; ++x) {
            image.at(x, y) = light_at(static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F);
        }
    });
    // Pixels on an edge get the mean of many rays.
    LinearImage smooth = image;
    for_each_line(size.height, stop, [&](unsigned y) {
        constexpr unsigned taps = 3;
        for (unsigned x = 0; x < size.width; ++x) {
            const Light here = image.at(x, y);
            const bool edge = (x > 0 && edge_between(here, image.at(x - 1, y))) ||
                              (x + 1 < size.width && edge_between(here, image.at(x + 1, y))) ||
                              (y > 0 && edge_between(here, image.at(x, y - 1))) ||
                              (y + 1 < size.height && edge_between(here, image.at(x, y + 1)));
            if (!edge) {
                continue;
            }
            Light sum{};
            for (unsigned row = 0; row < taps; ++row) {
                const float dy = (static_cast<float>(row) + 0.5F) / taps;
                for (unsigned column = 0; column < taps; ++column) {
                    const float dx = (static_cast<float>(column) + 0.5F) / taps;
                    sum = sum + light_at(static_cast<float>(x) + dx, static_cast<float>(y) + dy);
                }
            }
            smooth.at(x, y) = sum * (1.0F / (taps * taps));
        }
    });
    return smooth;
}

} // namespace

RoomField::RoomField(const RoomOptions& options, frames::Size drawn)
    : world_{options}, drawing_{std::async(std::launch::async,
                                           [this, drawn] { return draw(world_, drawn, stop_); })} {}

RoomField::~RoomField() {
    stop_ = true; // the drawing's future waits for its thread
}

void RoomField::prepare() {
    if (drawing_.valid()) {
        still_ = drawing_.get();
    }
}

Light RoomField::mean(const FieldBox& box) const {
    return sample(still_.size, box, [this](unsigned x, unsigned y) { return still_.at(x, y); });
}

LightField::Boxes RoomField::move_to(double seconds) {
    ball_ = RoomWorld::ball_at(seconds);
    // The boxes of the corners of what is around the ball and its shadow, with a margin for soft
    // edges.
    const auto around = [](Vec3 low, Vec3 high) {
        constexpr float margin = 0.01F;
        FieldBox box{1, 1, 0, 0};
        for (unsigned corner = 0; corner < 8; ++corner) {
            const Vec3 at = RoomWorld::project({(corner & 1U) != 0 ? high.x : low.x,
                                                (corner & 2U) != 0 ? high.y : low.y,
                                                (corner & 4U) != 0 ? high.z : low.z});
            box = {std::min(box.left, at.x - margin), std::min(box.top, at.y - margin),
                   std::max(box.right, at.x + margin), std::max(box.bottom, at.y + margin)};
        }
        return box;
    };
    const auto beside = [&](Vec3 centre, Vec3 half) {
        return around(centre - half, centre + half);
    };
    const auto spot = RoomWorld::ball_shadow(ball_);
    constexpr float r = Ball::radius;
    return {beside(ball_.centre, {r, r, r}), beside(spot.centre, {spot.radius, 0, spot.radius})};
}

LightField::Change RoomField::moved(const FieldBox& box) const {
    const Ray ray =
        RoomWorld::camera_ray((box.left + box.right) / 2.0F, (box.top + box.bottom) / 2.0F);
    Change change;
    // The shadow falls on the floor only, and nothing stands between it and the camera.
    if (ray.direction.y < 0) {
        const Vec3 point = ray.origin + (ray.origin.y / -ray.direction.y) * ray.direction;
        change.keep = RoomWorld::ball_shade(ball_, point);
    }
    const Vec3 to = ball_.centre - ray.origin;
    const float along = dot(to, ray.direction);
    const float aside = std::sqrt(std::max(dot(to, to) - along * along, 0.0F));
    const float pixel = std::abs(box.right - box.left) * RoomWorld::field_width * along;
    const float cover = 1.0F - smooth_step(Ball::radius - pixel, Ball::radius, aside);
    if (cover > 0) {
        const float depth = std::sqrt(std::max(Ball::radius * Ball::radius - aside * aside, 0.0F));
        const Vec3 point = ray.origin + (along - depth) * ray.direction;
        change.keep *= 1.0F - cover;
        change.add = world_.ball_light(ball_, point, ray.direction, pixel) * cover;
    }
    return change;
}

} // namespace ipu3::scene
