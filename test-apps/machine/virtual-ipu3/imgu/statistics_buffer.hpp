// SPDX-License-Identifier: GPL-2.0-or-later
// Statistics as the driver's user finds them: struct ipu3_uapi_stats_3a.
#pragma once

#include "machine/virtual-ipu3/imgu/acc_param.hpp"
#include "machine/virtual-ipu3/isp/focus.hpp"
#include "machine/virtual-ipu3/isp/statistics.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace ipu3::imgu {

inline constexpr std::size_t statistics_bytes = 125'664;

/// What was counted; nothing for what the pipe's program does not count.
struct Counted {
    std::optional<std::vector<isp::AwbCell>> awb;
    std::optional<std::vector<isp::AfCell>> af;
    isp::Grid awb_grid;
    isp::Grid af_grid;
};

/// All of the structure: cells (8 bytes each, a row of them as long as the next multiple of four),
/// focus (rows without a gap), configuration, and which of them there are. The exposure's histogram
/// is never there: the hardware's firmware does not make it, as intel-ipu3.h says.
[[nodiscard]] std::vector<std::byte>
statistics_buffer(const Counted& counted,
                  const std::array<std::byte, statistics_config_bytes>& config);

} // namespace ipu3::imgu
