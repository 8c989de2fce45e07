// SPDX-License-Identifier: GPL-2.0-or-later
// ipu3-vm: boots the virtual IPU3 machine, runs one command in it, ends with that command's exit
// status.
#include "machine/vm/check_options.hpp"
#include "machine/vm/launch.hpp"
#include "machine/vm/options.hpp"
#include "machine/vm/own_kernel.hpp"
#include "machine/vm/signals.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <sys/signalfd.h>
#include <unistd.h>

namespace {

int fail(int status, std::string_view sentence) {
    fmt::print(stderr, "ipu3-vm: {}\n", sentence);
    return status;
}

/// The first signal that is waiting to be read, 0: none.
int waiting_signal(int signals) {
    signalfd_siginfo info{};
    while (::read(signals, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
        if (info.ssi_signo != SIGWINCH) {
            return static_cast<int>(info.ssi_signo);
        }
    }
    return 0;
}

int run(const std::vector<std::string>& arguments) {
    using namespace ipu3::vm;
    auto options = parse_options(arguments);
    if (!options) {
        const auto& exit = options.error();
        fmt::print(stdout, "{}", exit.output);
        fmt::print(stderr, "{}", exit.error);
        return exit.status;
    }
    const auto sensors = check_options(*options);
    if (!sensors) {
        return fail(exit_usage, sensors.error().message);
    }
    const auto build = own_build_tree();
    if (!build) {
        return fail(exit_machine, build.error().message);
    }
    const auto signals = take_signals();
    if (!signals) {
        return fail(exit_machine, signals.error().message);
    }
    const auto kernel = choose_kernel(*options, *sensors, *build, signals->get());
    if (!kernel) {
        if (const int signal = waiting_signal(signals->get()); signal != 0) {
            return 128 + signal;
        }
        return fail(is_own_kernel(options->kernel) ? exit_machine : exit_usage,
                    "--kernel: " + kernel.error().message);
    }
    const auto status = launch(*options, *kernel, *sensors, *build, signals->get());
    if (!status) {
        if (const int signal = waiting_signal(signals->get()); signal != 0) {
            return 128 + signal;
        }
        return fail(exit_machine, status.error().message);
    }
    return *status;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
    } catch (const std::exception& error) {
        return fail(ipu3::vm::exit_machine, error.what());
    }
}
