// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/supervisor.hpp"

#include "machine/vm/options.hpp"
#include "machine/vm/patience.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ipu3::vm {
namespace {

using namespace std::chrono_literals;

/// How long a guest that has done its work may take to power off.
constexpr std::chrono::milliseconds power_off_grace = 10s;
/// How long the children may take to end by themselves.
constexpr auto stop_grace = 3000ms;
/// Output of the command that may wait for our own reader before the guest has to.
constexpr std::size_t stream_limit = std::size_t{1} << 20U;
/// poll() promises room for this much in a pipe without blocking (PIPE_BUF); streams that others
/// share are never made non-blocking, which would reach those others as well.
constexpr std::size_t write_chunk = 4096;
constexpr std::size_t console_kept = std::size_t{256} << 10U;
constexpr unsigned tail_lines = 15;
constexpr std::size_t shown_reports = 20;

bool is_terminating(int signal) {
    return signal != SIGWINCH;
}

void say(std::string_view text) {
    fmt::print(stderr, "ipu3-vm: {}\n", text);
}

void print_tail(const std::filesystem::path& path) {
    const auto tail = tail_of(path, tail_lines);
    if (!tail.empty()) {
        fmt::print(stderr, "--- the end of {}\n{}\n---\n", path.string(), tail);
    }
}

} // namespace

Supervisor::Supervisor(RunningMachine machine, Supervision supervision)
    : machine_{std::move(machine)}, supervision_{std::move(supervision)} {
    send(agent::FrameType::run, agent::encode_run(supervision_.request));
}

int Supervisor::run() {
    if (supervision_.request.terminal) {
        say("press Ctrl-] three times to end a machine that does not answer");
        auto raw = RawTerminal::enter(STDIN_FILENO);
        if (raw) {
            raw_.emplace(std::move(*raw));
        } else {
            end({exit_machine, raw.error().message, {}});
        }
    }
    while (!over_) {
        step();
    }
    stop_children();
    raw_.reset(); // before anything is said: a raw terminal does not return the carriage
    return conclude();
}

void Supervisor::send(agent::FrameType type, std::string_view payload) {
    to_agent_ += agent::encode(type, payload);
}

int Supervisor::poll_timeout() const {
    std::optional<Clock::time_point> next = power_off_deadline_;
    if (supervision_.timeout.count() > 0 && !command_status_) {
        const auto limit = started_ + std::chrono::duration_cast<Clock::duration>(time_limit());
        next = next ? std::min(*next, limit) : limit;
    }
    if (!next) {
        return -1;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000)); // woken early: no harm
}

std::chrono::duration<double> Supervisor::time_limit() const {
    return supervision_.timeout_grows
               ? patient(supervision_.timeout, slowness_.value_or(slowness_before_init))
               : supervision_.timeout;
}

void Supervisor::step() {
    const bool room = out_.waiting.size() < stream_limit && err_.waiting.size() < stream_limit;
    const bool want_input = input_open_ && input_credit_ > 0 && !command_status_;
    const auto events = [](bool wanted, int which) {
        return static_cast<short>(wanted ? which : 0);
    };
    const auto agent_events = (room ? POLLIN : 0) | (to_agent_.empty() ? 0 : POLLOUT);
    std::array<pollfd, 8> watched{{
        {machine_.signals, POLLIN, 0},
        {machine_.agent && agent_events != 0 ? machine_.agent.get() : -1,
         static_cast<short>(agent_events), 0},
        {machine_.console.get(), POLLIN, 0},
        {want_input ? STDIN_FILENO : -1, POLLIN, 0},
        {out_.waiting.empty() ? -1 : out_.fd, events(true, POLLOUT), 0},
        {err_.waiting.empty() ? -1 : err_.fd, events(true, POLLOUT), 0},
        {machine_.qemu.poll_fd(), POLLIN, 0},
        {machine_.devices ? machine_.devices->poll_fd() : -1, POLLIN, 0},
    }};
    if (::poll(watched.data(), watched.size(), poll_timeout()) < 0 && errno != EINTR) {
        end({exit_machine,
             fmt::format("cannot wait for events: {}", std::generic_category().message(errno)),
             {}});
        return;
    }
    const auto ready = [&watched](std::size_t slot) { return watched.at(slot).revents != 0; };
    if (ready(0)) {
        read_signal();
    }
    if (ready(4)) {
        write_stream(out_);
    }
    if (ready(5)) {
        write_stream(err_);
    }
    if (ready(2)) {
        read_console();
    }
    if (ready(1)) {
        read_agent();
        write_agent();
    }
    if (ready(3)) {
        read_input();
    }
    if (ready(6) || ready(7)) {
        check_children();
    }
    const auto now = Clock::now();
    if (supervision_.timeout.count() > 0 && !command_status_ && now - started_ >= time_limit()) {
        end({exit_timeout,
             fmt::format("the time limit of {:.6g} s is over", time_limit().count()),
             {}});
    }
    if (power_off_deadline_ && now >= *power_off_deadline_) {
        // The status is known and everything is written back; a machine that cannot end is switched
        // off.
        machine_.qemu.signal(SIGKILL);
        power_off_deadline_.reset();
    }
}

bool Supervisor::read_agent() {
    std::array<char, 65536> bytes{};
    const auto count = ::recv(machine_.agent.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
        machine_.agent.reset(); // QEMU is ending; its pidfd will tell
        return false;
    }
    if (count < 0) {
        return false;
    }
    reader_.feed({bytes.data(), static_cast<std::size_t>(count)});
    while (!over_) {
        auto frame = reader_.next();
        if (!frame) {
            end({exit_machine,
                 fmt::format("the guest's agent does not make sense: {}", frame.error().message),
                 {}});
            return false;
        }
        const std::optional<agent::Frame>& whole = *frame;
        if (!whole) {
            return true;
        }
        handle(*whole);
    }
    return false;
}

void Supervisor::write_agent() {
    while (!to_agent_.empty() && machine_.agent) {
        const auto count = ::send(machine_.agent.get(), to_agent_.data(), to_agent_.size(),
                                  MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count <= 0) {
            return;
        }
        to_agent_.erase(0, static_cast<std::size_t>(count));
    }
}

void Supervisor::handle(const agent::Frame& frame) {
    const auto number = [&]() -> std::uint32_t {
        const auto value = agent::decode_number(frame.payload);
        if (!value) {
            end({exit_machine, value.error().message, {}});
            return 0;
        }
        return *value;
    };
    switch (frame.type) {
    case agent::FrameType::hello:
        if (number() != agent::protocol_version) {
            end({exit_machine, "the guest's init is of another version; build both again", {}});
        }
        return;
    case agent::FrameType::phase: {
        const auto phase = agent::decode_phase(frame.payload);
        if (phase && !slowness_) { // the first one: init
            slowness_ = slowness(std::chrono::milliseconds{phase->milliseconds});
        }
        if (phase && supervision_.verbose) {
            const std::chrono::duration<double> elapsed = Clock::now() - started_;
            fmt::print(stderr, "ipu3-vm: {:6.2f} s (guest {:6.2f} s): {}\n", elapsed.count(),
                       phase->milliseconds / 1000.0, phase->name);
        }
        return;
    }
    case agent::FrameType::stdin_credit:
        input_credit_ = std::min(input_credit_ + number(), agent::stdin_window);
        return;
    case agent::FrameType::stdout_data:
    case agent::FrameType::stderr_data: {
        auto& stream = frame.type == agent::FrameType::stdout_data ? out_ : err_;
        if (!stream.closed) {
            stream.waiting += frame.payload;
        }
        return;
    }
    case agent::FrameType::kernel_log:
        record(frame.payload);
        return;
    case agent::FrameType::exit:
        command_status_ = static_cast<int>(number() & 0xffU);
        power_off_deadline_ = Clock::now() + patient(power_off_grace, slowness_.value_or(1));
        send(agent::FrameType::power_off, {});
        return;
    case agent::FrameType::failed:
        end({exit_machine, fmt::format("the guest could not be set up: {}", frame.payload),
             machine_.kernel_log.path()});
        return;
    default:
        end({exit_machine,
             fmt::format("the guest sent a frame of type {}, which only the host may",
                         static_cast<unsigned>(frame.type)),
             {}});
    }
}

void Supervisor::record(std::string_view raw) {
    const auto parsed = parse_record(raw);
    if (!parsed) {
        end({exit_machine, parsed.error().message, {}});
        return;
    }
    if (auto written = machine_.kernel_log.write(parsed->line() + "\n"); !written) {
        end({exit_machine, written.error().message, {}});
    }
    // A program in the guest may write what it likes into the log; only the kernel's own word
    // counts.
    if (parsed->facility == 0) {
        note_report(parsed->text, parsed->line());
    }
}

void Supervisor::note_report(std::string_view text, std::string line) {
    if (is_report(text) && std::ranges::find(reports_, line) == reports_.end()) {
        reports_.push_back(std::move(line));
    }
}

bool Supervisor::read_console() {
    std::array<char, 16384> bytes{};
    const auto count = ::recv(machine_.console.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
        machine_.console.reset();
        return false;
    }
    if (count < 0) {
        return false;
    }
    const std::string_view text{bytes.data(), static_cast<std::size_t>(count)};
    if (auto written = machine_.console_log.write(text); !written) {
        end({exit_machine, written.error().message, {}});
    }
    console_text_ += text;
    if (console_text_.size() > 2 * console_kept) {
        console_text_.erase(0, console_text_.size() - console_kept);
    }
    // What the kernel says while it powers off comes only this way; all else is in its log already,
    // and a line that is in both counts once.
    console_line_ += text;
    for (auto line_end = console_line_.find('\n'); line_end != std::string::npos;
         line_end = console_line_.find('\n')) {
        auto line = console_line_.substr(0, line_end);
        console_line_.erase(0, line_end + 1);
        while (!line.empty() && line.back() == '\r') {
            line.pop_back();
        }
        if (command_status_) {
            note_report(console_text(line), line);
        }
    }
    if (console_line_.size() > console_kept) {
        console_line_.clear();
    }
    return true;
}

void Supervisor::read_input() {
    std::array<char, agent::max_chunk> bytes{};
    const auto count = ::read(STDIN_FILENO, bytes.data(), std::min(bytes.size(), input_credit_));
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) {
        return;
    }
    if (count <= 0) {
        input_open_ = false;
        send(agent::FrameType::stdin_end, {});
        write_agent();
        return;
    }
    const std::string_view input{bytes.data(), static_cast<std::size_t>(count)};
    if (raw_ && escape_.completed_by(input)) {
        end({128 + SIGINT, "ended by Ctrl-]", {}});
        return;
    }
    input_credit_ -= input.size();
    send(agent::FrameType::stdin_data, input);
    write_agent();
}

void Supervisor::write_stream(Stream& stream) {
    const auto size = std::min(stream.waiting.size(), write_chunk);
    const auto count = ::write(stream.fd, stream.waiting.data(), size);
    if (count > 0) {
        stream.waiting.erase(0, static_cast<std::size_t>(count));
        return;
    }
    if (errno == EINTR || errno == EAGAIN) {
        return;
    }
    const auto reason = errno;
    stream.waiting.clear();
    stream.closed = true;
    if (reason == EPIPE) {
        // Nobody reads any more: the command's affair, which is told by its own broken pipe.
        send(agent::FrameType::output_closed, agent::encode_number(stream.number));
        write_agent();
        return;
    }
    end({exit_machine,
         fmt::format("cannot write to standard {}: {}", stream.number == 1 ? "output" : "error",
                     std::generic_category().message(reason)),
         {}});
}

void Supervisor::read_signal() {
    signalfd_siginfo info{};
    if (::read(machine_.signals, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) {
        return;
    }
    const auto signal = static_cast<int>(info.ssi_signo);
    if (is_terminating(signal)) {
        end({128 + signal, {}, {}});
    } else if (supervision_.request.terminal) {
        send(agent::FrameType::window, agent::encode_window(window_size(STDIN_FILENO)));
        write_agent();
    }
}

void Supervisor::check_children() {
    const auto device_ending = machine_.devices ? machine_.devices->poll() : std::nullopt;
    const auto qemu_ending = machine_.qemu.poll();
    if (qemu_ending) {
        // Its last words may still be in the sockets.
        while (machine_.console && read_console()) {
        }
        while (machine_.agent && !over_ && read_agent()) {
        }
        if (!out_.waiting.empty() || !err_.waiting.empty()) {
            // The pipes may need a while; QEMU's pidfd stays readable, so sleep on the streams
            // alone.
            std::array<pollfd, 3> watched{{{out_.waiting.empty() ? -1 : out_.fd, POLLOUT, 0},
                                           {err_.waiting.empty() ? -1 : err_.fd, POLLOUT, 0},
                                           {machine_.signals, POLLIN, 0}}};
            (void)::poll(watched.data(), watched.size(), -1);
            return;
        }
        if (!command_status_) {
            explain_qemu_end(*qemu_ending);
        }
        over_ = true;
        return;
    }
    if (device_ending && !command_status_) {
        end({exit_machine, fmt::format("the device process ended ({})", device_ending->describe()),
             machine_.device_log});
    } else if (device_ending) {
        over_ = true; // the guest is powering off; it does not need the devices for anything that
                      // counts
    }
}

void Supervisor::explain_qemu_end(const Ending& ending) {
    if (const auto reason = panic_reason(console_text_)) {
        end({exit_machine, fmt::format("the guest's kernel panicked: {}", *reason),
             machine_.console_log.path()});
    } else if (ending.success()) {
        end({exit_machine, "the guest powered off or rebooted before the command had ended",
             machine_.console_log.path()});
    } else {
        end({exit_machine, fmt::format("QEMU ended ({})", ending.describe()), machine_.qemu_log});
    }
}

void Supervisor::end(Verdict verdict) {
    if (!verdict_) {
        verdict_ = std::move(verdict);
    }
    over_ = true;
}

void Supervisor::stop_children() {
    const auto deadline = Clock::now() + stop_grace;
    machine_.qemu.signal(SIGTERM);
    bool devices_told = false;
    while (true) {
        const bool qemu_gone = machine_.qemu.poll().has_value();
        const bool devices_gone = !machine_.devices || machine_.devices->poll().has_value();
        if (qemu_gone && devices_gone) {
            return;
        }
        if (qemu_gone && !devices_told) {
            // Only now: a device that goes first would make QEMU complain of it.
            machine_.devices->signal(SIGTERM);
            devices_told = true;
        }
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        std::array<pollfd, 3> watched{
            {{machine_.signals, POLLIN, 0},
             {qemu_gone ? -1 : machine_.qemu.poll_fd(), POLLIN, 0},
             {devices_gone ? -1 : machine_.devices->poll_fd(), POLLIN, 0}}};
        const auto count =
            left > 0 ? ::poll(watched.data(), watched.size(), static_cast<int>(left)) : 0;
        bool at_once = count == 0;
        if (watched[0].revents != 0) {
            signalfd_siginfo info{};
            (void)::read(machine_.signals, &info, sizeof info);
            at_once = at_once || is_terminating(static_cast<int>(info.ssi_signo));
        }
        if (at_once) {
            machine_.qemu.signal(SIGKILL);
            (void)machine_.qemu.wait();
            if (machine_.devices) {
                machine_.devices->signal(SIGKILL);
                (void)machine_.devices->wait();
            }
            return;
        }
    }
}

int Supervisor::conclude() {
    if (verdict_) {
        if (!verdict_->reason.empty()) {
            say(verdict_->reason);
        }
        if (verdict_->evidence) {
            print_tail(*verdict_->evidence);
        }
        return verdict_->status;
    }
    const int status = command_status_.value_or(exit_machine);
    if (reports_.empty() || supervision_.allow_warn) {
        return status;
    }
    say(fmt::format("the guest's kernel reported (all of it in {}):",
                    machine_.kernel_log.path().string()));
    for (std::size_t i = 0; i < std::min(reports_.size(), shown_reports); ++i) {
        fmt::print(stderr, "{}\n", reports_[i]);
    }
    if (reports_.size() > shown_reports) {
        fmt::print(stderr, "... and {} more\n", reports_.size() - shown_reports);
    }
    return status == 0 ? exit_kernel_report : status;
}

} // namespace ipu3::vm
