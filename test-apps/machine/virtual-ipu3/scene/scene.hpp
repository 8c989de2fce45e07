// SPDX-License-Identifier: GPL-2.0-or-later
// What the camera looks at.
#pragma once

#include "lib/base/result.hpp"
#include "lib/frames/raw_image.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

namespace ipu3::scene {

/// How a sensor reads out one frame: geometry in the sensor's active pixel array, and its exposure.
struct Readout {
    frames::Size array; ///< the whole active array, which sees the whole scene
    unsigned left{0};   ///< first column read, array pixels
    unsigned top{0};    ///< first line read, array pixels
    unsigned step_x{1}; ///< array pixels per output pixel (binning or skipping)
    unsigned step_y{1};
    bool flip_x{false}; ///< the array is read right to left
    bool flip_y{false};
    frames::Size output;                                ///< pixels sent
    frames::BayerOrder order{frames::BayerOrder::bggr}; ///< of the output, flips included

    std::chrono::duration<double> exposure{0.01};
    double gain{1.0};                      ///< total gain, 1.0 = none
    unsigned black_level{16};              ///< added to each sample, of 1023
    std::uint32_t frame{0};                ///< number of the frame since streaming began, from 0
    std::chrono::duration<double> time{0}; ///< start of the frame since the machine's start
};

/// A scene fills RAW frames. `counter` ignores everything but size and frame number.
class Scene {
  public:
    Scene() = default;
    Scene(const Scene&) = delete;
    Scene& operator=(const Scene&) = delete;
    Scene(Scene&&) = delete;
    Scene& operator=(Scene&&) = delete;
    virtual ~Scene() = default;

    /// Renders one frame; @p image is resized to readout.output (its memory is reused).
    virtual void render(const Readout& readout, frames::RawImage& image) = 0;
};

/// Makes a scene from "counter", "bars", "room" or a path that ends in ".png". @p seed feeds the
/// noise. "room:tungsten" and "room:shade" are the room under another illuminant, and
/// "room:LEVEL" or "room:ILLUMINANT:LEVEL" with LEVEL times the light, 0.001 to 1000. Error: a
/// sentence naming what is possible, or why the PNG cannot be read.
[[nodiscard]] base::Result<std::unique_ptr<Scene>> make_scene(std::string_view spec,
                                                              std::uint64_t seed);

} // namespace ipu3::scene
