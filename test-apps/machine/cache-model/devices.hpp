// SPDX-License-Identifier: GPL-2.0-or-later
// Which functions of the board can be made non-coherent, by name.
#pragma once

#include "lib/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ipu3::cache {

/// Parses "cio2,dmatest": names of the board's functions that use the bus as masters, separated by
/// commas; "dmatest" is as many of dmatest0, dmatest1 as there are, @p dmatest of them. Each
/// function once, in the order named. Error: a sentence with the possible names, or that there is
/// no DMA test function.
[[nodiscard]] base::Result<std::vector<std::string>> parse_noncoherent(std::string_view text,
                                                                       unsigned dmatest);

} // namespace ipu3::cache
