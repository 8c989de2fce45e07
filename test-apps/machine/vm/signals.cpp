// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/signals.hpp"

#include <cerrno>
#include <csignal>
#include <sys/signalfd.h>

namespace ipu3::vm {

base::Result<base::UniqueFd> take_signals() {
    sigset_t taken{};
    sigemptyset(&taken);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH}) {
        sigaddset(&taken, signal);
    }
    if (::sigprocmask(SIG_BLOCK, &taken, nullptr) != 0 ||
        std::signal(SIGPIPE, SIG_IGN) == SIG_ERR) {
        return base::fail_errno(errno, "cannot set up signal handling");
    }
    base::UniqueFd fd{::signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK)};
    if (!fd) {
        return base::fail_errno(errno, "cannot set up signal handling");
    }
    return fd;
}

} // namespace ipu3::vm
