// SPDX-License-Identifier: GPL-2.0-or-later
// Deliberate errors of the model: the negative controls of whatever claims to check it.
#pragma once

#include <cstdint>

namespace ipu3::cio2 {

/// One wrong detail, present from the start. Never part of a machine that anybody relies on.
enum class Sabotage : std::uint8_t {
    none,
    packing_bit,    ///< one bit of the first line of each frame is inverted
    lop_step,       ///< from the second page on, the list-of-pages walk is one entry ahead
    int_status_bit, ///< a frame's completion shows in the status bit four places too high
};

} // namespace ipu3::cio2
