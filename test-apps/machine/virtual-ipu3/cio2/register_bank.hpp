// SPDX-License-Identifier: GPL-2.0-or-later
// The storage behind a block of registers: which exist, which bits software may change, and how.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

namespace ipu3::cio2 {

/// What a write by software does to a register's bits; all others are read-only.
struct RegisterBehaviour {
    std::uint32_t writable{0xffffffff}; ///< take the written value
    std::uint32_t clear_on_one{0};      ///< a written one clears the bit, a zero leaves it
    std::uint32_t reset{0};             ///< power-on value
};

/// 32-bit registers by their offset within a block.
class RegisterBank {
  public:
    void declare(std::uint64_t offset, RegisterBehaviour behaviour = {}) {
        slots_.insert_or_assign(offset, Slot{behaviour, behaviour.reset});
    }
    template <typename Reg>
    void declare(RegisterBehaviour behaviour = {}) {
        declare(Reg::offset, behaviour);
    }

    /// Software's read; nothing where there is no register.
    [[nodiscard]] std::optional<std::uint32_t> read(std::uint64_t offset) const {
        const auto slot = slots_.find(offset);
        return slot == slots_.end() ? std::nullopt : std::optional{slot->second.value};
    }
    /// Software's write; false where there is no register.
    bool write(std::uint64_t offset, std::uint32_t value) {
        const auto found = slots_.find(offset);
        if (found == slots_.end()) {
            return false;
        }
        auto& [behaviour, current] = found->second;
        current = (current & ~behaviour.writable) | (value & behaviour.writable);
        current &= ~(value & behaviour.clear_on_one);
        return true;
    }

    /// The hardware's own view: any bit may change. @p offset must be declared.
    [[nodiscard]] std::uint32_t value(std::uint64_t offset) const {
        return slots_.at(offset).value;
    }
    template <typename Reg>
    [[nodiscard]] Reg get() const {
        return Reg::from(value(Reg::offset));
    }
    template <typename Reg>
    void set(Reg reg) {
        slots_.at(Reg::offset).value = reg.raw;
    }

    /// Every register to its power-on value.
    void reset() {
        for (auto& [offset, slot] : slots_) {
            slot.value = slot.behaviour.reset;
        }
    }

  private:
    struct Slot {
        RegisterBehaviour behaviour;
        std::uint32_t value;
    };
    std::map<std::uint64_t, Slot> slots_;
};

} // namespace ipu3::cio2
