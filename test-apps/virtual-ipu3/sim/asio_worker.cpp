// SPDX-License-Identifier: GPL-2.0-or-later
#include "virtual-ipu3/sim/asio_worker.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <exception>

namespace ipu3::sim {

namespace {

/// The worker's thread touches `work` and `error` only, the loop's thread touches `then` from the
/// start and `error` once the worker has handed it over.
struct Job {
    std::function<void()> work;
    std::function<void()> then;
    std::exception_ptr error;

    void do_work() {
        try {
            work();
        } catch (...) {
            error = std::current_exception();
        }
    }
    void finish() {
        const auto call = std::exchange(then, nullptr);
        if (!call) {
            return;
        }
        if (error) {
            std::rethrow_exception(error);
        }
        call();
    }
};

} // namespace

AsioWorker::AsioWorker(asio::io_context& loop)
    : loop_{loop}, pool_{std::make_unique<asio::thread_pool>(1)} {}

AsioWorker::~AsioWorker() = default;

Timer AsioWorker::run(std::function<void()> work, std::function<void()> then) {
    auto job = std::make_shared<Job>(Job{std::move(work), std::move(then), {}});
    const std::weak_ptr weak{job};
    asio::post(*pool_, [job = std::move(job), loop = asio::make_work_guard(loop_)]() mutable {
        job->do_work();
        // The last to hold the job is the loop's thread, as `then` may hold what belongs to it.
        asio::post(loop.get_executor(), [job = std::move(job)] { job->finish(); });
    });
    return Timer{[weak] {
        if (const auto alive = weak.lock()) {
            const auto released = std::exchange(alive->then, nullptr);
        }
    }};
}

} // namespace ipu3::sim
