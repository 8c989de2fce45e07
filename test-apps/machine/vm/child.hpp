// SPDX-License-Identifier: GPL-2.0-or-later
// A child process that never outlives the launcher.
#pragma once

#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace ipu3::vm {

/// How a child ended.
struct Ending {
    int code{0}; ///< exit status, or the signal's number
    bool signalled{false};
    /// "exit status 3" or "signal 9 (Killed)".
    [[nodiscard]] std::string describe() const;
    [[nodiscard]] bool success() const { return !signalled && code == 0; }
};

/// One started program. Its destructor kills it if it still runs, and waits for it. The kernel
/// kills it too when this process ends in whatever way, SIGKILL included. It has a session of its
/// own, so that a Ctrl-C of the terminal reaches the launcher only.
class Child {
  public:
    struct Spec {
        std::vector<std::string> arguments{}; ///< the program first, found through PATH
        int input{-1};                        ///< -1: /dev/null
        int output{-1};                       ///< -1: /dev/null
        int error{-1};                        ///< -1: /dev/null
        std::vector<int> inherited{};         ///< further descriptors, under the same numbers
    };

    /// Error: the program cannot be run (a sentence with its name).
    [[nodiscard]] static base::Result<Child> start(const Spec& spec);

    Child(Child&& other) noexcept;
    Child& operator=(Child&& other) noexcept;
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child();

    /// A descriptor that polls readable when the child has ended.
    [[nodiscard]] int poll_fd() const { return pidfd_.get(); }
    [[nodiscard]] pid_t pid() const { return pid_; }
    void signal(int number) const;
    /// How it ended, if it has.
    [[nodiscard]] std::optional<Ending> poll();
    /// Waits for the end.
    [[nodiscard]] Ending wait();

  private:
    Child(pid_t pid, base::UniqueFd pidfd) : pid_{pid}, pidfd_{std::move(pidfd)} {}
    void stop() noexcept;
    [[nodiscard]] std::optional<Ending> collect(int flags) noexcept;

    pid_t pid_{-1};
    base::UniqueFd pidfd_;
    std::optional<Ending> ending_;
};

} // namespace ipu3::vm
