// SPDX-License-Identifier: GPL-2.0-or-later
// Cells of a statistics grid.
#pragma once

#include "machine/virtual-ipu3/isp/parameters.hpp"

#include <algorithm>
#include <cstddef>

namespace ipu3::isp {

/// Pixels.
struct Area {
    std::size_t left;
    std::size_t right; ///< behind the last column
    std::size_t top;
    std::size_t bottom;
};

/// Calls @p visit(cell's number, its area within the frame).
template <typename Visit>
void for_each_cell(Size size, const Grid& grid, Visit visit) {
    const auto bounded = [](std::size_t value, std::uint32_t limit) {
        return std::min<std::size_t>(value, limit);
    };
    for (std::size_t y = 0; y < grid.height; ++y) {
        for (std::size_t x = 0; x < grid.width; ++x) {
            const auto left = grid.x_start + (x << grid.block_width_log2);
            const auto top = grid.y_start + (y << grid.block_height_log2);
            visit(
                y * grid.width + x,
                Area{.left = bounded(left, size.width),
                     .right = bounded(left + (std::size_t{1} << grid.block_width_log2), size.width),
                     .top = bounded(top, size.height),
                     .bottom =
                         bounded(top + (std::size_t{1} << grid.block_height_log2), size.height)});
        }
    }
}

} // namespace ipu3::isp
