// SPDX-License-Identifier: GPL-2.0-or-later
// The user's terminal while a shell runs in the guest.
#pragma once

#include "lib/base/result.hpp"
#include "machine/vm/agent_protocol.hpp"

#include <string_view>
#include <termios.h>

namespace ipu3::vm {

/// Switches a terminal to raw mode, so that every key goes to the guest, and back when it goes.
class RawTerminal {
  public:
    [[nodiscard]] static base::Result<RawTerminal> enter(int fd);

    RawTerminal(RawTerminal&& other) noexcept;
    RawTerminal& operator=(RawTerminal&&) = delete;
    RawTerminal(const RawTerminal&) = delete;
    RawTerminal& operator=(const RawTerminal&) = delete;
    ~RawTerminal();

  private:
    RawTerminal(int fd, const termios& before) : fd_{fd}, before_{before} {}
    int fd_;
    termios before_;
};

/// Size of the terminal @p fd; 24 x 80 when it has none.
[[nodiscard]] agent::WindowSize window_size(int fd);

/// Finds the keys that end a machine whose shell does not answer: Ctrl-] three times in a row.
class EscapeKeys {
  public:
    static constexpr char key = '\x1d';
    static constexpr unsigned times = 3;
    /// Whether @p input completes the sequence.
    [[nodiscard]] bool completed_by(std::string_view input);

  private:
    unsigned seen_{0};
};

} // namespace ipu3::vm
