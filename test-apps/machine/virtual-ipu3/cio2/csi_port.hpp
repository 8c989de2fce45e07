// SPDX-License-Identifier: GPL-2.0-or-later
// One CSI-2 port: D-PHY and receiver, MIPI back end, interrupt controller.
#pragma once

#include "machine/virtual-ipu3/cio2/csi2.hpp"
#include "machine/virtual-ipu3/cio2/interrupts.hpp"
#include "machine/virtual-ipu3/cio2/register_bank.hpp"
#include "machine/virtual-ipu3/cio2/registers.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <tl/expected.hpp>

namespace ipu3::cio2 {

/// Decides whether a packet is received and which stream it belongs to. All traffic is on virtual
/// channel 0.
class CsiPort {
  public:
    CsiPort(unsigned number, Interrupts& interrupts);

    /// Software's accesses, offsets within the port's 1 KiB; nothing / false where there is no
    /// register.
    [[nodiscard]] std::optional<std::uint32_t> read(std::uint64_t offset) const;
    bool write(std::uint64_t offset, std::uint32_t value);
    void reset();

    [[nodiscard]] bool enabled() const;
    [[nodiscard]] unsigned lanes() const;

    /// A frame-start packet arrives: its stream ID, or why it is not received.
    [[nodiscard]] tl::expected<unsigned, std::string_view> frame_start();
    /// Long packets of type @p type arrive: their stream ID, or why they go no further.
    [[nodiscard]] tl::expected<unsigned, std::string_view> payload(DataType type);

    /// Latches @p error in the interrupt controller, if software enabled it there.
    void error(reg::port::ReceiverError error);

  private:
    [[nodiscard]] tl::expected<void, std::string_view> receiving() const;
    [[nodiscard]] bool settled() const;
    [[nodiscard]] std::optional<unsigned> lookup(std::optional<DataType> type) const;
    void signal();

    unsigned number_;
    Interrupts& interrupts_;
    RegisterBank bank_;
};

} // namespace ipu3::cio2
