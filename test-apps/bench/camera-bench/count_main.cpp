// SPDX-License-Identifier: GPL-2.0-or-later
// ipu3-count: how many instructions of kernel modules have been carried out so far. A script asks
// before and after what it measures.
#include "bench/camera-bench/machine_counters.hpp"
#include "bench/camera-bench/module_code.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace ipu3;

int fail(std::string_view why) {
    fmt::print(stderr, "ipu3-count: {}\n", why);
    return 1;
}

void print_functions(const std::vector<camera_bench::Function>& functions) {
    for (const auto& function : functions) {
        std::uint64_t count = 0;
        for (auto at = function.begin; at < function.end; at += camera_bench::code_piece_bytes) {
            count += camera_bench::instructions_in_piece(at);
        }
        if (count != 0) {
            fmt::print("{}\t{}\n", count, function.name);
        }
    }
}

int run(int argc, char** argv) {
    std::vector<std::string> modules;
    CLI::App app{"Prints how many instructions have been carried out in the code of kernel "
                 "modules since the machine began. Wants a virtual machine of one processor with "
                 "ipu3-count-plugin.so.",
                 "ipu3-count"};
    app.add_option("MODULE", modules, "as /proc/modules names it")->required();
    bool by_function = false;
    app.add_flag("--by-function", by_function,
                 "a line for each function that has carried out any, its count and its name, "
                 "instead of the sum");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (const auto checked = camera_bench::check_counters(); !checked) {
        return fail(checked.error().message);
    }
    std::ifstream file{"/proc/kallsyms"};
    const std::string kallsyms{std::istreambuf_iterator<char>{file}, {}};
    std::uint64_t sum = 0;
    for (const auto& module : modules) {
        const auto pages = camera_bench::code_pages(kallsyms, module);
        if (pages.empty()) {
            return fail("/proc/kallsyms does not tell where " + module + " is");
        }
        sum += std::transform_reduce(pages.begin(), pages.end(), std::uint64_t{0}, std::plus<>{},
                                     camera_bench::instructions_in_page);
        if (by_function) {
            print_functions(camera_bench::functions(kallsyms, module));
        }
    }
    if (!by_function) {
        fmt::print("{}\n", sum);
    }
    return std::fflush(stdout) == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        (void)std::fputs("ipu3-count: ", stderr);
        (void)std::fputs(error.what(), stderr);
        (void)std::fputs("\n", stderr);
        return 1;
    }
}
