// SPDX-License-Identifier: GPL-2.0-or-later
// imgu-differ: random cases through the module's computations and the packaged driver's.
#include "differ.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <fmt/format.h>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace {

struct Options {
    std::string reference;
    std::string differences;
    std::uint64_t cases{1'000'000};
    std::uint64_t seed{1};
    std::uint64_t first{0};
    bool until_accepted{true};
    bool show{false};
    bool no_quotas{false};
    std::uint64_t keep_going{0};
    bool brief{false};
};

/// Wrong cases by their first line without its numbers, and the first case of each.
using Kinds = std::map<std::string, std::pair<std::uint64_t, std::uint64_t>>;

std::string kind_of(std::string_view wrong) {
    auto line = std::string{wrong.substr(0, wrong.find('\n'))};
    line = line.substr(0, line.find(" (word"));
    line = line.substr(std::min(line.find(": ") + 2, line.size()));
    // Numbers but an index: "12 lines are processed of 30".
    if (line.find('[') == std::string::npos) {
        std::erase_if(line, [](char letter) { return letter >= '0' && letter <= '9'; });
    }
    return line;
}

int run(const Options& options) {
    differential::Ours ours;
    differential::Differ differ{options.reference, options.differences, ours};
    if (options.show) {
        const auto made = differential::make_case(options.seed, options.first, differ.exchange());
        fmt::print("{}", differential::describe(made, differ.exchange()));
        const auto wrong = differ.run(made);
        fmt::print("{}\n", wrong.empty() ? "no difference that is not expected" : wrong);
        return wrong.empty() ? 0 : 1;
    }
    const auto start = std::chrono::steady_clock::now();
    auto told = start;
    std::uint64_t wrong_cases = 0;
    bool starved = false;
    Kinds kinds;
    for (auto number = options.first; differ.coverage().accepted < options.cases; ++number) {
        if (const auto wrong = differ.run(options.seed, number); !wrong.empty()) {
            if (!options.brief) {
                fmt::print("{}\n", wrong);
            }
            const auto found = kinds.try_emplace(kind_of(wrong), 0, number).first;
            ++found->second.first;
            if (++wrong_cases > options.keep_going) {
                break;
            }
        }
        starved = differential::starves(differ.coverage());
        if (starved) {
            break;
        }
        if (const auto now = std::chrono::steady_clock::now();
            now - told > std::chrono::seconds{10}) {
            told = now;
            fmt::print(stderr, "imgu-differ: {} of {} cases, {:.0f} s\n",
                       differ.coverage().accepted, options.cases,
                       std::chrono::duration<double>(now - start).count());
        }
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    fmt::print("{}{:.1f} s, {:.0f} us a case\n",
               differential::report(differ.coverage(), differ.differences(), differ.child()),
               took.count(), 1e6 * took.count() / static_cast<double>(differ.coverage().cases));
    for (const auto& [kind, count] : kinds) {
        fmt::print("wrong: {} cases: {} (case {})\n", count.first, kind, count.second);
    }
    auto failed = wrong_cases != 0;
    if (starved) {
        fmt::print("{} of {} cases are taken by both, hardly any\n", differ.coverage().accepted,
                   differ.coverage().cases);
        failed = true;
    }
    if (!options.no_quotas && !failed) {
        for (const auto& missed : differential::shortfalls(differ.coverage())) {
            fmt::print("too few: {}\n", missed);
            failed = true;
        }
        for (const auto& key : differ.differences().unseen()) {
            fmt::print("expected, but never seen: {}\n", key);
            failed = true;
        }
    }
    fmt::print("{}\n", failed ? "FAILED" : "passed");
    return failed ? 1 : 0;
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{
        "Random cases through the image processor driver's computations and through those of the "
        "kernel's own "
        "driver: what both make must be the same, but for the differences that are expected."};
    app.add_option("--reference", options.reference, "the program imgu-staging-reference")
        ->required();
    app.add_option("--differences", options.differences, "the file of expected differences")
        ->required();
    app.add_option("--cases", options.cases, "cases that both are to take")->capture_default_str();
    app.add_option("--seed", options.seed, "of which the cases are made")->capture_default_str();
    app.add_option("--first", options.first, "number of the first case")->capture_default_str();
    app.add_flag("--show", options.show, "that case alone, in words");
    app.add_option("--keep-going", options.keep_going,
                   "stop after so many wrong cases and one more")
        ->capture_default_str();
    app.add_flag("--no-quotas", options.no_quotas,
                 "do not ask that everything is covered, and each difference seen");
    app.add_flag("--brief", options.brief,
                 "of wrong cases no more than how many there are of each kind");
    try {
        app.parse(argc, argv);
        return run(options);
    } catch (const CLI::ParseError& error) {
        return app.exit(error);
    } catch (const std::exception& error) {
        fmt::print(stderr, "imgu-differ: {}\n", error.what());
        return 1;
    }
}
