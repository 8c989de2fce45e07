// SPDX-License-Identifier: GPL-2.0-or-later
// What the backend says that it holds.
#pragma once

#include "lib/base/result.hpp"
#include "module-tests/misuse/backend_counters.hpp"

#include <cstdint>
#include <string_view>

namespace ipu3::dmatest::misuse {

inline constexpr std::string_view first_function = "0000:00:06.0";
inline constexpr std::string_view second_function = "0000:00:07.0";

using Counters = v4l2::BackendCounters;

/// Those of one PCI function, from debugfs.
[[nodiscard]] base::Result<Counters> read_counters(std::string_view function);
/// Those of both functions together; a function without a driver holds nothing that can be seen.
[[nodiscard]] Counters all_counters();
/// Kilobytes of /proc/meminfo's MemFree.
[[nodiscard]] base::Result<std::int64_t> free_memory();

} // namespace ipu3::dmatest::misuse
