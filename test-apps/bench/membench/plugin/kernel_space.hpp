// SPDX-License-Identifier: GPL-2.0-or-later
// Where the guest's kernel and its modules have their code, page by page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace ipu3::membench {

/// The kernel's and its modules' mappings end the address space (Linux,
/// Documentation/arch/x86/x86_64/mm.rst: from -2 GB on).
inline constexpr std::uint64_t kernel_space_start = 0xffffffff80000000;
inline constexpr unsigned code_page_shift = 12;
inline constexpr std::size_t code_pages =
    ((~std::uint64_t{0} - kernel_space_start) >> code_page_shift) + 1;

/// Which page @p address is in; none for one that is not the kernel's.
[[nodiscard]] constexpr std::optional<std::size_t> code_page(std::uint64_t address) {
    if (address < kernel_space_start) {
        return std::nullopt;
    }
    return (address - kernel_space_start) >> code_page_shift;
}

} // namespace ipu3::membench
