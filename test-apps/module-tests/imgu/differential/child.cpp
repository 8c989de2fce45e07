// SPDX-License-Identifier: GPL-2.0-or-later
#include "child.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <utility>

namespace differential {

namespace {

constexpr int memory_in_child = 3;
constexpr int socket_in_child = 4;

[[noreturn]] void fail(int error, const char* what) {
    throw std::system_error{error, std::generic_category(), what};
}

} // namespace

Child::Child(std::filesystem::path program, std::chrono::milliseconds patience)
    : program_{std::move(program)}, patience_{patience} {
    memory_.reset(::memfd_create("reference", MFD_CLOEXEC));
    if (!memory_ || ::ftruncate(memory_.get(), sizeof(reference_exchange)) != 0) {
        fail(errno, "memory to share with the reference");
    }
    void* const mapped = ::mmap(nullptr, sizeof(reference_exchange), PROT_READ | PROT_WRITE,
                                MAP_SHARED, memory_.get(), 0);
    if (mapped == MAP_FAILED) {
        fail(errno, "memory to share with the reference");
    }
    exchange_ = static_cast<reference_exchange*>(mapped);
}

Child::~Child() {
    reap();
    ::munmap(exchange_, sizeof(reference_exchange));
}

void Child::reap() noexcept {
    socket_.reset();
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    pid_ = -1;
}

void Child::spawn() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        fail(errno, "a socket to the reference");
    }
    socket_.reset(ends[0]);
    const base::UniqueFd theirs{ends[1]};
    // Copies high above the two numbers that the child is told, so that neither copy overwrites the
    // other's source.
    const base::UniqueFd memory{::fcntl(memory_.get(), F_DUPFD_CLOEXEC, 16)};
    const base::UniqueFd socket{::fcntl(theirs.get(), F_DUPFD_CLOEXEC, 16)};
    if (!memory || !socket) {
        fail(errno, "descriptors for the reference");
    }
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, memory.get(), memory_in_child);
    ::posix_spawn_file_actions_adddup2(&actions, socket.get(), socket_in_child);
    auto program = program_.string();
    auto first = std::to_string(memory_in_child);
    auto second = std::to_string(socket_in_child);
    const std::array<char*, 4> arguments{program.data(), first.data(), second.data(), nullptr};
    const auto error =
        ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        pid_ = -1;
        fail(error, program.c_str());
    }
}

void Child::start() {
    if (pid_ < 0) {
        spawn();
    }
    exchange_->sets_done = 0;
    const char byte = 0;
    if (::send(socket_.get(), &byte, 1, MSG_NOSIGNAL) != 1) {
        fail(errno, "the reference");
    }
}

Child::End Child::wait() {
    pollfd ready{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    const auto patience = static_cast<int>(patience_.count());
    int polled = ::poll(&ready, 1, patience);
    while (polled < 0 && errno == EINTR) {
        polled = ::poll(&ready, 1, patience);
    }
    if (polled < 0) {
        fail(errno, "the reference");
    }
    if (polled == 0) {
        reap();
        return End::hung;
    }
    char byte = 0;
    if (::read(socket_.get(), &byte, 1) == 1) {
        return End::done;
    }
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    socket_.reset();
    if (!WIFSIGNALED(status)) {
        throw std::runtime_error{program_.string() + " has ended of itself"};
    }
    ++crashes_;
    return End::crashed;
}

} // namespace differential
