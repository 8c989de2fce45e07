// SPDX-License-Identifier: GPL-2.0-or-later
// imgu-answers: asks a pipe of an ImgU all that user space can ask of formats, sizes, rectangles,
// controls and buffers without a stream, and writes a line for each question and its answer, for a
// comparison of drivers.
#include "module-tests/imgu-answers/pipe.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <vector>

namespace {

using namespace imgu_answers;

int run(int argc, char** argv) {
    CLI::App app{"Writes down what an ImgU's nodes answer"};
    std::vector<std::string> paths;
    bool unlinked = false;
    app.add_flag("--unlinked", unlinked, "only what is asked of nodes whose links are disabled");
    app.add_option("nodes", paths,
                   "input, parameters, output, viewfinder, statistics, sub-device of one pipe")
        ->required()
        ->expected(Pipe::kNodes + 1);
    CLI11_PARSE(app, argc, argv);

    const auto pipe = open_pipe(paths);
    if (!pipe) {
        fmt::print(stderr, "imgu-answers: {}\n", pipe.error().message);
        return 1;
    }
    if (unlinked) {
        ask_enumerations(*pipe);
        ask_try_formats(*pipe);
        ask_buffers(*pipe);
    } else {
        ask_set_formats(*pipe);
        ask_buffers(*pipe);
        ask_subdevice(*pipe);
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "imgu-answers: {}\n", error.what());
        return 1;
    }
}
