// SPDX-License-Identifier: GPL-2.0-or-later
// Runs cells, and writes down what the driver answered to each.
#pragma once

#include "module-tests/imgu-answers/pipe.hpp"
#include "module-tests/imgu-cells/cell.hpp"

#include <span>

namespace imgu_cells {

/// Runs @p cell on the pipes of these numbers. Whether all of its frames came; an answer tells what
/// did not.
[[nodiscard]] bool run(const Cell& cell, std::span<const imgu_answers::Pipe> pipes);

} // namespace imgu_cells
