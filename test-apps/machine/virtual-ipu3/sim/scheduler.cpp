// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sim/scheduler.hpp"

#include <algorithm>

namespace ipu3::sim {

struct ManualScheduler::Queue {
    /// Due time, then order of the at() calls.
    using Key = std::pair<TimePoint, std::uint64_t>;
    std::map<Key, std::function<void()>> calls;
    std::uint64_t next{0};
};

ManualScheduler::ManualScheduler() : queue_{std::make_shared<Queue>()} {}

ManualScheduler::~ManualScheduler() = default;

Timer ManualScheduler::at(TimePoint when, std::function<void()> callback) {
    // A call in the past is due now: it must not run before one that has been waiting for this
    // instant.
    const Queue::Key key{std::max(when, now_), queue_->next++};
    queue_->calls.emplace(key, std::move(callback));
    // The timer may outlive the scheduler, so it does not own the queue.
    return Timer{[queue = std::weak_ptr{queue_}, key] {
        if (const auto alive = queue.lock()) {
            // Destroying the callback may cancel other timers, so it leaves the map first.
            const auto node = alive->calls.extract(key);
        }
    }};
}

void ManualScheduler::advance(Duration step) {
    const TimePoint until = now_ + std::max(step, Duration::zero());
    while (!queue_->calls.empty() && queue_->calls.begin()->first.first <= until) {
        auto node = queue_->calls.extract(queue_->calls.begin());
        now_ = std::max(now_, node.key().first);
        node.mapped()();
    }
    now_ = std::max(now_, until);
}

std::size_t ManualScheduler::pending() const {
    return queue_->calls.size();
}

} // namespace ipu3::sim
