// SPDX-License-Identifier: GPL-2.0-or-later
// Registers as types: a register is a struct with its offset, and its fields are named bit ranges.
//
//     struct IntStatus : base::Register<IntStatus, 0x30> {
//         using Bus = Bits<31>;        // one bit
//         using Source = Bits<7, 4>;   // bits 7..4
//     };
//     auto status = IntStatus{}.with<IntStatus::Bus>(1);
//     if (status.get<IntStatus::Bus>() != 0) ...
//
// A field outside of 32 bits, or with its bounds swapped, does not compile; a value that does not
// fit its field is cut to it, as hardware does.
#pragma once

#include <cstdint>

namespace base {

/// Bits @p Hi down to @p Lo of a 32-bit word.
template <unsigned Hi, unsigned Lo = Hi>
struct Bits {
    static_assert(Hi < 32 && Lo <= Hi, "a field lies within 32 bits, high bound first");
    static constexpr unsigned high = Hi;
    static constexpr unsigned low = Lo;
    /// The field's bits in place.
    static constexpr std::uint32_t mask =
        static_cast<std::uint32_t>(((std::uint64_t{1} << (Hi - Lo + 1)) - 1) << Lo);

    /// The field's value out of the word @p raw.
    [[nodiscard]] static constexpr std::uint32_t get(std::uint32_t raw) {
        return (raw & mask) >> Lo;
    }
    /// @p raw with the field replaced by @p value.
    [[nodiscard]] static constexpr std::uint32_t set(std::uint32_t raw, std::uint32_t value) {
        return (raw & ~mask) | ((value << Lo) & mask);
    }
};

/// Base of a 32-bit register's type (CRTP): @p Offset is in bytes from the start of its BAR or
/// block.
template <typename Derived, std::uint64_t Offset>
// NOLINTNEXTLINE(bugprone-crtp-constructor-accessibility): aggregates, made by X{} and X::from()
struct Register {
    static constexpr std::uint64_t offset = Offset;
    std::uint32_t raw{0};

    template <unsigned Hi, unsigned Lo = Hi>
    using Bits = base::Bits<Hi, Lo>;

    [[nodiscard]] static constexpr Derived from(std::uint32_t value) {
        Derived reg{};
        reg.raw = value;
        return reg;
    }
    template <typename Field>
    [[nodiscard]] constexpr std::uint32_t get() const {
        return Field::get(raw);
    }
    template <typename Field>
    [[nodiscard]] constexpr Derived with(std::uint32_t value) const {
        return from(Field::set(raw, value));
    }
};

} // namespace base
