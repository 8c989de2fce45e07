// SPDX-License-Identifier: GPL-2.0-or-later
// One frame's work, apart from memory and time: from the sensor's bytes to pictures and statistics.
#pragma once

#include "machine/virtual-ipu3/imgu/acc_param.hpp"
#include "machine/virtual-ipu3/imgu/sabotage.hpp"
#include "machine/virtual-ipu3/isp/parameters.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace ipu3::imgu {

/// What is wanted of a frame, and everything that it is made of.
struct Order {
    isp::Parameters parameters;
    std::array<std::byte, statistics_config_bytes> statistics_config{};
    /// The rows of the frame one after the other, each from its first word on; row_bytes() each.
    std::vector<std::byte> packed;
    bool wants_output{false};
    bool wants_viewfinder{false};
    bool wants_statistics{false};
    bool counts_awb{false};
    bool counts_af{false};
    Sabotage sabotage{Sabotage::none};
};

/// As they are laid out in the driver's buffers; nothing for what was not wanted or has no
/// parameters.
struct Processed {
    std::optional<std::vector<std::byte>> output;
    std::optional<std::vector<std::byte>> viewfinder;
    std::optional<std::vector<std::byte>> statistics;
};

/// Bytes of a row of the frame in memory that are needed.
[[nodiscard]] std::size_t row_bytes(const isp::Parameters& parameters);

/// Throws std::out_of_range when @p order has fewer bytes than its rows need.
[[nodiscard]] Processed process(const Order& order);

} // namespace ipu3::imgu
