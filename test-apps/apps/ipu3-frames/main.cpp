// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-frames/ipu3_frames.hpp"

#include <csignal>
#include <exception>
#include <iostream>
#include <unistd.h>

namespace {

// A signal handler can reach nothing but a global.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): the same reason
volatile std::sig_atomic_t stop_requested = 0;

void request_stop(int /*signal*/) {
    stop_requested = 1;
}

void catch_signals() {
    struct sigaction action{};
    action.sa_handler = request_stop; // without SA_RESTART: a read that waits returns
    for (const int signal : {SIGINT, SIGTERM}) {
        (void)::sigaction(signal, &action, nullptr);
    }
}

} // namespace

int main(int argc, char** argv) {
    try {
        catch_signals();
        const int status = frames::ipu3_frames(
            {argv + std::min(argc, 1), argv + argc},
            {std::cout, std::cerr, ::isatty(STDERR_FILENO) == 1, stop_requested});
        std::cout.flush();
        if (!std::cout) {
            std::cerr << "ipu3-frames: cannot write the result\n";
            return frames::exit_status::usage;
        }
        return status;
    } catch (const std::exception& error) {
        std::cerr << "ipu3-frames: " << error.what() << '\n';
        return frames::exit_status::usage;
    }
}
