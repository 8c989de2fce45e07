// SPDX-License-Identifier: GPL-2.0-or-later
// The wires of one I2C bus: which target has which address, and one transaction at a time on them.
#pragma once

#include "machine/virtual-ipu3/lpss-i2c/i2c_target.hpp"
#include "machine/virtual-ipu3/sim/fault_plan.hpp"
#include "machine/virtual-ipu3/sim/trace.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace ipu3::i2c {

/// Carries bytes between a controller and the targets, counts transfers, and lets faults strike.
///
/// A transfer begins with a START and ends with a STOP; repeated STARTs belong to it. The bus is
/// infinitely fast: each call returns when the bits would have been on the wire.
class Bus {
  public:
    /// @p name is the device's name in the trace.
    Bus(std::string name, sim::Trace& trace, sim::FaultPlan& faults);

    /// Puts @p target, which must outlive the last call to this bus, on the bus. @p csi_port is
    /// what a fault spec's port is compared with. Throws std::invalid_argument for an address that
    /// is not 7 bits, is reserved (0x00..0x07, 0x78..0x7f) or is taken.
    void connect(std::uint8_t address, Target& target, unsigned csi_port);

    /// START, or repeated START within a transfer. False: nobody acknowledged; the controller must
    /// stop().
    [[nodiscard]] bool start(std::uint8_t address, Direction direction);
    /// One byte to the addressed target. False: no acknowledge.
    [[nodiscard]] bool write(std::uint8_t byte);
    /// One byte from the addressed target; all ones (nobody pulls SDA low) when there is none.
    [[nodiscard]] std::uint8_t read();
    /// STOP; without effect outside of a transfer.
    void stop();
    /// The controller lost its state: the target sees a STOP, the trace an abandoned transfer.
    void abandon();

    [[nodiscard]] bool busy() const { return busy_; }
    [[nodiscard]] std::uint64_t transfers() const { return transfers_; }

  private:
    struct Seat {
        Target* target{nullptr};
        unsigned csi_port{0};
    };
    void finish(const char* event);

    std::string name_;
    sim::Trace& trace_;
    sim::FaultPlan& faults_;
    std::array<Seat, 128> seats_{};
    Target* selected_{nullptr}; ///< acknowledged its address in this transfer
    bool busy_{false};
    std::uint8_t address_{0};
    std::uint64_t transfers_{0}; ///< begun so far
    std::uint64_t written_{0};
    std::uint64_t read_{0};
    bool acknowledged_{true};
    bool struck_{false}; ///< the running transfer is one that an i2c_nak fault spoils
};

} // namespace ipu3::i2c
