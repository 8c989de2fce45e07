// SPDX-License-Identifier: GPL-2.0-or-later
// What the image processor counts for focus.
#pragma once

#include "machine/virtual-ipu3/isp/bayer_frame.hpp"
#include "machine/virtual-ipu3/isp/parameters.hpp"

#include <cstdint>
#include <vector>

namespace ipu3::isp {

/// A cell of the focus grid: struct ipu3_uapi_af_raw_buffer's y_table, means of what the two
/// filters answer, whatever its sign.
struct AfCell {
    std::uint16_t coarse{0};
    std::uint16_t fine{0};
};

/// Brightness of each quad of samples, through both filters. Beyond the frame its border goes on.
///
/// Facts: struct ipu3_uapi_af_filter_config. That a cell's value is the mean, and that the filters
/// work on quads, is assumed; software compares cells of one grid only.
[[nodiscard]] std::vector<AfCell> count_af(const BayerFrame& frame, const Grid& grid,
                                           const AfFilters& filters);

} // namespace ipu3::isp
