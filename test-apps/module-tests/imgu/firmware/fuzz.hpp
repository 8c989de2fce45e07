// SPDX-License-Identifier: GPL-2.0-or-later
// What libFuzzer calls with bytes that it makes up, and a test with those that are kept.
#pragma once

#include <cstddef>
#include <cstdint>

namespace firmware {

/// The first byte is even: the rest is a firmware file; odd: the rest changes words of the
/// stand-in, each two bytes that say which and four that say to what.
void fuzz_file(const std::uint8_t* data, std::size_t size);

/// Up to 64 steps, and behind them the memory that rings are in. A step is odd to go on by an
/// entry, or even and twice the index that the processor says.
void fuzz_rings(const std::uint8_t* data, std::size_t size);

} // namespace firmware
