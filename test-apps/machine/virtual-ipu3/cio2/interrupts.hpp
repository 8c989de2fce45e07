// SPDX-License-Identifier: GPL-2.0-or-later
// The CIO2's own interrupt registers and the decision when an MSI leaves.
#pragma once

#include "machine/virtual-ipu3/cio2/register_bank.hpp"
#include "machine/virtual-ipu3/cio2/registers.hpp"
#include "machine/virtual-ipu3/cio2/sabotage.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace ipu3::cio2 {

/// INT_STS with its two extensions, and their enables.
///
/// A status bit is latched and stays until software writes a one. An MSI leaves when an enabled bit
/// goes from 0 to 1, when software enables a bit that is set, and when software has cleared some
/// bits but enabled ones remain: so a cause that arrives while the handler runs is never lost. The
/// summary bits for output and input errors have their enables in the extension registers, that of
/// the receivers (IOIRQ) in INT_EN as well.
class Interrupts {
  public:
    /// @p send_msi sends one message.
    Interrupts(std::function<void()> send_msi, Sabotage sabotage);

    /// Software's accesses by BAR offset; nothing / false where these are not the registers meant.
    [[nodiscard]] std::optional<std::uint32_t> read(std::uint64_t offset) const;
    bool write(std::uint64_t offset, std::uint32_t value);
    void reset();

    /// Whether the event's message gets out: a lost one sets its status bit only, and the next
    /// event's message finds both.
    enum class Delivery : std::uint8_t { sent, lost };

    void frame_started(unsigned channel);
    void frame_completed(unsigned channel, Delivery delivery);
    void dma_error(unsigned channel);
    void sram_full(unsigned port);
    void input_error(unsigned port, reg::IntStsExtIe::Error error);
    /// A receiver's interrupt controller has an unmasked cause.
    void receiver(unsigned port);
    /// A message without a cause.
    void spurious() { send_msi_(); }

  private:
    void latch(std::uint32_t causes, Delivery delivery);
    [[nodiscard]] std::uint32_t pending() const;

    std::function<void()> send_msi_;
    Sabotage sabotage_;
    RegisterBank bank_;
    std::uint32_t owed_{0}; ///< causes whose message was lost
};

} // namespace ipu3::cio2
