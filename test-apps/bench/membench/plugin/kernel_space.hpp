// SPDX-License-Identifier: GPL-2.0-or-later
// Where the guest's kernel and its modules have their code, piece by piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace ipu3::membench {

/// The kernel's and its modules' mappings end the address space (Linux,
/// Documentation/arch/x86/x86_64/mm.rst: from -2 GB on).
inline constexpr std::uint64_t kernel_space_start = 0xffffffff80000000;
/// Functions begin at multiples of 16 (CONFIG_FUNCTION_ALIGNMENT_16B): no two share a piece, but
/// for what compilers put aside as cold.
inline constexpr std::uint64_t code_piece_bytes = 16;

/// Gives pieces of kernel code numbers, in the order in which they are first seen: a table of all
/// that there may be would have some hundred million entries. Thread-safe.
class CodePieces {
  public:
    explicit CodePieces(std::size_t most) : most_{most} {}

    /// The number of the piece that @p address is in, below the most that there may be; nothing
    /// for an address that is not the kernel's. Throws std::length_error if there are no more.
    [[nodiscard]] std::optional<std::size_t> number(std::uint64_t address);
    /// As above, of a piece that has been seen; nothing for any other.
    [[nodiscard]] std::optional<std::size_t> find(std::uint64_t address) const;

  private:
    std::size_t most_;
    mutable std::mutex mutex_; ///< of numbers_
    std::unordered_map<std::uint64_t, std::size_t> numbers_;
};

} // namespace ipu3::membench
