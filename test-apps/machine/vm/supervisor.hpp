// SPDX-License-Identifier: GPL-2.0-or-later
// Watches over a running machine: passes its streams on, decides when it is over, and what came of
// it.
#pragma once

#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"
#include "machine/vm/agent_protocol.hpp"
#include "machine/vm/child.hpp"
#include "machine/vm/kernel_log.hpp"
#include "machine/vm/log_file.hpp"
#include "machine/vm/terminal.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ipu3::vm {

/// Everything of a run that has been started.
struct RunningMachine {
    Child qemu;
    std::optional<Child> devices; ///< none: a machine without the IPU3
    base::UniqueFd agent;         ///< our end, non-blocking
    base::UniqueFd console;       ///< our end, non-blocking
    int signals{-1};              ///< signalfd of SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH
    LogFile console_log;
    LogFile kernel_log;
    std::filesystem::path qemu_log;
    std::filesystem::path device_log;
};

struct Supervision {
    agent::RunRequest request;
    std::chrono::duration<double> timeout{0}; ///< zero: none
    bool timeout_grows{false};                ///< with a guest that boots slowly
    bool allow_warn{false};
    bool verbose{false};
};

class Supervisor {
  public:
    Supervisor(RunningMachine machine, Supervision supervision);

    /// Serves until the machine is over; the exit status for the user. What has to be said is said
    /// on standard error. Nothing that was started runs afterwards.
    [[nodiscard]] int run();

  private:
    using Clock = std::chrono::steady_clock;

    /// How the run ended; set once.
    struct Verdict {
        int status{0};
        std::string reason;                            ///< empty: nothing to say
        std::optional<std::filesystem::path> evidence; ///< its end is shown
    };

    /// One of our own output streams and what waits for it.
    struct Stream {
        int fd;
        std::uint32_t number;
        std::string waiting;
        bool closed{false};
    };

    void send(agent::FrameType type, std::string_view payload);
    void step();
    [[nodiscard]] int poll_timeout() const;
    void handle(const agent::Frame& frame);
    /// Whether there may be more to read.
    bool read_agent();
    void write_agent();
    bool read_console();
    void read_input();
    void write_stream(Stream& stream);
    void read_signal();
    void record(std::string_view raw);
    [[nodiscard]] std::chrono::duration<double> time_limit() const;
    void note_report(std::string_view text, std::string line);
    void check_children();
    void explain_qemu_end(const Ending& ending);
    void end(Verdict verdict);
    void stop_children();
    [[nodiscard]] int conclude();

    RunningMachine machine_;
    Supervision supervision_;
    Clock::time_point started_{Clock::now()};
    std::optional<double> slowness_; ///< of the guest, see patience.hpp; once its init is there
    agent::FrameReader reader_;
    std::string to_agent_;
    std::size_t input_credit_{agent::stdin_window};
    bool input_open_{true};
    std::optional<RawTerminal> raw_;
    EscapeKeys escape_;
    Stream out_{STDOUT_FILENO, 1, {}};
    Stream err_{STDERR_FILENO, 2, {}};
    std::string console_text_; ///< the end of what the console said
    std::string console_line_; ///< not yet ended
    std::vector<std::string> reports_;
    std::optional<int> command_status_; ///< once the guest has told it
    std::optional<Clock::time_point> power_off_deadline_;
    std::optional<Verdict> verdict_;
    bool over_{false};
};

} // namespace ipu3::vm
