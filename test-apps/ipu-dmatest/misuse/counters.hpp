// SPDX-License-Identifier: GPL-2.0-or-later
// What the backend says that it holds.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace ipu3::dmatest::misuse {

inline constexpr std::string_view first_function = "0000:00:06.0";
inline constexpr std::string_view second_function = "0000:00:07.0";

struct Counters {
    std::int64_t buffers{0};
    std::int64_t bytes{0};
    std::int64_t mapped_pages{0};
    std::int64_t table_pages{0};

    bool operator==(const Counters&) const = default;
    [[nodiscard]] std::string text() const;
};

/// Those of one PCI function, from debugfs.
[[nodiscard]] base::Result<Counters> read_counters(std::string_view function);
/// Those of both functions together; a function without a driver holds nothing that can be seen.
[[nodiscard]] Counters all_counters();
/// Kilobytes of /proc/meminfo's MemFree.
[[nodiscard]] base::Result<std::int64_t> free_memory();

} // namespace ipu3::dmatest::misuse
