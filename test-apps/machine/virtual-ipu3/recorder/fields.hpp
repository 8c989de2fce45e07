// SPDX-License-Identifier: GPL-2.0-or-later
// What the bytes of a block are called, and which of its words are addresses.
#pragma once

#include "machine/virtual-ipu3/recorder/recording.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ipu3::record {

/// A member of a structure, or an array of such.
struct Field {
    std::uint32_t at;      ///< bytes
    std::uint32_t element; ///< bytes of one
    std::string_view name;
};

/// In the order of their offsets; each reaches to the next. Empty for a block of which nothing is
/// known, such as a program.
[[nodiscard]] std::span<const Field> fields(std::string_view kind);
[[nodiscard]] std::span<const Field> acc_param_fields();

/// A piece of a block that has a name: "bnr.wb_gains[1]", or the whole block's rest without one.
struct Place {
    std::string name;
    std::uint32_t at{0};    ///< bytes
    std::uint32_t bytes{0}; ///< of the element
};
/// The place that byte @p at of @p block lies in.
[[nodiscard]] Place place(const Block& block, std::uint32_t at);

} // namespace ipu3::record
