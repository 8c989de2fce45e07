// SPDX-License-Identifier: GPL-2.0-or-later
// The wrapper's power state machine, as far as the driver talks to it.
#pragma once

#include "machine/virtual-ipu3/imgu/registers.hpp"

#include <cstdint>
#include <optional>

namespace ipu3::imgu {

/// PM_CTRL, SYSTEM_REQ, STATE, PM_STS and the general purpose registers of power.
///
/// Assumed, for no source describes the hardware's own timing: requests take effect at once, so
/// that START and FORCE_RESET are never seen set.
class Power {
  public:
    /// What a write asks the rest of the function to do.
    enum class Effect : std::uint8_t { none, reset };

    /// @p idle: no frame is being processed; @p halted: the MMU's gate is closed.
    [[nodiscard]] std::optional<std::uint32_t> read(std::uint64_t offset, bool idle,
                                                    bool halted) const;
    /// Nothing where there is none of these registers.
    std::optional<Effect> write(std::uint64_t offset, std::uint32_t value);
    /// MHz, as requested.
    [[nodiscard]] unsigned frequency() const;
    [[nodiscard]] bool powered() const { return powered_; }
    void reset() { *this = Power{}; }

  private:
    bool powered_{false};
    bool halted_{false};
    std::uint32_t control_{0};
    std::uint32_t request_{0};
    std::uint32_t busy_{0};
};

} // namespace ipu3::imgu
