// SPDX-License-Identifier: GPL-2.0-or-later
// The DesignWare I2C core in master mode: register file, FIFOs and the transactions that they
// describe.
#pragma once

#include "machine/virtual-ipu3/lpss-i2c/bus.hpp"
#include "machine/virtual-ipu3/lpss-i2c/dw_registers.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>

namespace ipu3::i2c {

/// One core on one bus. Commands are carried out as they are written, so the transmit FIFO holds
/// something only while the receive FIFO is full and IC_CON says to wait for room.
///
/// The core was built with "empty FIFO holds the master": without a STOP command, a transfer stays
/// open with SCL low until the next command, an abort or a disable. There is no slave mode and no
/// DMA handshake.
class DwCore {
  public:
    explicit DwCore(Bus& bus);

    /// The register at @p offset, with its side effects; nothing when there is no such register.
    [[nodiscard]] std::optional<std::uint32_t> read(std::uint64_t offset);
    /// Writes the register at @p offset; false when there is no such register. Read-only registers
    /// and those that may change only while the core is disabled keep their value.
    [[nodiscard]] bool write(std::uint64_t offset, std::uint32_t value);

    /// Power-on state. A transfer that was running is abandoned.
    void reset();

    /// What INTR_STAT shows: the causes that are pending and not masked.
    [[nodiscard]] std::uint32_t pending() const { return raw_interrupts().raw & registers_.mask; }

  private:
    /// Everything that a reset clears and that is not a FIFO.
    struct Registers {
        dw::Con con = dw::Con::from(dw::Con::power_on);
        dw::Target target = dw::Target::from(dw::Target::power_on);
        std::uint32_t slave_address{dw::SlaveAddress::power_on};
        std::uint32_t high_speed_code{dw::HighSpeedCode::power_on};
        /// SCL counts in order of their registers: SS, FS, HS; high and low.
        std::array<std::uint32_t, 6> counts{dw::SsHigh::power_on, dw::SsLow::power_on,
                                            dw::FsHigh::power_on, dw::FsLow::power_on,
                                            dw::HsHigh::power_on, dw::HsLow::power_on};
        dw::Interrupts latched; ///< causes that stay until they are read away
        std::uint32_t mask{dw::IntrMask::power_on};
        std::uint32_t rx_threshold{0};
        std::uint32_t tx_threshold{0};
        bool enabled{false};
        std::uint32_t sda_hold{dw::SdaHold::power_on};
        dw::AbortSource abort_source;
        std::uint32_t sda_setup{dw::SdaSetup::power_on};
        std::uint32_t ack_general_call{dw::AckGeneralCall::power_on};
        std::uint32_t fs_spike{dw::FsSpikeLength::power_on};
        std::uint32_t hs_spike{dw::HsSpikeLength::power_on};
    };

    [[nodiscard]] dw::Interrupts raw_interrupts() const;
    [[nodiscard]] dw::Status status() const;
    [[nodiscard]] bool stalled() const;

    template <typename Field>
    void latch() {
        registers_.latched = registers_.latched.with<Field>(1);
    }
    template <typename Field>
    std::uint32_t clear();
    std::uint32_t clear_all();
    template <typename Field>
    void abort();

    [[nodiscard]] std::uint32_t pop_received();
    void push_command(dw::DataCmd command);
    void run();
    void execute(dw::DataCmd command);
    [[nodiscard]] bool begin(Direction direction);
    void stop();
    void write_enable(dw::Enable value);
    [[nodiscard]] bool write_while_disabled(std::uint64_t offset, std::uint32_t value);

    Bus& bus_;
    Registers registers_;
    std::deque<dw::DataCmd> commands_;  ///< transmit FIFO
    std::deque<std::uint8_t> received_; ///< receive FIFO
    Direction direction_{Direction::write};
};

} // namespace ipu3::i2c
