// SPDX-License-Identifier: GPL-2.0-or-later
// The names of the deliberate mistakes that the device models can be told to make.
#pragma once

#include "lib/base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ipu3::sim {

/// Each mistake: a negative control, which shows that a judge would see a model that is wrong.
enum class Mistake : std::uint8_t {
    packing_bit,         ///< "packing-bit": a bit of each packed line
    lop_step,            ///< "lop-step": the next page of a buffer
    int_status_bit,      ///< "int-status-bit": which interrupt it was
    chip_id,             ///< "chip-id": the sensors' identity
    swapped_chroma,      ///< "swapped-chroma": Cb for Cr
    shifted_pixel,       ///< "shifted-pixel": the picture is a pixel off
    wrong_stride,        ///< "wrong-stride": the picture's lines
    previous_statistics, ///< "previous-statistics": those of the frame before
    lost_event,          ///< "lost-event": a frame's end that is not told
    late_event,          ///< "late-event": a frame's end that is told late
};

/// The receiver's and the sensors' first, then the image processor's.
[[nodiscard]] std::span<const Mistake> all_mistakes();
[[nodiscard]] std::string_view name(Mistake mistake);
/// Whether it is the image processor that makes it.
[[nodiscard]] bool is_imgu(Mistake mistake);
/// "packing-bit, lop-step, ...; in the image processor: ...", for help texts.
[[nodiscard]] std::string list_mistakes();

/// Error: a sentence with the possible names.
[[nodiscard]] base::Result<Mistake> parse_mistake(std::string_view text);

} // namespace ipu3::sim
