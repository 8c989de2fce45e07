// SPDX-License-Identifier: GPL-2.0-or-later
// Which commands are done, and when an MSI leaves.
#pragma once

#include "machine/virtual-ipu3/dmatest/registers.hpp"

#include <cstdint>
#include <functional>
#include <utility>

namespace ipu3::dmatest {

/// An MSI is an edge: one leaves for each enabled bit that becomes set, and again after every write
/// that leaves an enabled bit set, so that none is forgotten.
class Interrupts {
  public:
    explicit Interrupts(std::function<void()> message) : message_{std::move(message)} {}

    void set(std::uint32_t bit) {
        status_ |= bit;
        if ((bit & enable_) != 0) {
            message_();
        }
    }
    /// A message without a cause.
    void spurious() { message_(); }

    [[nodiscard]] std::uint32_t status() const { return status_; }
    [[nodiscard]] std::uint32_t enable() const { return enable_; }
    void write_status(std::uint32_t ones) {
        status_ &= ~ones;
        repeat();
    }
    void write_enable(std::uint32_t value) {
        enable_ = value & reg::IntStatus::mask;
        repeat();
    }
    void reset() {
        status_ = 0;
        enable_ = 0;
    }

  private:
    void repeat() {
        if ((status_ & enable_) != 0) {
            message_();
        }
    }

    std::function<void()> message_;
    std::uint32_t status_{0};
    std::uint32_t enable_{0};
};

} // namespace ipu3::dmatest
