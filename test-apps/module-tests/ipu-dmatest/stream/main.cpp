// SPDX-License-Identifier: GPL-2.0-or-later
// ipu-dmatest-stream: runs in the guest, streams through the DMA test functions and checks every
// byte.
#include "lib/v4l2/stop_signal.hpp"
#include "module-tests/ipu-dmatest/stream/options.hpp"
#include "module-tests/ipu-dmatest/stream/report.hpp"
#include "module-tests/ipu-dmatest/stream/session.hpp"

#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <string>
#include <vector>

namespace {

using namespace ipu3::dmatest::stream;

int fail(std::string_view sentence) {
    fmt::print(stderr, "ipu-dmatest-stream: {}\n", sentence);
    return exit_status::found;
}

int run_all(const std::vector<std::string>& arguments) {
    const auto options = parse_options(arguments);
    if (!options) {
        fmt::print("{}", options.error().output);
        fmt::print(stderr, "{}", options.error().error);
        return options.error().status;
    }
    const auto stop = ipu3::v4l2::StopSignal::make();
    if (!stop) {
        return fail(stop.error().message);
    }
    Report all;
    for (unsigned cycle = 0; cycle < options->cycles && !all.interrupted; ++cycle) {
        const auto report = run(*options, *stop);
        if (!report) {
            fmt::print("{}\n", all.line());
            return fail(report.error().message);
        }
        all.add(*report);
    }
    fmt::print("{}\n", all.line());
    if (all.interrupted) {
        return exit_status::interrupted;
    }
    return all.clean() ? exit_status::clean : exit_status::found;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run_all({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        return fail(error.what());
    }
}
