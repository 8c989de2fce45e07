// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/cache-model/instruction.hpp"

#include <bit>

namespace ipu3::cache {
namespace {

/// What stands before the opcode.
struct Prefixes {
    bool operand_size{false}; ///< 66
    bool repeat{false};       ///< F3
    bool repeat_not{false};   ///< F2
    bool lock{false};         ///< F0
    bool address32{false};    ///< 67
    Segment segment{Segment::flat};
    std::uint8_t rex{0};
};

class Reader {
  public:
    explicit Reader(std::span<const std::uint8_t> bytes) : bytes_{bytes} {}

    [[nodiscard]] bool empty() const { return bytes_.empty(); }
    [[nodiscard]] std::uint8_t peek() const { return bytes_.empty() ? 0 : bytes_.front(); }
    /// Zero beyond the end, which failed() then tells.
    std::uint8_t next() {
        if (bytes_.empty()) {
            failed_ = true;
            return 0;
        }
        const auto byte = bytes_.front();
        bytes_ = bytes_.subspan(1);
        return byte;
    }
    std::int32_t next32() {
        std::uint32_t number = 0;
        for (unsigned i = 0; i < 4; ++i) {
            number |= std::uint32_t{next()} << (8 * i);
        }
        return static_cast<std::int32_t>(number);
    }
    [[nodiscard]] bool failed() const { return failed_; }

  private:
    std::span<const std::uint8_t> bytes_;
    bool failed_{false};
};

/// Takes @p byte if it is a prefix. In 64-bit code CS, DS, ES and SS overrides mean nothing.
bool take_prefix(std::uint8_t byte, Prefixes& prefixes) {
    switch (byte) {
    case 0x66:
        prefixes.operand_size = true;
        return true;
    case 0x67:
        prefixes.address32 = true;
        return true;
    case 0xf2:
        prefixes.repeat_not = true;
        return true;
    case 0xf3:
        prefixes.repeat = true;
        return true;
    case 0xf0:
        prefixes.lock = true;
        return true;
    case 0x64:
        prefixes.segment = Segment::fs;
        return true;
    case 0x65:
        prefixes.segment = Segment::gs;
        return true;
    case 0x26:
    case 0x2e:
    case 0x36:
    case 0x3e:
        return true;
    default:
        return false;
    }
}

Prefixes read_prefixes(Reader& reader) {
    Prefixes prefixes;
    while (take_prefix(reader.peek(), prefixes)) {
        (void)reader.next();
    }
    // REX counts only as the last byte before the opcode.
    if ((reader.peek() & 0xf0U) == 0x40) {
        prefixes.rex = reader.next();
    }
    return prefixes;
}

std::uint8_t register_number(unsigned low, unsigned rex_bit) {
    return static_cast<std::uint8_t>(low | (rex_bit << 3U));
}

/// ModRM (without mod 3), SIB and displacement.
MemoryOperand read_operand(Reader& reader, std::uint8_t modrm, const Prefixes& prefixes) {
    const unsigned mod = modrm >> 6U;
    const unsigned rm = modrm & 7U;
    const unsigned rex_b = prefixes.rex & 1U;
    const unsigned rex_x = (prefixes.rex >> 1U) & 1U;
    MemoryOperand operand{
        .base = {}, .index = {}, .address32 = prefixes.address32, .segment = prefixes.segment};
    bool long_displacement = mod == 2;
    if (rm == 4) {
        const auto sib = reader.next();
        const unsigned base = sib & 7U;
        const auto index = register_number((sib >> 3U) & 7U, rex_x);
        operand.scale = static_cast<std::uint8_t>(sib >> 6U);
        // Number 4, RSP, means none; R12 is an index.
        if (index != 4) {
            operand.index = index;
        }
        if (mod == 0 && base == 5) {
            long_displacement = true;
        } else {
            operand.base = register_number(base, rex_b);
        }
    } else if (mod == 0 && rm == 5) {
        operand.relative = true;
        long_displacement = true;
    } else {
        operand.base = register_number(rm, rex_b);
    }
    if (long_displacement) {
        operand.displacement = reader.next32();
    } else if (mod == 1) {
        operand.displacement = std::int32_t{std::bit_cast<std::int8_t>(reader.next())};
    }
    return operand;
}

/// 0F AE with a memory operand: the operation by ModRM's register field and the prefixes.
std::optional<CacheOperation> group15(unsigned field, const Prefixes& prefixes) {
    if (prefixes.repeat || prefixes.repeat_not || prefixes.lock) {
        return std::nullopt; // clrssbsy and undefined ones
    }
    if (field == 7) {
        return CacheOperation::flush_line; // with 66: clflushopt
    }
    if (field == 6 && prefixes.operand_size) {
        return CacheOperation::clean_line; // without 66: xsaveopt
    }
    return std::nullopt;
}

} // namespace

std::optional<CacheInstruction> decode(std::span<const std::uint8_t> bytes) {
    Reader reader{bytes};
    const auto prefixes = read_prefixes(reader);
    if (reader.next() != 0x0f) {
        return std::nullopt;
    }
    CacheInstruction instruction;
    switch (reader.next()) {
    case 0x08:
        instruction.operation = CacheOperation::discard_all;
        break;
    case 0x09:
        instruction.operation =
            prefixes.repeat ? CacheOperation::clean_all : CacheOperation::flush_all;
        break;
    case 0xae: {
        const auto modrm = reader.next();
        const auto operation = group15((modrm >> 3U) & 7U, prefixes);
        if (!operation || (modrm >> 6U) == 3) {
            return std::nullopt; // with a register: fences
        }
        instruction.operation = *operation;
        instruction.operand = read_operand(reader, modrm, prefixes);
        break;
    }
    default:
        return std::nullopt;
    }
    if (reader.failed() || !reader.empty()) {
        return std::nullopt;
    }
    return instruction;
}

std::uint64_t effective_address(const MemoryOperand& operand, const RegisterValues& registers,
                                std::uint64_t next) {
    // Modulo 2^64, as the processor adds.
    auto sum = static_cast<std::uint64_t>(static_cast<std::int64_t>(operand.displacement));
    if (operand.relative) {
        sum += next;
    }
    if (operand.base) {
        sum += registers.general.at(*operand.base);
    }
    if (operand.index) {
        sum += registers.general.at(*operand.index) << operand.scale;
    }
    if (operand.address32) {
        sum &= 0xffffffff;
    }
    switch (operand.segment) {
    case Segment::fs:
        return sum + registers.fs_base;
    case Segment::gs:
        return sum + registers.gs_base;
    case Segment::flat:
        break;
    }
    return sum;
}

} // namespace ipu3::cache
