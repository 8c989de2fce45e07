// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/guest/session.hpp"

#include "machine/guest/port.hpp"
#include "machine/guest/setup.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <utility>

namespace ipu3::guest {
namespace {

/// Bytes that may wait for the launcher before the command's output and the kernel's log are left
/// to wait.
constexpr std::size_t out_limit = std::size_t{256} << 10U;
/// The largest record that /dev/kmsg gives (CONSOLE_EXT_LOG_MAX in the kernel's internal.h is
/// 8192).
constexpr std::size_t record_size = 8192;

constexpr char done_mark = '+';
constexpr char failed_mark = '!';

struct Pipe {
    base::UniqueFd read;
    base::UniqueFd write;
};

base::Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return base::fail_errno(errno, "cannot make a pipe");
    }
    return Pipe{base::UniqueFd{ends[0]}, base::UniqueFd{ends[1]}};
}

void set_nonblocking(const base::UniqueFd& fd) {
    // Setting a flag of a descriptor that is open does not fail.
    (void)::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

void set_window(int terminal, agent::WindowSize size) {
    const winsize window{size.rows, size.columns, 0, 0};
    // A window of the wrong size is a nuisance, no failure.
    (void)::ioctl(terminal, TIOCSWINSZ, &window);
}

std::uint32_t clock_ms() {
    return static_cast<std::uint32_t>(since_boot().count());
}

void say(int fd, char mark, std::string_view text) {
    const auto line = fmt::format("{}{}\n", mark, text);
    (void)base::retry([&] { return ::write(fd, line.data(), line.size()); });
}

/// The life of the command's process: never returns.
[[noreturn]] void live(const agent::RunRequest& request, double slowness, int input, int out,
                       int err, int status) {
    // What init set for itself is not for its children.
    sigset_t none{};
    sigemptyset(&none);
    (void)::sigprocmask(SIG_SETMASK, &none, nullptr);
    (void)::signal(SIGPIPE, SIG_DFL); // cannot fail for this signal
    const auto set_up =
        load_drivers(slowness, [status](std::string_view step) { say(status, done_mark, step); });
    if (!set_up) {
        say(status, failed_mark, set_up.error().message);
        ::_exit(1);
    }
    (void)::setsid();
    if (request.terminal) {
        (void)::ioctl(input, TIOCSCTTY, 0);
    }
    if (::dup2(input, STDIN_FILENO) < 0 || ::dup2(out, STDOUT_FILENO) < 0 ||
        ::dup2(err, STDERR_FILENO) < 0) {
        say(status, failed_mark, "cannot connect the command's streams");
        ::_exit(1);
    }
    say(status, done_mark, "command");
    ::_exit(become(request));
}

} // namespace

Session::Session(base::UniqueFd port, double slowness)
    : port_{std::move(port)}, slowness_{slowness},
      kernel_log_{::open("/dev/kmsg", O_RDONLY | O_CLOEXEC | O_NONBLOCK)} {
    sigset_t child{};
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    children_.reset(::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK));
    send(agent::FrameType::hello, agent::encode_number(agent::protocol_version));
}

void Session::reached(std::string_view phase) {
    send(agent::FrameType::phase, agent::encode_phase({std::string{phase}, clock_ms()}));
}

void Session::send(agent::FrameType type, std::string_view payload) {
    to_host_ += agent::encode(type, payload);
}

bool Session::room() const {
    return to_host_.size() < out_limit;
}

Status Session::serve() {
    if (!children_) {
        return base::fail("init cannot watch its children");
    }
    while (!released_) {
        if (auto done = step(); !done) {
            return done;
        }
    }
    return {};
}

void Session::fail(const std::string& sentence) {
    send(agent::FrameType::failed, sentence);
    finished_ = true;
    // What goes wrong from here on cannot be told to anybody.
    (void)serve();
}

Status Session::step() {
    std::array<pollfd, 7> watched{};
    // Order: port, children, kernel log, status, input, standard output, standard error.
    const auto watch = [&watched](std::size_t slot, const base::UniqueFd& fd, int events) {
        watched.at(slot) = {events == 0 ? -1 : fd.get(), static_cast<short>(events), 0};
    };
    watch(0, port_, POLLIN | (to_host_.empty() ? 0 : POLLOUT));
    watch(1, children_, POLLIN);
    watch(2, kernel_log_, room() ? POLLIN : 0);
    watch(3, status_, POLLIN);
    watch(4, input_, to_command_.empty() ? 0 : POLLOUT);
    watch(5, out_.fd, room() ? POLLIN : 0);
    watch(6, err_.fd, room() ? POLLIN : 0);
    if (base::retry([&] { return ::poll(watched.data(), watched.size(), -1); }) < 0) {
        return base::fail_errno(errno, "init cannot wait for events");
    }
    const auto ready = [&watched](std::size_t slot) { return watched.at(slot).revents != 0; };
    if (ready(3)) {
        read_status();
    }
    if (ready(2)) {
        read_kernel_log();
    }
    if (ready(5)) {
        read_output(out_);
    }
    if (ready(6)) {
        read_output(err_);
    }
    if (ready(4)) {
        write_input();
    }
    if (ready(1)) {
        reap();
    }
    if (exit_status_ >= 0 && !finished_) {
        finish();
    }
    if (ready(0)) {
        if (auto done = read_port(); !done) {
            return done;
        }
    }
    write_port();
    return {};
}

Status Session::read_port() {
    std::array<char, 65536> bytes{};
    const auto count = base::retry([&] { return ::read(port_.get(), bytes.data(), bytes.size()); });
    if (count == 0) {
        // Not the launcher's end, which ends the machine as well: the port has forgotten its other
        // end in a system's sleep. On some kernels (7.3) it never learns of it again: the driver
        // asks before it has a buffer for the host's answer.
        port_.reset();
        auto port = reopen_port(slowness_);
        if (!port) {
            return tl::unexpected<base::Error>{port.error()};
        }
        port_ = std::move(*port);
        return {};
    }
    if (count < 0) {
        if (errno == EAGAIN) {
            return {};
        }
        return base::fail_errno(errno, "cannot read the launcher's port");
    }
    reader_.feed({bytes.data(), static_cast<std::size_t>(count)});
    while (true) {
        auto frame = reader_.next();
        if (!frame) {
            return tl::unexpected<base::Error>{frame.error()};
        }
        const std::optional<agent::Frame>& whole = *frame;
        if (!whole) {
            return {};
        }
        if (auto done = handle(*whole); !done) {
            return done;
        }
    }
}

Status Session::handle(const agent::Frame& frame) {
    switch (frame.type) {
    case agent::FrameType::run: {
        const auto request = agent::decode_run(frame.payload);
        if (!request) {
            return tl::unexpected<base::Error>{request.error()};
        }
        return start(*request);
    }
    case agent::FrameType::stdin_data:
        if (to_command_.size() + frame.payload.size() > agent::stdin_window) {
            return base::fail("the launcher sent more input than it was granted");
        }
        if (input_) {
            to_command_ += frame.payload;
        } else {
            send(agent::FrameType::stdin_credit,
                 agent::encode_number(static_cast<std::uint32_t>(frame.payload.size())));
        }
        return {};
    case agent::FrameType::stdin_end:
        input_ends_ = true;
        write_input();
        return {};
    case agent::FrameType::output_closed: {
        const auto stream = agent::decode_number(frame.payload);
        if (!stream) {
            return tl::unexpected<base::Error>{stream.error()};
        }
        // The command then meets a broken pipe, as it would on the host.
        (*stream == 1 ? out_ : err_).fd.reset();
        return {};
    }
    case agent::FrameType::window: {
        const auto window = agent::decode_window(frame.payload);
        if (!window) {
            return tl::unexpected<base::Error>{window.error()};
        }
        if (terminal_ && input_) {
            set_window(input_.get(), *window);
        }
        return {};
    }
    case agent::FrameType::power_off:
        released_ = true;
        return {};
    default:
        return base::fail("the launcher sent a frame of type {}, which only the guest may",
                          static_cast<unsigned>(frame.type));
    }
}

Status Session::start(const agent::RunRequest& request) {
    if (command_ >= 0) {
        return base::fail("the launcher asked for a second command");
    }
    auto status = make_pipe();
    auto err = make_pipe();
    auto in = make_pipe();
    auto out = make_pipe();
    for (const auto* pipe : {&status, &err, &in, &out}) {
        if (!*pipe) {
            return tl::unexpected<base::Error>{pipe->error()};
        }
    }
    terminal_ = request.terminal;
    if (terminal_) {
        base::UniqueFd controller{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
        std::array<char, 64> name{};
        if (!controller || ::grantpt(controller.get()) != 0 || ::unlockpt(controller.get()) != 0 ||
            ::ptsname_r(controller.get(), name.data(), name.size()) != 0) {
            return base::fail_errno(errno, "cannot make a terminal");
        }
        set_window(controller.get(), request.window);
        base::UniqueFd terminal{::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC)};
        if (!terminal) {
            return base::fail_errno(errno, "cannot open the terminal {}", name.data());
        }
        // One descriptor for the three streams on the command's side; on this side one for each
        // direction.
        in->read = std::move(terminal);
        out->read.reset(::fcntl(controller.get(), F_DUPFD_CLOEXEC, 0));
        in->write = std::move(controller);
    }
    command_ = ::fork();
    if (command_ < 0) {
        return base::fail_errno(errno, "cannot start the command's process");
    }
    if (command_ == 0) {
        const int output = terminal_ ? in->read.get() : out->write.get();
        live(request, slowness_, in->read.get(), output, terminal_ ? output : err->write.get(),
             status->write.get());
    }
    status_ = std::move(status->read);
    input_ = std::move(in->write);
    out_.fd = std::move(out->read);
    if (!terminal_) {
        err_.fd = std::move(err->read);
    }
    for (const auto* fd : {&status_, &input_, &out_.fd, &err_.fd}) {
        if (fd->valid()) {
            set_nonblocking(*fd);
        }
    }
    return {};
}

void Session::write_port() {
    while (!to_host_.empty()) {
        const auto count =
            base::retry([&] { return ::write(port_.get(), to_host_.data(), to_host_.size()); });
        if (count <= 0) {
            return;
        }
        to_host_.erase(0, static_cast<std::size_t>(count));
    }
}

void Session::read_kernel_log() {
    while (room()) {
        std::array<char, record_size> record{};
        const auto count = ::read(kernel_log_.get(), record.data(), record.size());
        if (count > 0) {
            send(agent::FrameType::kernel_log, {record.data(), static_cast<std::size_t>(count)});
        } else if (count < 0 && (errno == EPIPE || errno == EINTR)) {
            // EPIPE: records were overwritten before they were read; the sequence numbers show the
            // gap.
            continue;
        } else {
            return;
        }
    }
}

void Session::read_output(Output& output) {
    while (output.fd && room()) {
        std::array<char, agent::max_chunk> bytes{};
        const auto count =
            base::retry([&] { return ::read(output.fd.get(), bytes.data(), bytes.size()); });
        if (count > 0) {
            send(output.type, {bytes.data(), static_cast<std::size_t>(count)});
            continue;
        }
        // A terminal whose last user is gone answers EIO.
        if (count == 0 || errno != EAGAIN) {
            output.fd.reset();
        }
        return;
    }
}

void Session::read_status() {
    std::array<char, 4096> bytes{};
    const auto count =
        base::retry([&] { return ::read(status_.get(), bytes.data(), bytes.size()); });
    if (count <= 0) {
        if (count == 0 || errno != EAGAIN) {
            status_.reset();
        }
        return;
    }
    status_text_.append(bytes.data(), static_cast<std::size_t>(count));
    for (auto end = status_text_.find('\n'); end != std::string::npos;
         end = status_text_.find('\n')) {
        const auto line = status_text_.substr(0, end);
        status_text_.erase(0, end + 1);
        if (line.starts_with(failed_mark)) {
            failure_ = line.substr(1);
        } else if (line.starts_with(done_mark)) {
            reached(line.substr(1));
        }
    }
}

void Session::write_input() {
    if (!to_command_.empty() && input_) {
        const auto count = base::retry(
            [&] { return ::write(input_.get(), to_command_.data(), to_command_.size()); });
        if (count < 0 && errno == EAGAIN) {
            return;
        }
        // A command that has closed its input wants none of it: what is left is dropped.
        const auto passed = count < 0 ? to_command_.size() : static_cast<std::size_t>(count);
        if (count < 0) {
            input_.reset();
        }
        to_command_.erase(0, passed);
        send(agent::FrameType::stdin_credit,
             agent::encode_number(static_cast<std::uint32_t>(passed)));
    }
    // A terminal has no end of input of its own; the user's end character went through as it is.
    if (input_ends_ && to_command_.empty() && !terminal_) {
        input_.reset();
    }
}

void Session::reap() {
    signalfd_siginfo drained{};
    while (::read(children_.get(), &drained, sizeof drained) > 0) {
    }
    int status = 0;
    for (auto child = ::waitpid(-1, &status, WNOHANG); child > 0;
         child = ::waitpid(-1, &status, WNOHANG)) {
        if (child == command_) {
            exit_status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        }
    }
}

void Session::finish() {
    // Everything that the command wrote before it ended is in the pipes; a process that it left
    // behind may hold them open for ever, so their end is not waited for. Neither is the log's:
    // what is there goes out.
    while (status_ && !finished_) {
        const auto before = status_text_.size();
        read_status();
        if (status_text_.size() == before) {
            break;
        }
    }
    read_output(out_);
    read_output(err_);
    if (!room()) {
        return; // once more when the launcher has taken some
    }
    ::sync();
    read_kernel_log();
    if (!room()) {
        return;
    }
    if (!failure_.empty()) {
        send(agent::FrameType::failed, failure_);
    } else {
        send(agent::FrameType::exit,
             agent::encode_number(static_cast<std::uint32_t>(exit_status_)));
    }
    finished_ = true;
}

} // namespace ipu3::guest
