// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/child.hpp"

#include "lib/base/retry.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <utility>

namespace ipu3::vm {
namespace {

/// In the child: everything between fork and exec. Returns only on failure, with errno.
void become(const Child::Spec& spec, const std::vector<char*>& arguments, pid_t parent) {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
        return;
    }
    if (::getppid() != parent) {
        ::_exit(0); // the parent was gone before it could be watched
    }
    (void)::setsid();
    sigset_t none{};
    sigemptyset(&none);
    (void)::sigprocmask(SIG_SETMASK, &none, nullptr);
    (void)::signal(SIGPIPE, SIG_DFL); // cannot fail for this signal
    const std::array<std::pair<int, int>, 3> streams{
        {{spec.input, STDIN_FILENO}, {spec.output, STDOUT_FILENO}, {spec.error, STDERR_FILENO}}};
    for (const auto& [from, to] : streams) {
        const int source = from >= 0 ? from : ::open("/dev/null", O_RDWR | O_CLOEXEC);
        if (source < 0 || ::dup2(source, to) < 0) {
            return;
        }
    }
    for (const int fd : spec.inherited) {
        if (::fcntl(fd, F_SETFD, 0) != 0) {
            return;
        }
    }
    ::execvp(arguments.front(), arguments.data());
}

} // namespace

std::string Ending::describe() const {
    return signalled ? fmt::format("signal {} ({})", code, ::strsignal(code))
                     : fmt::format("exit status {}", code);
}

base::Result<Child> Child::start(const Spec& spec) {
    std::vector<char*> arguments;
    arguments.reserve(spec.arguments.size() + 1);
    for (const auto& word : spec.arguments) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): execvp() only reads through it
        arguments.push_back(const_cast<char*>(word.c_str()));
    }
    arguments.push_back(nullptr);
    // The child reports a failed exec through this pipe; a successful one closes it.
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return base::fail_errno(errno, "cannot make a pipe");
    }
    const base::UniqueFd read_end{ends[0]};
    base::UniqueFd write_end{ends[1]};
    const auto parent = ::getpid();
    const auto pid = ::fork();
    if (pid < 0) {
        return base::fail_errno(errno, "cannot start {}", spec.arguments.front());
    }
    if (pid == 0) {
        become(spec, arguments, parent);
        const int reason = errno;
        (void)::write(write_end.get(), &reason, sizeof reason);
        ::_exit(127);
    }
    write_end.reset();
    Child child{pid, base::UniqueFd{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))}};
    int reason = 0;
    const auto count = base::retry([&] { return ::read(read_end.get(), &reason, sizeof reason); });
    if (count > 0) {
        return base::fail_errno(reason, "cannot run {}", spec.arguments.front());
    }
    if (!child.pidfd_) {
        return base::fail("cannot watch {}: the kernel has no pidfd", spec.arguments.front());
    }
    return child;
}

Child::Child(Child&& other) noexcept
    : pid_{std::exchange(other.pid_, -1)}, pidfd_{std::move(other.pidfd_)}, ending_{other.ending_} {
}

Child& Child::operator=(Child&& other) noexcept {
    if (this != &other) {
        stop();
        pid_ = std::exchange(other.pid_, -1);
        pidfd_ = std::move(other.pidfd_);
        ending_ = other.ending_;
    }
    return *this;
}

Child::~Child() {
    stop();
}

void Child::stop() noexcept {
    if (pid_ > 0 && !ending_) {
        signal(SIGKILL);
        (void)collect(0);
    }
}

void Child::signal(int number) const {
    if (pid_ > 0 && !ending_) {
        // A child that has ended but was not waited for keeps its pid, so this hits nobody else.
        (void)::kill(pid_, number);
    }
}

std::optional<Ending> Child::collect(int flags) noexcept {
    if (ending_ || pid_ <= 0) {
        return ending_;
    }
    int status = 0;
    const auto got = base::retry([&] { return ::waitpid(pid_, &status, flags); });
    if (got == pid_) {
        ending_ = WIFSIGNALED(status) ? Ending{WTERMSIG(status), true}
                                      : Ending{WEXITSTATUS(status), false};
    }
    return ending_;
}

std::optional<Ending> Child::poll() {
    return collect(WNOHANG);
}

Ending Child::wait() {
    return collect(0).value_or(Ending{});
}

} // namespace ipu3::vm
