// SPDX-License-Identifier: GPL-2.0-or-later
// For tests: a worker that does nothing before it is told to.
#pragma once

#include "machine/virtual-ipu3/sim/worker.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <utility>

namespace ipu3::sim {

class LazyWorker final : public Worker {
  public:
    Timer run(std::function<void()> work, std::function<void()> then) override {
        jobs_.push_back(std::make_shared<Job>(Job{std::move(work), std::move(then)}));
        return Timer{[weak = std::weak_ptr{jobs_.back()}] {
            if (const auto job = weak.lock()) {
                const auto released = std::exchange(job->then, nullptr);
            }
        }};
    }
    [[nodiscard]] std::size_t waiting() const { return jobs_.size(); }
    /// Does the oldest job, as if it had begun before it was forgotten.
    void work() {
        const auto job = std::move(jobs_.front());
        jobs_.pop_front();
        job->work();
        if (const auto then = std::exchange(job->then, nullptr)) {
            then();
        }
    }

  private:
    struct Job {
        std::function<void()> work;
        std::function<void()> then;
    };
    std::deque<std::shared_ptr<Job>> jobs_;
};

} // namespace ipu3::sim
