// SPDX-License-Identifier: GPL-2.0-or-later
// ipu3-capture: RAW frames from a sensor on the Intel IPU3, by way of a CIO2's capture node.
#include "apps/ipu3-capture/capture.hpp"
#include "apps/ipu3-capture/list.hpp"
#include "apps/ipu3-capture/options.hpp"
#include "apps/ipu3-capture/pipeline.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <fmt/format.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

using namespace ipu3::capture;

int fail(std::string_view sentence) {
    const auto line = fmt::format("ipu3-capture: {}\n", sentence);
    (void)std::fwrite(line.data(), 1, line.size(), stderr); // there is nowhere else to say it
    return exit_status::failed;
}

/// No file that is opened later may take a standard stream's number. Whether standard output is
/// there.
bool hold_standard_streams() {
    bool output = true;
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF) {
            output = output && fd != STDOUT_FILENO;
            (void)::open("/dev/null", O_RDWR); // the lowest free number, which is this one
        }
    }
    return output;
}

int run_list(const Options& options, Output& table) {
    auto done =
        MediaDevice::open(options.media)
            .and_then([&](const MediaDevice& device) { return list_ports(device, options.json); })
            .and_then([&](const std::string& text) { return table.write(text); });
    return done ? exit_status::clean : fail(done.error().message);
}

int run_capture(const Options& options, const StopSignal& stop, Output& table) {
    const Notes notes = [&](const std::string& sentence) {
        if (!options.quiet) {
            fmt::print(stderr, "{}\n", sentence);
        }
    };
    auto interrupted =
        MediaDevice::open(options.media)
            .and_then([&](const MediaDevice& device) { return set_up(device, options, notes); })
            .and_then(
                [&](Pipeline pipeline) { return capture(options, pipeline, stop, table, notes); });
    if (!interrupted) {
        return fail(interrupted.error().message);
    }
    return *interrupted && options.count > 0 ? exit_status::interrupted : exit_status::clean;
}

int run(const std::vector<std::string>& arguments) {
    const bool output = hold_standard_streams();
    const auto options = parse_options(arguments);
    if (!options && options.error().status != exit_status::clean) {
        fmt::print(stderr, "{}", options.error().error);
        return options.error().status;
    }
    if (!output) {
        return fail("standard output is closed");
    }
    // A reader that goes away is an error of write(2), not the end.
    (void)std::signal(SIGPIPE, SIG_IGN);
    const auto stop = StopSignal::make();
    if (!stop) {
        return fail(stop.error().message);
    }
    if (!options) {
        auto told = Output::standard(STDOUT_FILENO, *stop).write(options.error().output);
        return told ? exit_status::clean : fail(told.error().message);
    }
    if (options->raw_to_stdout() && ::isatty(STDOUT_FILENO) == 1) {
        (void)fail("--raw -: standard output is a terminal, which frames would only garble");
        return exit_status::usage;
    }
    auto table = Output::standard(options->raw_to_stdout() ? STDERR_FILENO : STDOUT_FILENO, *stop);
    return options->list ? run_list(*options, table) : run_capture(*options, *stop, table);
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + (argc > 0 ? 1 : 0), argv + argc});
    } catch (const std::exception& error) {
        return fail(error.what());
    }
}
