// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-judge/awb.hpp"

#include "apps/ipu3-judge/planes.hpp"
#include "lib/frames/bayer.hpp"

#include <algorithm>
#include <cmath>

namespace judge {

namespace {

constexpr std::size_t grid_at = 0x1e688;
constexpr std::size_t enabled_at = 0x1ea60;
constexpr std::size_t cell_bytes = 8;
constexpr std::size_t row_cells = 4; // rows are whole multiples of it

unsigned byte(std::span<const std::byte> bytes, std::size_t at) {
    return std::to_integer<unsigned>(bytes[at]);
}

unsigned half(std::span<const std::byte> bytes, std::size_t at) {
    return byte(bytes, at) | byte(bytes, at + 1) << 8U;
}

/// Which of a cell's four numbers a sample counts for.
std::size_t number_of(frames::BayerOrder order, unsigned x, unsigned y) {
    switch (frames::bayer_channel(order, x, y)) {
    case frames::Channel::red:
        return 1;
    case frames::Channel::blue:
        return 2;
    case frames::Channel::green:
        break;
    }
    // A green one in a row with red ones is Gr.
    return frames::bayer_channel(order, x + 1, y) == frames::Channel::red ? 0 : 3;
}

/// Borders of a part of the frame, pixels.
struct Part {
    double left;
    double top;
    double right;
    double bottom;
};

/// Of each colour's samples, those at the borders by their share; eight bits.
AwbMeans mean_samples(const frames::RawImage& raw, const Part& part, double black) {
    const auto share = [](unsigned at, double from, double to) {
        return std::max(0.0, std::min(to, at + 1.0) - std::max(from, static_cast<double>(at)));
    };
    AwbMeans sums{};
    AwbMeans weights{};
    const auto end_y = std::min<double>(raw.size.height, std::ceil(part.bottom));
    const auto end_x = std::min<double>(raw.size.width, std::ceil(part.right));
    for (auto y = static_cast<unsigned>(std::max(part.top, 0.0)); y < end_y; ++y) {
        const auto line = raw.line(y);
        for (auto x = static_cast<unsigned>(std::max(part.left, 0.0)); x < end_x; ++x) {
            const auto weight = share(x, part.left, part.right) * share(y, part.top, part.bottom);
            const auto number = number_of(raw.order, x, y);
            sums.at(number) += weight * std::max(0.0, line[x] - black);
            weights.at(number) += weight;
        }
    }
    for (std::size_t number = 0; number < sums.size(); ++number) {
        sums.at(number) = weights.at(number) == 0 ? 0 : sums.at(number) / weights.at(number) / 4;
    }
    return sums;
}

} // namespace

base::Result<AwbStatistics> read_awb(std::span<const std::byte> bytes) {
    if (bytes.size() < statistics_bytes) {
        return base::fail("{} bytes are not {} of statistics", bytes.size(), statistics_bytes);
    }
    if (byte(bytes, enabled_at) == 0) {
        return base::fail("the statistics hold none of white balance");
    }
    const auto log2 = half(bytes, grid_at + 2);
    AwbStatistics made{.grid = {.width = byte(bytes, grid_at),
                                .height = byte(bytes, grid_at + 1),
                                .cell_width = std::size_t{1} << (log2 & 7U),
                                .cell_height = std::size_t{1} << (log2 >> 3U & 7U),
                                .left = half(bytes, grid_at + 4) & 0xfffU,
                                .top = half(bytes, grid_at + 6) & 0xfffU},
                       .cells = {}};
    const auto row = (made.grid.width + row_cells - 1) / row_cells * row_cells;
    if (made.grid.width == 0 || made.grid.height == 0 ||
        cell_bytes * row * made.grid.height > grid_at) {
        return base::fail("a grid of {}x{} cells", made.grid.width, made.grid.height);
    }
    for (std::size_t y = 0; y < made.grid.height; ++y) {
        for (std::size_t x = 0; x < made.grid.width; ++x) {
            const auto at = cell_bytes * (y * row + x);
            AwbMeans means{};
            for (std::size_t number = 0; number < means.size(); ++number) {
                means.at(number) = byte(bytes, at + number);
            }
            made.cells.push_back(means);
        }
    }
    return made;
}

std::vector<AwbBounds> recompute_awb(const frames::RawImage& raw, frames::Size bds,
                                     const AwbGrid& grid, double black) {
    const auto scale_x = static_cast<double>(raw.size.width) / bds.width;
    const auto scale_y = static_cast<double>(raw.size.height) / bds.height;
    const auto first = origin(raw.order);
    const auto means = [&](std::size_t row, std::size_t column, double aside_x, double aside_y) {
        const auto left = static_cast<double>(grid.left + column * grid.cell_width) + aside_x;
        const auto top = static_cast<double>(grid.top + row * grid.cell_height) + aside_y;
        return mean_samples(
            raw,
            {.left = first.x + left * scale_x,
             .top = first.y + top * scale_y,
             .right = first.x + (left + static_cast<double>(grid.cell_width)) * scale_x,
             .bottom = first.y + (top + static_cast<double>(grid.cell_height)) * scale_y},
            black);
    };
    const bool scaled = bds != raw.size;
    std::vector<AwbBounds> cells;
    for (std::size_t row = 0; row < grid.height; ++row) {
        for (std::size_t column = 0; column < grid.width; ++column) {
            const auto here = means(row, column, 0, 0);
            AwbBounds bounds{.least = here, .most = here};
            for (int way = 0; scaled && way < 8; ++way) {
                constexpr std::array<double, 8> x{-1, 0, 1, -1, 1, -1, 0, 1};
                constexpr std::array<double, 8> y{-1, -1, -1, 0, 0, 1, 1, 1};
                const auto aside = means(row, column, x.at(static_cast<std::size_t>(way)),
                                         y.at(static_cast<std::size_t>(way)));
                for (std::size_t number = 0; number < here.size(); ++number) {
                    bounds.least.at(number) = std::min(bounds.least.at(number), aside.at(number));
                    bounds.most.at(number) = std::max(bounds.most.at(number), aside.at(number));
                }
            }
            cells.push_back(bounds);
        }
    }
    return cells;
}

AwbVerdict judge_awb(const AwbStatistics& statistics, const std::vector<AwbBounds>& expected,
                     frames::Size bds) {
    AwbVerdict verdict;
    const auto& grid = statistics.grid;
    for (std::size_t cell = 0; cell < statistics.cells.size(); ++cell) {
        const auto x = cell % grid.width;
        const auto y = cell / grid.width;
        if (grid.left + (x + 1) * grid.cell_width > bds.width ||
            grid.top + (y + 1) * grid.cell_height > bds.height) {
            continue;
        }
        double difference = 0;
        double apart = 0;
        for (std::size_t number = 0; number < statistics.cells[cell].size(); ++number) {
            // The statistics are cut to whole numbers: what lies between is no difference.
            const auto low = statistics.cells[cell].at(number);
            const auto least = expected[cell].least.at(number);
            const auto most = expected[cell].most.at(number);
            difference = std::max({difference, low - most, least - (low + 1)});
            apart = std::max(apart, most - least);
        }
        ++verdict.compared;
        verdict.exactly += apart <= 1 ? 1 : 0;
        verdict.wrong += difference > 1 ? 1 : 0;
        if (difference > verdict.largest) {
            verdict.largest = difference;
            verdict.x = x;
            verdict.y = y;
        }
    }
    return verdict;
}

} // namespace judge
