// SPDX-License-Identifier: GPL-2.0-or-later
// The process that the packaged driver's code runs in.
#pragma once

#include "lib/base/unique_fd.hpp"
#include "reference.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <sys/types.h>

namespace differential {

/// Starts `imgu-staging-reference`, and starts it anew when a case has killed it. Not for several
/// threads.
class Child {
  public:
    enum class End : std::uint8_t {
        done,
        crashed, ///< by a signal; `exchange().sets_done` tells how far it came
        hung,    ///< ran for longer than anybody waits, and was killed
    };

    /// @p patience: of a case, which takes less than a millisecond: a busy host is no loop.
    /// Throws std::system_error if memory cannot be had.
    explicit Child(std::filesystem::path program,
                   std::chrono::milliseconds patience = std::chrono::seconds{20});
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    Child(Child&&) = delete;
    Child& operator=(Child&&) = delete;
    ~Child();

    /// What is asked, and after wait() what is answered.
    [[nodiscard]] reference_exchange& exchange() noexcept { return *exchange_; }
    /// Begins on the case that exchange() holds. Throws std::system_error.
    void start();
    /// Until it is done. Throws std::system_error.
    [[nodiscard]] End wait();
    End run() {
        start();
        return wait();
    }

    /// Whether it is anybody's fault: signals that ended a case, so far.
    [[nodiscard]] std::uint64_t crashes() const noexcept { return crashes_; }

  private:
    void spawn();
    void reap() noexcept;

    std::filesystem::path program_;
    std::chrono::milliseconds patience_;
    base::UniqueFd memory_;
    reference_exchange* exchange_{nullptr};
    base::UniqueFd socket_;
    pid_t pid_{-1};
    std::uint64_t crashes_{0};
};

} // namespace differential
