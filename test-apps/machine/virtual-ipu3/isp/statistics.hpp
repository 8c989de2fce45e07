// SPDX-License-Identifier: GPL-2.0-or-later
// What the image processor counts for exposure and white balance.
#pragma once

#include "machine/virtual-ipu3/isp/bayer_frame.hpp"
#include "machine/virtual-ipu3/isp/parameters.hpp"

#include <cstdint>
#include <vector>

namespace ipu3::isp {

/// A cell of the white balance's grid: struct ipu3_uapi_awb_set_item. Means of eight bits.
struct AwbCell {
    std::uint8_t gr{0};
    std::uint8_t r{0};
    std::uint8_t b{0};
    std::uint8_t gb{0};
    std::uint8_t saturated{0}; ///< share of samples above their threshold, of 255
};

/// Row by row, grid.width each. A cell that lies beyond the frame, in part or whole, counts what is
/// there. Means round down. Samples above their threshold are in the means if @p include_saturated.
[[nodiscard]] std::vector<AwbCell> count_awb(const BayerFrame& frame, const Grid& grid,
                                             const BayerValues& threshold, bool include_saturated);

} // namespace ipu3::isp
