// SPDX-License-Identifier: GPL-2.0-or-later
// Turns whatever the registers say into a readout that can be simulated.
#pragma once

#include "machine/virtual-ipu3/sensors/sensor_model.hpp"
#include "machine/virtual-ipu3/sim/scheduler.hpp"

#include <string>

namespace ipu3::sensors {

/// How long things take.
struct FrameTiming {
    sim::Duration line;    ///< one line, blanking included, rounded to nanoseconds
    sim::Duration readout; ///< from the frame's start to the end of its last line
    sim::Duration period;  ///< from one frame's start to the next one's
};

struct SaneReadout {
    ReadoutSettings settings;
    FrameTiming timing;
    std::string clamped; ///< names of what had to be changed, separated by blanks; usually empty
};

/// Bounds, each far outside of what the drivers use: a window within the array, an output of at
/// least 2x2 and at most the array, steps of 1 to 16, a pixel clock of 1 MHz to 1 GHz, HTS of at
/// least a quarter of the output's width (these sensors read up to four pixels a clock), VTS of at
/// least the output's height plus one, a frame period of at least a millisecond, and an exposure of
/// at most VTS lines.
[[nodiscard]] SaneReadout make_sane(ReadoutSettings settings);

} // namespace ipu3::sensors
