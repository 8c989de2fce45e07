// SPDX-License-Identifier: GPL-2.0-or-later
// A device on an I2C bus, byte by byte.
#pragma once

#include <cstdint>

namespace ipu3::i2c {

enum class Direction : std::uint8_t { write, read };

/// Implemented by each sensor; called by the bus controller with the protocol's own events.
class Target {
  public:
    Target() = default;
    Target(const Target&) = delete;
    Target& operator=(const Target&) = delete;
    Target(Target&&) = delete;
    Target& operator=(Target&&) = delete;
    virtual ~Target() = default;

    /// START or repeated START with this target's address. False: no acknowledge.
    [[nodiscard]] virtual bool start(Direction direction) = 0;
    /// A byte from the controller. False: no acknowledge.
    [[nodiscard]] virtual bool write(std::uint8_t byte) = 0;
    /// A byte to the controller.
    [[nodiscard]] virtual std::uint8_t read() = 0;
    virtual void stop() = 0;
};

} // namespace ipu3::i2c
