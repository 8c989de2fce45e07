// SPDX-License-Identifier: GPL-2.0-or-later
// Whether the statistics for white balance are the RAW frame's.
//
// Source: struct ipu3_uapi_stats_3a and its parts in Linux include/uapi/linux/intel-ipu3.h
// (staging), and what libcamera's IPA reads (src/ipa/ipu3/algorithms/awb.cpp).
#pragma once

#include "lib/base/result.hpp"
#include "lib/frames/raw_image.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace judge {

inline constexpr std::size_t statistics_bytes = 125664;

/// Cells over the scaled frame, as the statistics say themselves.
struct AwbGrid {
    std::size_t width{0}; ///< cells
    std::size_t height{0};
    std::size_t cell_width{0}; ///< pixels of the scaled frame
    std::size_t cell_height{0};
    std::size_t left{0};
    std::size_t top{0};
};

/// Gr, R, B, Gb, 0 to 255.
using AwbMeans = std::array<double, 4>;

struct AwbStatistics {
    AwbGrid grid;
    std::vector<AwbMeans> cells; ///< row by row
};

/// Error: not @p bytes of statistics, or none of white balance.
[[nodiscard]] base::Result<AwbStatistics> read_awb(std::span<const std::byte> bytes);

/// What a cell's means may be.
struct AwbBounds {
    AwbMeans least{};
    AwbMeans most{};
};

/// The same cells from the frame: means of what they cover, of each colour's own samples, less
/// @p black (of 1023). Where the frame is scaled, what a scaled sample consists of is the scaler's
/// affair: it may lie a pixel aside, and bounds are apart where the frame changes within one.
[[nodiscard]] std::vector<AwbBounds> recompute_awb(const frames::RawImage& raw, frames::Size bds,
                                                   const AwbGrid& grid, double black);

struct AwbVerdict {
    std::size_t compared{0}; ///< cells that lie whole within the frame
    std::size_t exactly{0};  ///< of these, with bounds no more than one apart
    std::size_t wrong{0};    ///< of all these, by more than one
    double largest{0};       ///< difference
    std::size_t x{0};        ///< of the cell that has it
    std::size_t y{0};
};
[[nodiscard]] AwbVerdict judge_awb(const AwbStatistics& statistics,
                                   const std::vector<AwbBounds>& expected, frames::Size bds);

} // namespace judge
