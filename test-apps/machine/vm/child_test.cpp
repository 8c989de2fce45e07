// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/child.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>

namespace ipu3::vm {
namespace {

TEST(Child, TellsHowItEnded) {
    auto seven = Child::start({.arguments = {"sh", "-c", "exit 7"}});
    ASSERT_TRUE(seven) << seven.error().message;
    EXPECT_EQ(seven->wait().describe(), "exit status 7");
    auto killed = Child::start({.arguments = {"sh", "-c", "kill -9 $$"}});
    ASSERT_TRUE(killed);
    const auto ending = killed->wait();
    EXPECT_TRUE(ending.signalled);
    EXPECT_EQ(ending.code, SIGKILL);
    EXPECT_FALSE(ending.success());
}

TEST(Child, AMissingProgramIsASentence) {
    const auto child = Child::start({.arguments = {"no-such-program-anywhere"}});
    ASSERT_FALSE(child);
    EXPECT_EQ(child.error().code, ENOENT);
    EXPECT_NE(child.error().message.find("no-such-program-anywhere"), std::string::npos);
}

TEST(Child, PassesOnlyTheDescriptorsThatItIsToldTo) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const base::UniqueFd read_end{ends[0]};
    base::UniqueFd write_end{ends[1]};
    const auto script = fmt::format("echo out; echo extra >&{}; test ! -e /proc/self/fd/{}",
                                    write_end.get(), read_end.get());
    auto child = Child::start({.arguments = {"bash", "-c", script},
                               .output = write_end.get(),
                               .inherited = {write_end.get()}});
    ASSERT_TRUE(child);
    write_end.reset();
    EXPECT_TRUE(child->wait().success());
    std::array<char, 64> text{};
    const auto count = ::read(read_end.get(), text.data(), text.size());
    ASSERT_GT(count, 0);
    EXPECT_EQ(std::string(text.data(), static_cast<std::size_t>(count)), "out\nextra\n");
}

TEST(Child, DestructionEndsIt) {
    pid_t pid = -1;
    {
        const auto child = Child::start({.arguments = {"sleep", "1000"}});
        ASSERT_TRUE(child);
        pid = child->pid();
        EXPECT_EQ(::kill(pid, 0), 0);
    }
    EXPECT_EQ(::kill(pid, 0), -1);
    EXPECT_EQ(errno, ESRCH);
}

TEST(Child, PollFdTellsTheEnd) {
    auto child = Child::start({.arguments = {"true"}});
    ASSERT_TRUE(child);
    pollfd watched{child->poll_fd(), POLLIN, 0};
    ASSERT_EQ(::poll(&watched, 1, 10000), 1);
    EXPECT_TRUE(child->poll().has_value());
}

// The launcher may be killed in any way; a process in its place must take its child with it.
TEST(Child, DiesWithItsParentEvenWhenThatIsKilled) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const base::UniqueFd read_end{ends[0]};
    base::UniqueFd write_end{ends[1]};
    const auto parent = ::fork();
    ASSERT_GE(parent, 0);
    if (parent == 0) {
        // The grandchild holds the pipe's write end open for as long as it lives.
        auto child = Child::start({.arguments = {"sleep", "1000"}, .inherited = {write_end.get()}});
        (void)::raise(child ? SIGKILL : SIGABRT);
    }
    write_end.reset();
    int status = 0;
    ASSERT_EQ(::waitpid(parent, &status, 0), parent);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    pollfd watched{read_end.get(), POLLIN, 0};
    ASSERT_EQ(::poll(&watched, 1, 10000), 1) << "the grandchild is still alive";
    char byte = 0;
    EXPECT_EQ(::read(read_end.get(), &byte, 1), 0);
}

} // namespace
} // namespace ipu3::vm
