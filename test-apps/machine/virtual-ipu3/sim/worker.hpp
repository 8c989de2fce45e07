// SPDX-License-Identifier: GPL-2.0-or-later
// Where long computations go, so that the event loop stays free for the other devices.
#pragma once

#include "machine/virtual-ipu3/sim/scheduler.hpp"

#include <functional>
#include <utility>

namespace ipu3::sim {

/// Runs jobs one after the other. Used from the event loop's thread.
class Worker {
  public:
    Worker() = default;
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    Worker(Worker&&) = delete;
    Worker& operator=(Worker&&) = delete;
    virtual ~Worker() = default;

    /// Calls @p work, possibly on another thread, and afterwards @p then on the event loop's, never
    /// from inside of run(). Both share nothing but what they own. What @p work throws is thrown on
    /// the event loop's thread in place of @p then. Destroying the Timer forgets @p then, and @p
    /// work with all that it holds unless it has begun.
    virtual Timer run(std::function<void()> work, std::function<void()> then) = 0;
};

/// Works at once, on the caller's thread: for tests, whose time is virtual.
class InlineWorker final : public Worker {
  public:
    /// @p clock outlives the worker.
    explicit InlineWorker(Scheduler& clock) : clock_{clock} {}

    Timer run(std::function<void()> work, std::function<void()> then) override {
        work();
        return clock_.at(clock_.now(), std::move(then));
    }

  private:
    Scheduler& clock_;
};

} // namespace ipu3::sim
