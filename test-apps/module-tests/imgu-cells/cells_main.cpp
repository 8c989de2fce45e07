// SPDX-License-Identifier: GPL-2.0-or-later
// imgu-cells: writes a file of streams for imgu-run-cells.
#include "module-tests/imgu-cells/choose.hpp"

#include <CLI/CLI.hpp>
#include <exception>
#include <fmt/format.h>
#include <string>

namespace {

int run(const imgu_cells::Choosing& choosing, const std::string& file) {
    const auto chosen = imgu_cells::choose(choosing);
    for (const auto& pair : chosen.unmet) {
        fmt::print(stderr, "imgu-cells: no stream with {}\n", pair);
    }
    if (const auto written = imgu_cells::write_cells(file, chosen.cells); !written) {
        fmt::print(stderr, "imgu-cells: {}\n", written.error().message);
        return 1;
    }
    fmt::print("{} cells of {} candidates, {} pairs\n", chosen.cells.size(), chosen.candidates,
               chosen.pairs);
    if (chosen.cells.size() < choosing.cells) {
        fmt::print(stderr, "imgu-cells: no more than {} streams found\n", chosen.cells.size());
        return 1;
    }
    return chosen.unmet.empty() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    imgu_cells::Choosing choosing;
    std::string file;
    CLI::App app{"Chooses random streams of an ImgU that its two drivers take, so that each two "
                 "values of what they may be like meet in one, and writes them to a file for "
                 "imgu-run-cells."};
    app.add_option("--reference", choosing.reference, "the program imgu-staging-reference")
        ->required();
    app.add_option("--differences", choosing.differences, "the file of expected differences")
        ->required();
    app.add_option("--seed", choosing.seed, "of which the streams are made")->capture_default_str();
    app.add_option("--cells", choosing.cells, "at least so many")->capture_default_str();
    app.add_option("FILE", file, "where to write them")->required();
    try {
        app.parse(argc, argv);
        return run(choosing, file);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        fmt::print(stderr, "imgu-cells: {}\n", error.what());
        return 1;
    }
}
