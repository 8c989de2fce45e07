// SPDX-License-Identifier: GPL-2.0-or-later
// Which functions of the board can be made non-coherent, by name.
#pragma once

#include "lib/base/result.hpp"
#include "machine/cache-model/function_spec.hpp"

#include <string_view>
#include <vector>

namespace ipu3::cache {

/// Parses "cio2,dmatest": names of the board's functions that use the bus as masters, separated by
/// commas; "dmatest" is as many of dmatest0, dmatest1 as there are, @p dmatest of them. Behind the
/// name of one that has an MMU may stand ":tables", its reads of page tables alone, or ":buffers",
/// all but these. Each function once, in the order named, with all that was said of it. Error: a
/// sentence with what is possible, or that there is no DMA test function, or no MMU.
[[nodiscard]] base::Result<std::vector<FunctionSpec>> parse_noncoherent(std::string_view text,
                                                                        unsigned dmatest);

} // namespace ipu3::cache
