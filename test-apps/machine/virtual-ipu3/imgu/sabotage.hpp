// SPDX-License-Identifier: GPL-2.0-or-later
// Deliberate mistakes of the image processor.
#pragma once

#include <cstdint>

namespace ipu3::imgu {

/// A negative control: the mistake that whoever checks pictures, statistics or events must see.
enum class Sabotage : std::uint8_t {
    none,
    swapped_chroma,      ///< V before U
    shifted_pixel,       ///< rows begin one pixel late
    wrong_stride,        ///< rows of the picture are sixteen bytes nearer to each other
    previous_statistics, ///< a frame gets the statistics of the one before
    lost_event,          ///< no word of the picture that is done, in each fourth frame
    late_event,          ///< word of the picture comes a second after that of all the rest
};

} // namespace ipu3::imgu
