// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/output.hpp"

#include "lib/base/retry.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace ipu3::capture {

namespace {

using v4l2::Woken;

constexpr mode_t file_mode = 0666; // less the umask
constexpr std::chrono::milliseconds without_end{-1};
constexpr int patience_ms = 1000;

} // namespace

Output::Output(base::UniqueFd file, int fd, std::string name, const StopSignal& stop)
    : file_{std::move(file)}, fd_{fd}, name_{std::move(name)}, stop_{&stop} {
    struct stat status{};
    regular_ = ::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode);
}

base::Result<Output> Output::create(const std::string& path, const StopSignal& stop) {
    if (path == "-") {
        return standard(STDOUT_FILENO, stop);
    }
    base::UniqueFd file{base::retry(
        [&] { return ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, file_mode); })};
    if (!file) {
        return base::fail_errno(errno, "cannot write {}", path);
    }
    const int fd = file.get();
    return Output{std::move(file), fd, path, stop};
}

Output Output::standard(int fd, const StopSignal& stop) {
    return Output{{}, fd, fd == STDOUT_FILENO ? "standard output" : "standard error", stop};
}

base::Result<void> Output::wait_for_reader() const {
    std::array watched{StopSignal::Watch{.fd = fd_, .events = POLLOUT}};
    const auto woken = stop_->wait(watched, without_end);
    if (!woken) {
        return tl::unexpected{woken.error()};
    }
    if (*woken != Woken::stopped || watched[0].got != 0) {
        return {};
    }
    // Stopped in the middle: a reader that reads gets the rest.
    pollfd poll{.fd = fd_, .events = POLLOUT, .revents = 0};
    const auto ready = base::retry([&] { return ::poll(&poll, 1, patience_ms); });
    if (ready == 0) {
        return base::fail("stopped, and whoever reads {} does not take the rest", name_);
    }
    return {};
}

base::Result<void> Output::write_all(std::span<const std::byte> bytes) const {
    while (!bytes.empty()) {
        // A pipe that is ready takes that much without a wait.
        const auto piece =
            regular_ ? bytes : bytes.first(std::min<std::size_t>(bytes.size(), PIPE_BUF));
        if (!regular_) {
            if (auto ready = wait_for_reader(); !ready) {
                return ready;
            }
        }
        const auto wrote = base::retry([&] { return ::write(fd_, piece.data(), piece.size()); });
        if (wrote < 0 && errno == EAGAIN) {
            continue; // somebody else's end of a pipe that does not block
        }
        if (wrote < 0) {
            return base::fail_errno(errno, "cannot write to {}", name_);
        }
        bytes = bytes.subspan(static_cast<std::size_t>(wrote));
    }
    return {};
}

base::Result<void> Output::write(std::span<const std::byte> bytes) {
    auto written = write_all(bytes);
    if (written) {
        whole_ += bytes.size();
    } else if (regular_ && file_) {
        (void)::ftruncate(fd_, static_cast<off_t>(whole_)); // the write's error is told already
    }
    return written;
}

base::Result<void> Output::close() {
    // Not base::retry: the descriptor is gone whatever close() answers.
    if (file_ && ::close(file_.release()) != 0) {
        return base::fail_errno(errno, "cannot finish {}", name_);
    }
    return {};
}

} // namespace ipu3::capture
