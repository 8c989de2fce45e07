// SPDX-License-Identifier: GPL-2.0-or-later
// ipu3-misuse: does to a CIO2's nodes what they should not like, and looks at the errno and at
// whether the memory backend still holds something.
#include "module-tests/ipu3-misuse/tests.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <functional>
#include <vector>

namespace {

using namespace ipu3::misuse;

int run(int argc, char** argv) {
    CLI::App app{"Tests the ipu3-cio2 driver by bad input"};
    app.require_subcommand(1);
    unsigned rounds = 10;
    bool control = false;
    auto* input = app.add_subcommand("input", "bad formats, sizes, indexes, memory");
    input->add_flag("--control", control, "negative control: three failures must be found");
    auto* pipeline =
        app.add_subcommand("pipeline", "sensor, receiver and node that do not fit; links");
    auto* beside = app.add_subcommand("beside", "all of that while another process streams");
    beside->add_option("--rounds", rounds, "how often");
    auto* fighting = app.add_subcommand("fight", "streams from a node that others want, too");
    fighting->add_option("--rounds", rounds, "how many streams");
    CLI11_PARSE(app, argc, argv);

    Verdict verdict;
    const auto bench = Bench::open();
    std::vector<std::function<base::Result<void>()>> tests;
    if (!bench) {
        verdict.expect(false, bench.error().message);
    } else if (input->parsed() && control) {
        tests.emplace_back([&] { return try_control(verdict, *bench); });
    } else if (input->parsed()) {
        tests.emplace_back([&] { return try_formats(verdict, *bench); });
        tests.emplace_back([&] { return try_buffers(verdict, *bench); });
        tests.emplace_back([&] { return try_memory(verdict, *bench); });
    } else if (pipeline->parsed()) {
        tests.emplace_back([&] { return try_pipeline(verdict, *bench); });
    } else if (beside->parsed()) {
        tests.emplace_back([&] { return try_beside(verdict, *bench, rounds); });
    } else {
        tests.emplace_back([&] { return fight(verdict, *bench, rounds); });
    }
    return ipu3::v4l2::run_all(verdict, tests);
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "ipu3-misuse: {}\n", error.what());
        return 1;
    }
}
