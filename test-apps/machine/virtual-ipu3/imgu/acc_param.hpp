// SPDX-License-Identifier: GPL-2.0-or-later
// The block of parameters that the driver makes for each frame, as the image processor wants them.
//
// Source: struct imgu_abi_acc_param and its parts in Linux ipu3-abi.h; what the driver puts there:
// ipu3-css-params.c.
#pragma once

#include "lib/base/result.hpp"
#include "machine/virtual-ipu3/isp/parameters.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ipu3::imgu {

inline constexpr std::size_t acc_param_bytes = 285'120;
/// Of the table of black levels only the first entry is looked at: the driver makes all of them the
/// same.
inline constexpr std::size_t obgrid_bytes = 8;

/// Error: what of it no frame could be made with. @p acc has acc_param_bytes bytes, @p obgrid
/// obgrid_bytes.
[[nodiscard]] base::Result<isp::Parameters> decode_parameters(std::span<const std::byte> acc,
                                                              std::span<const std::byte> obgrid);

/// The configuration of statistics that goes back with them: struct ipu3_uapi_4a_config.
inline constexpr std::size_t statistics_config_bytes = 0xc0;
[[nodiscard]] std::array<std::byte, statistics_config_bytes>
statistics_config(std::span<const std::byte> acc);

} // namespace ipu3::imgu
