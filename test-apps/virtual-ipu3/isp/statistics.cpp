// SPDX-License-Identifier: GPL-2.0-or-later
#include "virtual-ipu3/isp/statistics.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

namespace ipu3::isp {

namespace {

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

constexpr std::size_t colours = 4; // Gr, R, B, Gb

constexpr std::size_t colour_of(std::size_t x, std::size_t y) {
    return y % 2 * 2 + x % 2;
}

} // namespace

std::vector<AwbCell> count_awb(const BayerFrame& frame, const Grid& grid,
                               const BayerValues& threshold, bool include_saturated) {
    std::vector<AwbCell> cells(std::size_t{grid.width} * grid.height);
    const std::array<std::uint16_t, colours> limits{threshold.gr, threshold.r, threshold.b,
                                                    threshold.gb};
    for_each_cell(frame.size(), grid, [&](std::size_t number, const Area& area) {
        std::array<std::uint64_t, colours> sums{};
        std::array<std::uint64_t, colours> counts{};
        std::uint64_t saturated = 0;
        std::uint64_t all = 0;
        for (auto y = area.top; y < area.bottom; ++y) {
            const auto row = frame.row(y);
            for (auto x = area.left; x < area.right; ++x) {
                const auto colour = colour_of(x, y);
                const bool above = row[x] > limits.at(colour);
                saturated += above ? 1U : 0U;
                ++all;
                if (!above || include_saturated) {
                    sums.at(colour) += row[x];
                    ++counts.at(colour);
                }
            }
        }
        const auto mean = [&](std::size_t colour) {
            const auto count = counts.at(colour);
            return static_cast<std::uint8_t>(
                count == 0 ? 0 : (sums.at(colour) / count) >> (sample_bits - 8));
        };
        cells[number] = {.gr = mean(0),
                         .r = mean(1),
                         .b = mean(2),
                         .gb = mean(3),
                         .saturated =
                             static_cast<std::uint8_t>(all == 0 ? 0 : saturated * 255 / all)};
    });
    return cells;
}

std::vector<AfCell> count_af(const BayerFrame& frame, const Grid& grid) {
    std::vector<AfCell> cells(std::size_t{grid.width} * grid.height);
    constexpr std::size_t near = 2; // the next sample of the same colour
    constexpr std::size_t far = 8;
    for_each_cell(frame.size(), grid, [&](std::size_t number, const Area& area) {
        std::uint64_t fine = 0;
        std::uint64_t coarse = 0;
        std::uint64_t count = 0;
        for (auto y = area.top; y < area.bottom; ++y) {
            const auto row = frame.row(y);
            for (auto x = area.left; x + far < area.right; ++x) {
                const auto difference = [&](std::size_t distance) {
                    const auto here = std::int64_t{row[x]};
                    const auto there = std::int64_t{row[x + distance]};
                    return static_cast<std::uint64_t>(here > there ? here - there : there - here);
                };
                fine += difference(near);
                coarse += difference(far);
                ++count;
            }
        }
        const auto mean = [&](std::uint64_t sum) {
            return static_cast<std::uint16_t>(std::min<std::uint64_t>(
                count == 0 ? 0 : sum / count, std::numeric_limits<std::uint16_t>::max()));
        };
        cells[number] = {.coarse = mean(coarse), .fine = mean(fine)};
    });
    return cells;
}

} // namespace ipu3::isp
