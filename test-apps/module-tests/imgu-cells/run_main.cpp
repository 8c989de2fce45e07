// SPDX-License-Identifier: GPL-2.0-or-later
// imgu-run-cells: runs the streams of a file that imgu-cells has written, those of one or of both
// pipes, and writes a line for each question to the driver and its answer.
#include "module-tests/imgu-cells/run.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

namespace {

using imgu_answers::Pipe;

struct Options {
    std::string file;
    std::vector<std::string> nodes;
    std::vector<unsigned> pipes;
};

bool is_of(const imgu_cells::Cell& cell, const std::vector<unsigned>& pipes) {
    return std::ranges::equal(cell.pipes, pipes, {}, &imgu_cells::CellPipe::pipe);
}

int fail(const std::string& sentence) {
    fmt::print(stderr, "imgu-run-cells: {}\n", sentence);
    return 1;
}

int run(const Options& options) {
    constexpr std::size_t nodes_of_a_pipe = Pipe::kNodes + 1;
    const auto cells = imgu_cells::read_cells(options.file);
    if (!cells) {
        return fail(cells.error().message);
    }
    std::vector<Pipe> pipes;
    for (std::size_t at = 0; at < options.nodes.size(); at += nodes_of_a_pipe) {
        const auto left = options.nodes.size() - at;
        auto pipe = imgu_answers::open_pipe(
            std::span{options.nodes}.subspan(at, std::min(nodes_of_a_pipe, left)));
        if (!pipe) {
            return fail(pipe.error().message);
        }
        pipes.push_back(std::move(*pipe));
    }
    if (std::ranges::any_of(options.pipes, [&](auto pipe) { return pipe >= pipes.size(); })) {
        return fail(fmt::format("nodes of {} pipes alone", pipes.size()));
    }
    std::size_t done = 0;
    std::size_t all = 0;
    for (const auto& cell : *cells) {
        if (!is_of(cell, options.pipes)) {
            continue;
        }
        ++all;
        done += imgu_cells::run(cell, pipes) ? 1U : 0U;
        (void)std::fflush(stdout);
    }
    fmt::print(stderr, "{} of {} streams\n", done, all);
    return done == all && all != 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"Runs the streams of a file that imgu-cells has written, a frame at a time, and "
                 "writes what the driver answered."};
    app.add_option("--pipes", options.pipes, "the streams of exactly these pipes: 0, 1, or both")
        ->required();
    app.add_option("--cells", options.file, "the file")->required();
    app.add_option("nodes", options.nodes,
                   "input, parameters, output, viewfinder, statistics, sub-device of pipe 0, and "
                   "of pipe 1")
        ->required();
    try {
        app.parse(argc, argv);
        return run(options);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        return fail(error.what());
    }
}
