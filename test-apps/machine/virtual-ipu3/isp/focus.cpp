// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/isp/focus.hpp"

#include "machine/virtual-ipu3/isp/cells.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>

namespace ipu3::isp {

namespace {

constexpr unsigned rate_bits = 5;
constexpr std::size_t reach_x = AfFilter::columns / 2;
constexpr std::size_t reach_y = AfFilter::rows / 2;

/// One number a quad, with a margin as wide as the filters reach.
class Quads {
  public:
    Quads(const BayerFrame& frame, const BayerValues& rates)
        : size_{frame.size().width / 2, frame.size().height / 2},
          stride_{size_.width + 2 * reach_x}, values_(stride_ * (size_.height + 2 * reach_y)) {
        for (std::size_t y = 0; y < size_.height; ++y) {
            const auto upper = frame.row(2 * y);
            const auto lower = frame.row(2 * y + 1);
            auto to = row(y + reach_y);
            for (std::size_t x = 0; x < size_.width; ++x) {
                to[x + reach_x] = (upper[2 * x] * rates.gr + upper[2 * x + 1] * rates.r +
                                   lower[2 * x] * rates.b + lower[2 * x + 1] * rates.gb) >>
                                  rate_bits;
            }
            std::ranges::fill(to.first(reach_x), to[reach_x]);
            std::ranges::fill(to.last(reach_x), to[stride_ - reach_x - 1]);
        }
        for (std::size_t y = 0; y < reach_y; ++y) {
            std::ranges::copy(row(reach_y), row(y).begin());
            std::ranges::copy(row(size_.height + reach_y - 1),
                              row(size_.height + reach_y + y).begin());
        }
    }

    [[nodiscard]] Size size() const { return size_; }
    /// Row @p y of all, the margin's included.
    [[nodiscard]] std::span<const std::int32_t> row(std::size_t y) const {
        return std::span{values_}.subspan(y * stride_, stride_);
    }

  private:
    [[nodiscard]] std::span<std::int32_t> row(std::size_t y) {
        return std::span{values_}.subspan(y * stride_, stride_);
    }

    Size size_;
    std::size_t stride_;
    std::vector<std::int32_t> values_;
};

/// What @p filter answers at each quad, row by row.
std::vector<std::int32_t> answers(const Quads& quads, const AfFilter& filter) {
    const std::size_t width = quads.size().width;
    std::vector<std::int32_t> all(width * quads.size().height);
    for (std::size_t y = 0; y < quads.size().height; ++y) {
        const auto to = std::span{all}.subspan(y * width, width);
        for (std::size_t down = 0; down < AfFilter::rows; ++down) {
            const auto from = quads.row(y + down);
            for (std::size_t right = 0; right < AfFilter::columns; ++right) {
                const auto tap = filter.taps.at(down).at(right);
                if (tap == 0) {
                    continue;
                }
                for (std::size_t x = 0; x < width; ++x) {
                    to[x] += tap * from[x + right];
                }
            }
        }
        for (auto& value : to) {
            value = (value < 0 ? -value : value) >> filter.shift;
        }
    }
    return all;
}

} // namespace

std::vector<AfCell> count_af(const BayerFrame& frame, const Grid& grid, const AfFilters& filters) {
    std::vector<AfCell> cells(std::size_t{grid.width} * grid.height);
    const Quads quads{frame, filters.rates};
    if (quads.size().width == 0 || quads.size().height == 0) {
        return cells;
    }
    const auto coarse = answers(quads, filters.coarse);
    const auto fine = answers(quads, filters.fine);
    for_each_cell(frame.size(), grid, [&](std::size_t number, const Area& area) {
        const auto mean = [&](const std::vector<std::int32_t>& of) {
            std::uint64_t sum = 0;
            std::uint64_t count = 0;
            for (auto y = area.top / 2; y < area.bottom / 2; ++y) {
                for (auto x = area.left / 2; x < area.right / 2; ++x) {
                    sum += static_cast<std::uint64_t>(of[y * quads.size().width + x]);
                    ++count;
                }
            }
            return static_cast<std::uint16_t>(std::min<std::uint64_t>(
                count == 0 ? 0 : sum / count, std::numeric_limits<std::uint16_t>::max()));
        };
        cells[number] = {.coarse = mean(coarse), .fine = mean(fine)};
    });
    return cells;
}

} // namespace ipu3::isp
