// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sim/asio_scheduler.hpp"

#include <asio/basic_waitable_timer.hpp>
#include <asio/io_context.hpp>

namespace ipu3::sim {

namespace {

/// Bound to the loop itself rather than to asio::any_io_executor: what is known is not looked up.
using LoopTimer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                             asio::wait_traits<std::chrono::steady_clock>,
                                             asio::io_context::executor_type>;

/// One pending call. The loop's handler owns it, so it never outlives the loop that its timer
/// needs.
struct Pending {
    LoopTimer timer;
    std::function<void()> callback;
};

} // namespace

AsioScheduler::AsioScheduler(asio::io_context& loop)
    : loop_{loop}, start_{std::chrono::steady_clock::now()} {}

TimePoint AsioScheduler::now() const {
    return TimePoint{std::chrono::steady_clock::now() - start_};
}

Timer AsioScheduler::at(TimePoint when, std::function<void()> callback) {
    auto pending = std::make_shared<Pending>(
        Pending{LoopTimer{loop_, start_ + when.time_since_epoch()}, std::move(callback)});
    pending->timer.async_wait([pending](const std::error_code& /*cancelled*/) {
        // cancel() cannot take back a handler that is already queued, so the emptied callback
        // decides. It is moved out because it may replace, and so cancel, its own timer while it
        // runs.
        if (const auto call = std::exchange(pending->callback, nullptr)) {
            call();
        }
    });
    return Timer{[weak = std::weak_ptr{pending}] {
        if (const auto alive = weak.lock()) {
            const auto released = std::exchange(alive->callback, nullptr);
            alive->timer.cancel();
        }
    }};
}

} // namespace ipu3::sim
