// SPDX-License-Identifier: GPL-2.0-or-later
// The x86 instructions that manage caches: which one it is, and which line it names.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace ipu3::cache {

enum class CacheOperation : std::uint8_t {
    flush_line, ///< clflush, clflushopt: written back and dropped
    clean_line, ///< clwb: written back and kept
    flush_all,  ///< wbinvd
    clean_all,  ///< wbnoinvd
    discard_all ///< invd: dropped without being written back
};

enum class Segment : std::uint8_t { flat, fs, gs };

/// A memory operand in 64-bit mode (Intel SDM volume 2, chapter 2): the address is the sum of its
/// parts.
struct MemoryOperand {
    std::optional<std::uint8_t> base;  ///< register number as encoded, 0 (RAX) to 15
    std::optional<std::uint8_t> index; ///< likewise
    std::uint8_t scale{0};             ///< the index is shifted left by this
    std::int32_t displacement{0};      ///< bytes
    bool relative{false};              ///< to the next instruction
    bool address32{false};             ///< only 32 bits of the sum count (address-size prefix)
    Segment segment{Segment::flat};
};

struct CacheInstruction {
    CacheOperation operation{};
    MemoryOperand operand{}; ///< of flush_line and clean_line
};

/// The whole instruction @p bytes, none when it is another one or not of exactly this length. The
/// code is taken for 64-bit code.
[[nodiscard]] std::optional<CacheInstruction> decode(std::span<const std::uint8_t> bytes);

/// General registers in the order of their encoding.
enum class Register : std::uint8_t { rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8 };
inline constexpr std::size_t register_count = 16;

struct RegisterValues {
    std::array<std::uint64_t, register_count> general{};
    std::uint64_t fs_base{};
    std::uint64_t gs_base{};
};

/// The virtual address that @p operand names. @p next is the next instruction's address.
[[nodiscard]] std::uint64_t effective_address(const MemoryOperand& operand,
                                              const RegisterValues& registers, std::uint64_t next);

} // namespace ipu3::cache
