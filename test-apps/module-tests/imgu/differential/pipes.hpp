// SPDX-License-Identifier: GPL-2.0-or-later
// Sizes of a pipe as the kernel's driver brings them into shape, and as libcamera chooses them.
#pragma once

#include "random.hpp"
#include "reference.h"

#include <cstdint>
#include <vector>

namespace differential {

struct Size {
    std::uint32_t width{0}, height{0};

    bool operator==(const Size&) const = default;
};

/// What user space chooses; pixels.
struct Choice {
    Size in, crop, bds, gdc, out, vf;
    std::uint32_t bayer{0};
};

/// The two programs that the driver chooses of. They work in two stripes; one is for the code's
/// other half.
struct Program {
    bool video{true};
    std::uint32_t stripes{2};
};

/// The pipe that the driver makes of @p choice when all nodes and rectangles are set: nearest
/// multiples, the envelope, strides and the reference frame. Nothing is judged, and sizes that no
/// rounding changes stay as they are. Source: Linux drivers/staging/media/ipu3/ipu3-css.c,
/// imgu_css_fmt_try(), imgu_css_queue_init(), imgu_css_binary_setup().
[[nodiscard]] reference_pipe shaped(const Choice& choice, const Program& program);
/// Envelope, strides and reference frame alone: the choice's sizes are taken as they are.
[[nodiscard]] reference_pipe unshaped(const Choice& choice, const Program& program);

/// Every configuration that libcamera's handler considers for a sensor's mode and its streams, the
/// viewfinder's size 0 without one; it takes one of them. Empty when it refuses the sizes. Source:
/// libcamera src/libcamera/pipeline/ipu3/imgu.cpp and imgu.h.
[[nodiscard]] std::vector<Choice> libcamera_choices(Size input, Size main, Size viewfinder);
/// The one that keeps the widest, then the highest, part of the input; the first of equals.
[[nodiscard]] Choice libcamera_choice(const std::vector<Choice>& choices);

/// A sensor's mode that a kernel's driver has.
struct SensorMode {
    const char* model{nullptr};
    Size size;
    std::uint32_t bayer{0}; ///< as the firmware numbers them
};
/// Of the sensors of the machines that the project has the firmware tables of, and of those that
/// the virtual machine can carry.
[[nodiscard]] const std::vector<SensorMode>& sensor_modes();
/// Ten sizes of a main stream and, of some, a viewfinder's, no larger than libcamera offers with
/// such an input.
struct Streams {
    Size main, viewfinder;
};
[[nodiscard]] std::vector<Streams> streams_of(Size input);

} // namespace differential
