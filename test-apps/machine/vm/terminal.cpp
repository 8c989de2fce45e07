// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/terminal.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/ioctl.h>
#include <utility>

namespace ipu3::vm {

base::Result<RawTerminal> RawTerminal::enter(int fd) {
    termios before{};
    if (::tcgetattr(fd, &before) != 0) {
        return base::fail_errno(errno, "cannot read the terminal's settings");
    }
    auto raw = before;
    ::cfmakeraw(&raw);
    if (::tcsetattr(fd, TCSADRAIN, &raw) != 0) {
        return base::fail_errno(errno, "cannot change the terminal's settings");
    }
    return RawTerminal{fd, before};
}

RawTerminal::RawTerminal(RawTerminal&& other) noexcept
    : fd_{std::exchange(other.fd_, -1)}, before_{other.before_} {}

RawTerminal::~RawTerminal() {
    if (fd_ >= 0) {
        (void)::tcsetattr(fd_, TCSADRAIN, &before_);
    }
}

agent::WindowSize window_size(int fd) {
    winsize size{};
    if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) {
        return {};
    }
    return {size.ws_row, size.ws_col};
}

bool EscapeKeys::completed_by(std::string_view input) {
    return std::ranges::any_of(input, [this](char c) {
        seen_ = c == key ? seen_ + 1 : 0;
        return seen_ >= times;
    });
}

} // namespace ipu3::vm
