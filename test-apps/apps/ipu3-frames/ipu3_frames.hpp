// SPDX-License-Identifier: GPL-2.0-or-later
// The program `ipu3-frames`, apart from its main(), so that tests can call it.
#pragma once

#include <csignal>
#include <ostream>
#include <string>
#include <vector>

namespace frames {

namespace exit_status {
inline constexpr int clean = 0;
inline constexpr int fault_found = 1;
inline constexpr int usage = 2;
inline constexpr int interrupted = 130;
} // namespace exit_status

/// What the program's surroundings give it.
struct Surroundings {
    std::ostream& out;
    std::ostream& err;
    bool show_progress{false};              ///< err is a terminal
    const volatile std::sig_atomic_t& stop; ///< set by a signal: end after the frame at hand
};

/// Runs the program with @p arguments (without its own name) and returns its exit status.
[[nodiscard]] int ipu3_frames(std::vector<std::string> arguments, const Surroundings& surroundings);

} // namespace frames
