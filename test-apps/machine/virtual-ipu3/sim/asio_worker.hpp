// SPDX-License-Identifier: GPL-2.0-or-later
// The worker of the running machine: a thread beside an Asio event loop.
#pragma once

#include "machine/virtual-ipu3/sim/worker.hpp"

#include <memory>

namespace asio {
class io_context;  // NOLINT(readability-identifier-naming): Asio's name
class thread_pool; // NOLINT(readability-identifier-naming): Asio's name
} // namespace asio

namespace ipu3::sim {

/// A job that is not done keeps the loop running. Destroying the worker waits for the job that has
/// begun, and forgets the others.
class AsioWorker final : public Worker {
  public:
    /// @p loop must outlive the worker.
    explicit AsioWorker(asio::io_context& loop);
    ~AsioWorker() override;
    AsioWorker(const AsioWorker&) = delete;
    AsioWorker& operator=(const AsioWorker&) = delete;
    AsioWorker(AsioWorker&&) = delete;
    AsioWorker& operator=(AsioWorker&&) = delete;

    Timer run(std::function<void()> work, std::function<void()> then) override;

  private:
    asio::io_context& loop_;
    std::unique_ptr<asio::thread_pool> pool_;
};

} // namespace ipu3::sim
