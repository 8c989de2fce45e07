// SPDX-License-Identifier: GPL-2.0-or-later
// A sensor's registers and the two-wire protocol that reaches them.
#pragma once

#include "machine/virtual-ipu3/lpss-i2c/i2c_target.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace ipu3::sensors {

/// One register and its value.
struct RegisterValue {
    std::uint16_t address;
    std::uint8_t value;
};

/// 65536 registers of eight bits. A register that nobody wrote reads as its reset value, or 0.
///
/// Two-wire protocol (OmniVision's SCCB, the same as MIPI CCI with 16-bit addresses): the first two
/// bytes of a write are the register's address, high byte first; each further byte is written to
/// it, and the address moves on by one, from 0xffff to 0. A read starts where the address stands,
/// so "write the address, stop, read" and "write the address, repeated start, read" are the same.
/// The address is 0 until it is first set; a write of a single byte leaves it alone. Nothing is
/// ever refused (a NAK comes from an address that nobody has, or from a fault): the sensor of this
/// machine is always powered.
class RegisterFile {
  public:
    /// Called for each write, before it is stored; false keeps the register as it is.
    using WriteFilter = std::function<bool(std::uint16_t address, std::uint8_t value)>;

    RegisterFile();

    /// All registers become 0 but for @p values. The protocol's state is kept.
    void reset(std::span<const RegisterValue> values);

    [[nodiscard]] std::uint8_t get(std::uint16_t address) const { return bytes_[address]; }
    /// Big-endian, as all multi-byte registers here are.
    [[nodiscard]] std::uint16_t get16(std::uint16_t address) const;
    [[nodiscard]] std::uint32_t get24(std::uint16_t address) const;
    void set(std::uint16_t address, std::uint8_t value) { bytes_[address] = value; }
    void set_filter(WriteFilter filter) { filter_ = std::move(filter); }

    void start(i2c::Direction direction);
    void write(std::uint8_t byte);
    [[nodiscard]] std::uint8_t read();
    void stop();

  private:
    std::vector<std::uint8_t> bytes_;
    WriteFilter filter_;
    std::uint16_t address_{0};
    std::optional<std::uint8_t> address_high_; ///< the first byte of a write, until the second
    bool addressed_{false};                    ///< both address bytes of the current write are in
};

} // namespace ipu3::sensors
