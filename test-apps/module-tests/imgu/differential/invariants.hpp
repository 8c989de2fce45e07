// SPDX-License-Identifier: GPL-2.0-or-later
// What must hold of each block that the firmware is given, whatever user space asked for.
#pragma once

#include "reference.h"

#include <cstdint>
#include <span>
#include <string>

namespace differential {

/// The first of these that block @p acc of a pipe of these sizes breaks, in words, or empty: lists
/// of operations end, and their lines are the frame's; a grid's cells have room in their table, and
/// two stripes share them; the first and the last pixel that is read lie in the frame.
[[nodiscard]] std::string broken_invariant(const reference_pipe& pipe,
                                           std::span<const std::uint8_t> acc);

} // namespace differential
