// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/helper_program.hpp"

#include "machine/vm/child.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <string_view>
#include <sys/mman.h>

namespace ipu3::vm {
namespace {

std::string contents(int fd) {
    std::string text(static_cast<std::size_t>(std::max<off_t>(::lseek(fd, 0, SEEK_END), 0)), '\0');
    std::size_t done = 0;
    while (done < text.size()) {
        const auto count =
            ::pread(fd, text.data() + done, text.size() - done, static_cast<off_t>(done));
        if (count <= 0) {
            break; // memory gives all at once; what it does not give is not there
        }
        done += static_cast<std::size_t>(count);
    }
    text.resize(done);
    return text;
}

/// The last line with something in it.
std::string last_line(std::string_view text) {
    const auto end = text.find_last_not_of(" \t\r\n");
    if (end == std::string_view::npos) {
        return {};
    }
    text = text.substr(0, end + 1);
    const auto line = text.find_last_of("\r\n");
    return std::string{line == std::string_view::npos ? text : text.substr(line + 1)};
}

} // namespace

base::Result<std::string> run_helper(const std::vector<std::string>& arguments, int signals) {
    // In memory: a program's chatter must neither block it nor leave a file.
    const base::UniqueFd output{::memfd_create("output", MFD_CLOEXEC)};
    const base::UniqueFd complaints{::memfd_create("complaints", MFD_CLOEXEC)};
    if (!output || !complaints) {
        return base::fail_errno(errno, "cannot keep the output of {}", arguments.front());
    }
    auto child =
        Child::start({.arguments = arguments, .output = output.get(), .error = complaints.get()});
    if (!child) {
        return tl::unexpected<base::Error>{child.error()};
    }
    std::array<pollfd, 2> watched{{{child->poll_fd(), POLLIN, 0}, {signals, POLLIN, 0}}};
    while (::poll(watched.data(), watched.size(), -1) < 0) {
        if (errno != EINTR) {
            return base::fail_errno(errno, "cannot wait for {}", arguments.front());
        }
    }
    if (watched[0].revents == 0) {
        return base::fail("interrupted");
    }
    const auto ending = child->wait();
    if (!ending.success()) {
        auto last = last_line(contents(complaints.get()));
        if (last.empty()) {
            last = last_line(contents(output.get()));
        }
        return base::fail("{} failed ({}): {}", arguments.front(), ending.describe(), last);
    }
    return contents(output.get());
}

} // namespace ipu3::vm
