// SPDX-License-Identifier: GPL-2.0-or-later
// Time and timers as the device models see them, so that a test can run them on virtual time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace ipu3::sim {

using Duration = std::chrono::nanoseconds;
/// Time since the device process started.
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

/// A pending call. Destroying it cancels the call; move-only.
class [[nodiscard]] Timer {
  public:
    Timer() = default;
    explicit Timer(std::function<void()> cancel) : cancel_{std::move(cancel)} {}
    Timer(Timer&& other) noexcept : cancel_{std::exchange(other.cancel_, nullptr)} {}
    Timer& operator=(Timer&& other) noexcept {
        if (this != &other) {
            cancel();
            cancel_ = std::exchange(other.cancel_, nullptr);
        }
        return *this;
    }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    ~Timer() { cancel(); }

    /// Forgets the call; without effect once it was made.
    void cancel() noexcept {
        if (auto call = std::exchange(cancel_, nullptr)) {
            call();
        }
    }

  private:
    std::function<void()> cancel_;
};

/// Source of time. Callbacks run on the event loop's thread, never from inside of at().
class Scheduler {
  public:
    Scheduler() = default;
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;
    Scheduler(Scheduler&&) = delete;
    Scheduler& operator=(Scheduler&&) = delete;
    virtual ~Scheduler() = default;

    [[nodiscard]] virtual TimePoint now() const = 0;
    /// Calls @p callback at @p when, or as soon as possible when that is past.
    virtual Timer at(TimePoint when, std::function<void()> callback) = 0;

    Timer after(Duration delay, std::function<void()> callback) {
        return at(now() + delay, std::move(callback));
    }
};

/// A scheduler whose time moves only by advance(): for tests, deterministic and immediate.
class ManualScheduler final : public Scheduler {
  public:
    ManualScheduler();
    ~ManualScheduler() override;
    ManualScheduler(const ManualScheduler&) = delete;
    ManualScheduler& operator=(const ManualScheduler&) = delete;
    ManualScheduler(ManualScheduler&&) = delete;
    ManualScheduler& operator=(ManualScheduler&&) = delete;

    [[nodiscard]] TimePoint now() const override { return now_; }
    Timer at(TimePoint when, std::function<void()> callback) override;

    /// Moves time forward by @p step, making every call that falls due on the way, in order of its
    /// time.
    void advance(Duration step);
    [[nodiscard]] std::size_t pending() const;

  private:
    struct Queue;
    TimePoint now_{};
    std::shared_ptr<Queue> queue_;
};

} // namespace ipu3::sim
