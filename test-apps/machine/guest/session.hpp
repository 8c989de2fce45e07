// SPDX-License-Identifier: GPL-2.0-or-later
// Init's life while the command runs: frames to and from the launcher, streams to and from the
// command.
#pragma once

#include "machine/guest/system_call.hpp"
#include "machine/vm/agent_protocol.hpp"

#include <string>
#include <sys/types.h>

namespace ipu3::guest {

class Session {
  public:
    /// @p port is non-blocking. SIGCHLD must be blocked already. @p slowness: how patient to be,
    /// see machine/vm/patience.hpp.
    Session(base::UniqueFd port, double slowness);

    /// Tells the launcher that a step is done.
    void reached(std::string_view phase);

    /// Serves until the command has ended and the launcher has all of its output and its status. An
    /// error is something that init itself could not do.
    [[nodiscard]] Status serve();

    /// Tells the launcher why there is no machine and waits until it knows.
    void fail(const std::string& sentence);

  private:
    /// One stream of the command's on its way out.
    struct Output {
        base::UniqueFd fd;
        agent::FrameType type;
    };

    void send(agent::FrameType type, std::string_view payload);
    [[nodiscard]] bool room() const;
    [[nodiscard]] Status step();
    [[nodiscard]] Status handle(const agent::Frame& frame);
    [[nodiscard]] Status start(const agent::RunRequest& request);
    [[nodiscard]] Status read_port();
    void write_port();
    void read_kernel_log();
    void read_output(Output& output);
    void read_status();
    void write_input();
    void reap();
    void finish();

    base::UniqueFd port_;
    double slowness_;
    base::UniqueFd kernel_log_;
    base::UniqueFd children_; ///< signalfd of SIGCHLD
    agent::FrameReader reader_;
    std::string to_host_;

    pid_t command_{-1};
    base::UniqueFd input_; ///< the command's standard input, or its terminal
    std::string to_command_;
    bool input_ends_{false};
    bool terminal_{false};
    Output out_{{}, agent::FrameType::stdout_data};
    Output err_{{}, agent::FrameType::stderr_data};
    base::UniqueFd status_; ///< what the command's process says before it is the command
    std::string status_text_;
    std::string failure_; ///< why there is no command
    int exit_status_{-1};
    bool finished_{false}; ///< exit or failed is under way
    bool released_{false}; ///< the launcher wants nothing more
};

} // namespace ipu3::guest
