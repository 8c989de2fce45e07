// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/isp/statistics.hpp"

#include "machine/virtual-ipu3/isp/cells.hpp"

#include <array>
#include <cstddef>

namespace ipu3::isp {

namespace {

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

} // namespace ipu3::isp
