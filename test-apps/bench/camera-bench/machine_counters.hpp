// SPDX-License-Identifier: GPL-2.0-or-later
// What ipu3-count-plugin.so counts of the processor that this program runs on.
#pragma once

#include "lib/base/result.hpp"

#include <cstdint>

namespace ipu3::camera_bench {

/// Instructions carried out, those of interrupt handlers left out.
[[nodiscard]] std::uint64_t instructions();
/// Instructions carried out, all of them: the kernel's and other programs', too.
[[nodiscard]] std::uint64_t all_instructions();
/// Of these, those in the page of the kernel's code that has @p address.
[[nodiscard]] std::uint64_t instructions_in_page(std::uint64_t address);
/// Of these, those in the code_piece_bytes of the kernel's code that @p address is in.
[[nodiscard]] std::uint64_t instructions_in_piece(std::uint64_t address);
/// As the plugin has them: membench/plugin/kernel_space.hpp.
inline constexpr std::uint64_t code_piece_bytes = 16;

/// Tries the counters on what can be counted by hand. Error: nobody counts, or counts wrong.
[[nodiscard]] base::Result<void> check_counters();

} // namespace ipu3::camera_bench
