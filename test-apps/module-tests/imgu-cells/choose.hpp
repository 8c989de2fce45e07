// SPDX-License-Identifier: GPL-2.0-or-later
// Chooses cells: random streams that both drivers take and that have no difference but those which
// every stream has, so that what recordings of them show is the drivers' own doing.
#pragma once

#include "module-tests/imgu-cells/cell.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace imgu_cells {

struct Choosing {
    std::filesystem::path reference;   ///< the program imgu-staging-reference
    std::filesystem::path differences; ///< the file of expected differences
    std::uint64_t seed{1};
    std::size_t cells{0}; ///< at least; more if all pairs of factors need them
};

struct Chosen {
    std::vector<Cell> cells; ///< those of both pipes first
    std::size_t pairs{0};    ///< of factors' values, that have met
    /// Pairs that did not meet in any candidate, in words: nothing, or the chooser is at fault.
    std::vector<std::string> unmet;
    std::size_t candidates{0};
};

/// Throws std::runtime_error where the module's computations and the other driver's differ
/// otherwise than expected, and what Differ throws.
[[nodiscard]] Chosen choose(const Choosing& choosing);

} // namespace imgu_cells
