// SPDX-License-Identifier: GPL-2.0-or-later
// The ImgU's interrupt controllers, and the decision when an MSI leaves.
#pragma once

#include "machine/virtual-ipu3/imgu/registers.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

namespace ipu3::imgu {

/// INT_STATUS of the wrapper, and the controllers of the whole, of SP0 and of SP1.
///
/// A cause sets its bit in the controllers where it is enabled; where the main one's mask lets it
/// pass, it sets the wrapper's bit, too, and an MSI leaves if that bit was clear. Assumed: the
/// wrapper sees pulses. What is cleared there while a controller still has its bit stays clear
/// until the next cause.
class Interrupts {
  public:
    explicit Interrupts(std::function<void()> send_msi) : send_msi_{std::move(send_msi)} {}

    [[nodiscard]] std::optional<std::uint32_t> read(std::uint64_t offset) const;
    bool write(std::uint64_t offset, std::uint32_t value);
    void reset();

    /// SP0's program has pulled one of its pins: bit of its own controller and of the main one.
    void software_pin(unsigned number);

  private:
    struct Controller {
        std::uint32_t edge{0};
        std::uint32_t mask{0};
        std::uint32_t status{0};
        std::uint32_t enable{0};
        std::uint32_t edge_not_pulse{0};
        std::uint32_t str_out_enable{0};
    };
    std::function<void()> send_msi_;
    std::array<Controller, reg::irq::controllers> controllers_{};
    std::uint32_t enable_{0};
    bool status_{false};
};

} // namespace ipu3::imgu
