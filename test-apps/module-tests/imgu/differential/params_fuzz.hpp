// SPDX-License-Identifier: GPL-2.0-or-later
// User space's parameters out of arbitrary bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace differential {

/// An input of the fuzzer: two bytes choose a pipe's sizes (a case's number), the rest are the
/// parameters from their beginning, without the table of shading, which nobody looks at: it is
/// filled with the bytes around it. What is missing is zero.
inline constexpr std::size_t fuzz_header_bytes = 2;
inline constexpr std::uint64_t fuzz_seed =
    0x66757a7a;                                 ///< other cases than those of the comparisons
inline constexpr std::size_t fuzz_lut_at = 844; ///< in the parameters
inline constexpr std::size_t fuzz_lut_bytes =
    std::size_t{28} * 1216; ///< sets of 146 cells and their padding

/// Works one input off: begins a stream, gives it the driver's own set, the input's, and one that
/// changes nothing. Throws std::logic_error for what must not be.
void run_fuzz_input(std::span<const std::uint8_t> input);

} // namespace differential
