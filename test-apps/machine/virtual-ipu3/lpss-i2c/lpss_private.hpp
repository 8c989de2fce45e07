// SPDX-License-Identifier: GPL-2.0-or-later
// The private register block of an LPSS function: reset, latency tolerance, remapping,
// capabilities.
#pragma once

#include "machine/virtual-ipu3/lpss-i2c/lpss_registers.hpp"

#include <array>
#include <cstdint>

namespace ipu3::i2c {

/// Offsets are from BAR 0, within [lpss::private_offset, + lpss::private_size), and aligned to 4
/// bytes. A word without a register reads 0 and drops writes: the driver sweeps the whole block at
/// each suspend.
class LpssPrivate {
  public:
    /// @p index is the number of this controller in the platform, from 0.
    explicit LpssPrivate(unsigned index) : index_{index} {}

    [[nodiscard]] std::uint32_t read(std::uint64_t offset) const;
    void write(std::uint64_t offset, std::uint32_t value);
    void reset() { registers_ = Registers{}; }

    /// Whether the I2C core is out of reset.
    [[nodiscard]] bool function_runs() const {
        return registers_.resets.get<lpss::Resets::Function>() == lpss::Resets::Function::mask;
    }

  private:
    struct Registers {
        lpss::Resets resets; ///< power-on: everything is held in reset
        std::uint32_t active_ltr{lpss::ActiveLtr::power_on};
        std::uint32_t idle_ltr{lpss::IdleLtr::power_on};
        std::array<std::uint32_t, lpss::Scratch::words> scratch{};
        std::uint32_t clock_gate{0};
        std::uint32_t remap_low{0};
        std::uint32_t remap_high{0};
        lpss::DevIdle dev_idle = lpss::DevIdle{}.with<lpss::DevIdle::RestoreRequired>(1);
    };

    unsigned index_;
    Registers registers_;
};

} // namespace ipu3::i2c
