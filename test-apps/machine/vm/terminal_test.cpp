// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/terminal.hpp"

#include "lib/base/unique_fd.hpp"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>

namespace ipu3::vm {
namespace {

struct Pty {
    base::UniqueFd controller{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
    base::UniqueFd terminal;

    Pty() {
        std::array<char, 64> name{};
        if (::grantpt(controller.get()) == 0 && ::unlockpt(controller.get()) == 0 &&
            ::ptsname_r(controller.get(), name.data(), name.size()) == 0) {
            terminal.reset(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
        }
    }
};

tcflag_t local_flags(int fd) {
    termios settings{};
    EXPECT_EQ(::tcgetattr(fd, &settings), 0);
    return settings.c_lflag;
}

TEST(Terminal, RawModeIsLeftAsItWasFound) {
    const Pty pty;
    ASSERT_TRUE(pty.terminal);
    const auto before = local_flags(pty.terminal.get());
    ASSERT_NE(before & ISIG, 0U);
    {
        const auto raw = RawTerminal::enter(pty.terminal.get());
        ASSERT_TRUE(raw) << raw.error().message;
        EXPECT_EQ(local_flags(pty.terminal.get()) & (ISIG | ICANON | ECHO), 0U);
    }
    EXPECT_EQ(local_flags(pty.terminal.get()), before);
}

TEST(Terminal, WhatIsNoTerminalIsASentenceAndHasADefaultSize) {
    const base::UniqueFd null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
    EXPECT_FALSE(RawTerminal::enter(null.get()));
    EXPECT_EQ(window_size(null.get()), agent::WindowSize{});
}

TEST(Terminal, SizeIsTheTerminals) {
    const Pty pty;
    const winsize size{50, 132, 0, 0};
    ASSERT_EQ(::ioctl(pty.controller.get(), TIOCSWINSZ, &size), 0);
    EXPECT_EQ(window_size(pty.terminal.get()), (agent::WindowSize{50, 132}));
}

TEST(Terminal, EscapeIsThreeInARowHoweverTheyArrive) {
    EscapeKeys keys;
    EXPECT_FALSE(keys.completed_by("\x1d\x1d"));
    EXPECT_FALSE(keys.completed_by("x\x1d"));
    EXPECT_FALSE(keys.completed_by("\x1d"));
    EXPECT_FALSE(keys.completed_by(""));
    EXPECT_TRUE(keys.completed_by("\x1d"));
}

} // namespace
} // namespace ipu3::vm
