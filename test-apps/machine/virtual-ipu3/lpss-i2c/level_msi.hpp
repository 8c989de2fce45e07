// SPDX-License-Identifier: GPL-2.0-or-later
// A level-triggered interrupt line carried by an edge-triggered message.
#pragma once

#include "machine/virtual-ipu3/sim/scheduler.hpp"

#include <cstdint>
#include <functional>

namespace ipu3::i2c {

/// Turns the level "some unmasked cause is pending" into as few messages as lose nothing.
///
/// A level is seen again when the handler returns with a cause left; a message is not. So a message
/// goes out when a cause becomes pending that the guest has not yet read in the status register,
/// unless one is already on its way: the handler that it starts will read the new cause as well.
/// Writing the mask makes the guest forget what it read, because that is how a handler leaves a
/// cause for the next call. And a cause that was read and then left alone for `patience` is
/// announced again, as the level would.
class LevelMsi {
  public:
    /// Longer than any handler takes between two register accesses under emulation.
    static constexpr sim::Duration patience{std::chrono::milliseconds{5}};

    /// @p raise sends the message.
    LevelMsi(sim::Scheduler& clock, std::function<void()> raise);

    /// The causes that are pending and unmasked now, one bit each.
    void level(std::uint32_t pending);
    /// The guest read the status register.
    void status_read();
    /// The guest wrote the mask: announce again what is pending. Call level() next.
    void mask_written();
    /// The line drops and nothing is on its way.
    void reset();

  private:
    void announce();
    void watch();

    sim::Scheduler& clock_;
    std::function<void()> raise_;
    std::uint32_t pending_{0};
    std::uint32_t read_{0};  ///< pending causes that the guest has read
    bool on_its_way_{false}; ///< a message was sent and the status register was not read since
    bool watching_{false};
    sim::Timer timer_;
};

} // namespace ipu3::i2c
