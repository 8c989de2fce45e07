// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sim/asio_worker.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <exception>
#include <mutex>

namespace ipu3::sim {

namespace {

struct Job {
    std::mutex mutex;           ///< covers `work`
    std::function<void()> work; ///< empty: it has begun, or is not wanted any more
    std::function<void()> then; ///< the loop's thread only
    std::exception_ptr error;   ///< the worker's until it has handed the job over

    [[nodiscard]] std::function<void()> take_work() {
        const std::scoped_lock lock{mutex};
        return std::exchange(work, nullptr);
    }
    void do_work() {
        const auto wanted = take_work();
        if (!wanted) {
            return;
        }
        try {
            wanted();
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
    auto job = std::make_shared<Job>();
    job->work = std::move(work);
    job->then = std::move(then);
    const std::weak_ptr weak{job};
    asio::post(*pool_, [job = std::move(job), loop = asio::make_work_guard(loop_)]() mutable {
        job->do_work();
        // The last to hold the job is the loop's thread, as `then` may hold what belongs to it.
        asio::post(loop.get_executor(), [job = std::move(job)] { job->finish(); });
    });
    return Timer{[weak] {
        if (const auto alive = weak.lock()) {
            const auto released = std::exchange(alive->then, nullptr);
            const auto not_begun = alive->take_work();
        }
    }};
}

} // namespace ipu3::sim
