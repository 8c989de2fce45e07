// SPDX-License-Identifier: GPL-2.0-or-later
// ipu3-misuse: does to a CIO2's nodes what they should not like, and looks at the errno and at
// whether the memory backend still holds something.
#include "ipu3-misuse/tests.hpp"

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
    using Test = std::function<base::Result<void>(Verdict&, const Bench&)>;
    std::vector<Test> tests;
    if (input->parsed() && control) {
        tests = {try_control};
    } else if (input->parsed()) {
        tests = {try_formats, try_buffers, try_memory};
    } else if (pipeline->parsed()) {
        tests = {try_pipeline};
    } else if (beside->parsed()) {
        tests = {[rounds](Verdict& to, const Bench& at) { return try_beside(to, at, rounds); }};
    } else if (fighting->parsed()) {
        tests = {[rounds](Verdict& to, const Bench& at) { return fight(to, at, rounds); }};
    }
    const auto bench = Bench::open();
    if (!bench) {
        verdict.expect(false, bench.error().message);
        tests.clear();
    }
    for (const auto& test : tests) {
        if (const auto done = test(verdict, *bench); !done) {
            verdict.expect(false, done.error().message);
        }
    }
    fmt::print("checks={} failures={}\n", verdict.checks(), verdict.failures());
    return verdict.failures() == 0 ? 0 : 1;
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
