// SPDX-License-Identifier: GPL-2.0-or-later
// Which physical pages a process's memory is.
#pragma once

#include "lib/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ipu3::v4l2 {

/// Pages that follow each other in memory as they do in the process.
struct PageRun {
    std::optional<std::uint64_t>
        address; ///< of the first one, in bytes; none: there is no page yet
    std::uint64_t pages{0};
    friend bool operator==(const PageRun&, const PageRun&) = default;
};

inline constexpr std::uint64_t page_bytes = 4096;

/// Words of /proc/PID/pagemap, one a page, as runs. Bit 63: there is a page; bits 0 to 54: its
/// number (the kernel's Documentation/admin-guide/mm/pagemap.rst). Error: the kernel keeps the
/// numbers to itself, which it does from everybody without CAP_SYS_ADMIN.
[[nodiscard]] base::Result<std::vector<PageRun>> page_runs(std::span<const std::uint64_t> entries);

/// The pages of @p memory of this process, which begins at the start of a page. They are those of
/// this moment: pages that nothing pins may be elsewhere later. Error: that of page_runs(), or the
/// system call's.
[[nodiscard]] base::Result<std::vector<PageRun>>
physical_pages(std::span<const std::uint8_t> memory);

} // namespace ipu3::v4l2
