// SPDX-License-Identifier: GPL-2.0-or-later
// The scheduler of the running machine: steady clock and timers of an Asio event loop.
#pragma once

#include "machine/virtual-ipu3/sim/scheduler.hpp"

namespace asio {
class io_context; // NOLINT(readability-identifier-naming): Asio's name
} // namespace asio

namespace ipu3::sim {

/// Time starts at 0 when the scheduler is made. Not thread-safe: used from the loop's thread only.
/// A pending call keeps the loop running; destroying its Timer lets the loop end.
class AsioScheduler final : public Scheduler {
  public:
    /// @p loop must outlive the scheduler; timers may outlive both.
    explicit AsioScheduler(asio::io_context& loop);

    [[nodiscard]] TimePoint now() const override;
    Timer at(TimePoint when, std::function<void()> callback) override;

  private:
    asio::io_context& loop_;
    std::chrono::steady_clock::time_point start_;
};

} // namespace ipu3::sim
