// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/v4l2/stop_signal.hpp"

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/signalfd.h>
#include <vector>

namespace ipu3::v4l2 {

base::Result<StopSignal> StopSignal::make() {
    sigset_t set{};
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    if (::sigprocmask(SIG_BLOCK, &set, nullptr) != 0) {
        return base::fail_errno(errno, "cannot block signals");
    }
    base::UniqueFd fd{::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)};
    if (!fd) {
        return base::fail_errno(errno, "signalfd");
    }
    return StopSignal{std::move(fd)};
}

base::Result<Woken> StopSignal::wait(std::span<Watch> watched,
                                     std::chrono::milliseconds timeout) const {
    std::vector<pollfd> fds{{fd_.get(), POLLIN, 0}};
    for (const auto& watch : watched) {
        fds.push_back({watch.fd, watch.events, 0});
    }
    const auto count = ::poll(fds.data(), fds.size(), static_cast<int>(timeout.count()));
    if (count < 0) {
        return base::fail_errno(errno, "poll");
    }
    for (std::size_t i = 0; i < watched.size(); ++i) {
        watched[i].got = fds[i + 1].revents;
    }
    if (fds[0].revents != 0) {
        return Woken::stopped;
    }
    return count == 0 ? Woken::timeout : Woken::ready;
}

} // namespace ipu3::v4l2
