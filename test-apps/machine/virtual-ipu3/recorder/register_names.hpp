// SPDX-License-Identifier: GPL-2.0-or-later
// What the ImgU's registers and its processors' variables are called.
#pragma once

#include "machine/virtual-ipu3/imgu/firmware.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace ipu3::record {

struct RegisterName {
    std::string name;
    std::string_view leads_to; ///< the kind of block that the value is the address of, or empty
};

/// Of offset @p at in BAR0. Variables are where @p firmware's header says; an offset that is
/// neither a known register nor a variable is named by its number.
[[nodiscard]] RegisterName register_name(std::uint64_t at, const imgu::Firmware& firmware);

} // namespace ipu3::record
