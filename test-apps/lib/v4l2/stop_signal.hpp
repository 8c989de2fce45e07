// SPDX-License-Identifier: GPL-2.0-or-later
// SIGINT and SIGTERM as something that can be waited for beside everything else.
#pragma once

#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"

#include <chrono>
#include <cstdint>
#include <span>

namespace ipu3::v4l2 {

/// What a wait ended with.
enum class Woken : std::uint8_t { ready, timeout, stopped };

class StopSignal {
  public:
    /// Blocks the two signals for this process.
    [[nodiscard]] static base::Result<StopSignal> make();

    /// One descriptor to wait for and what for (POLLIN, POLLOUT); `got` is what came.
    struct Watch {
        int fd{-1};
        short events{0};
        short got{0};
    };
    /// Waits until one of @p watched is ready. A signal wins, and stays.
    [[nodiscard]] base::Result<Woken> wait(std::span<Watch> watched,
                                           std::chrono::milliseconds timeout) const;

  private:
    explicit StopSignal(base::UniqueFd fd) : fd_{std::move(fd)} {}
    base::UniqueFd fd_;
};

} // namespace ipu3::v4l2
