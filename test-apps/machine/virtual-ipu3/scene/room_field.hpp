// SPDX-License-Identifier: GPL-2.0-or-later
// The drawn room as a light field, with its bouncing ball.
#pragma once

#include "machine/virtual-ipu3/scene/light_field.hpp"
#include "machine/virtual-ipu3/scene/linear_image.hpp"
#include "machine/virtual-ipu3/scene/room_world.hpp"

#include <atomic>
#include <future>

namespace ipu3::scene {

class RoomField final : public LightField {
  public:
    /// What the room is drawn at; an array with more pixels gets it softly enlarged.
    static constexpr frames::Size full_size{1944, 1458};

    /// Begins to draw the standing room, once, on all processors, and does not wait for it.
    explicit RoomField(const RoomOptions& options, frames::Size drawn = full_size);
    RoomField(const RoomField&) = delete;
    RoomField& operator=(const RoomField&) = delete;
    RoomField(RoomField&&) = delete;
    RoomField& operator=(RoomField&&) = delete;
    ~RoomField() override;

    /// Waits for the drawing.
    void prepare() override;

    [[nodiscard]] float aspect() const override { return RoomWorld::field_aspect; }
    [[nodiscard]] Light mean(const FieldBox& box) const override;
    Boxes move_to(double seconds) override;
    [[nodiscard]] Change moved(const FieldBox& box) const override;

  private:
    RoomWorld world_;
    LinearImage still_;
    Ball ball_{};
    std::atomic<bool> stop_{false};
    std::future<LinearImage> drawing_; ///< last: it uses the members above
};

} // namespace ipu3::scene
