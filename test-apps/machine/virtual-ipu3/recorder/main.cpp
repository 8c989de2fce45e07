// SPDX-License-Identifier: GPL-2.0-or-later
// ipu3-record: shows and compares recordings of what a driver told the ImgU (ipu3-vm --record).
#include "machine/virtual-ipu3/recorder/diff.hpp"
#include "machine/virtual-ipu3/recorder/expected.hpp"
#include "machine/virtual-ipu3/recorder/recording.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <span>
#include <string>
#include <string_view>

namespace {

using namespace ipu3::record;

constexpr int same = 0;
constexpr int different = 1;
constexpr int failed = 2;

struct Options {
    std::filesystem::path a;
    std::filesystem::path b;
    std::filesystem::path expected;
    DiffOptions diff;
    bool all{false};
    bool frames{false};
    bool bytes{false};
};

int fail(std::string_view sentence) {
    fmt::print(stderr, "ipu3-record: {}\n", sentence);
    return failed;
}

std::string masks() {
    std::string text{"Not compared:\n"};
    for (const auto& mask : masked_writes()) {
        text += fmt::format("  {:<20} {}\n", mask.pattern, mask.why);
    }
    return text +
           "  addresses            by what they lead to only; --exact: to which of those\n"
           "  order                of hand-overs of different kinds, and of those and writes\n"
           "\nStatus: 0 no difference, 1 some, 2 an error.";
}

/// What was expected and did not occur is a difference, too.
std::size_t report_unseen(const Expected& expected) {
    const auto keys = expected.unseen();
    for (const auto& key : keys) {
        fmt::print("expected and not found: {}\n", key);
    }
    return keys.size();
}

int run_diff(Options options) {
    auto a = read(options.a);
    if (!a) {
        return fail(a.error().message);
    }
    auto b = read(options.b);
    if (!b) {
        return fail(b.error().message);
    }
    if (options.frames) {
        for (auto* const recording : {&*a, &*b}) {
            *recording = without_idle_starts(*recording);
        }
    }
    Expected expected;
    if (!options.expected.empty()) {
        auto read_from = Expected::read(options.expected);
        if (!read_from) {
            return fail(read_from.error().message);
        }
        expected = std::move(*read_from);
        options.diff.is_expected = [&expected](const Difference& difference) {
            return expected.covers(difference);
        };
    }
    std::size_t differences = 0;
    if (a->firmware != b->firmware) {
        fmt::print("firmware: {} | {}\n", a->firmware, b->firmware);
        ++differences;
    }
    for (const auto& channel : compare(*a, *b, options.diff)) {
        fmt::print("{}: {} | {}, {}\n", channel.name, channel.entries_a, channel.entries_b,
                   channel.differences != 0 ? fmt::format("{} differences", channel.differences)
                   : channel.expected != 0
                       ? fmt::format("the same but for {} expected differences", channel.expected)
                       : std::string{"the same"});
        for (const auto& line : channel.lines) {
            fmt::print("  {}\n", line);
        }
        if (channel.differences > channel.lines.size()) {
            fmt::print("  ... and {} more (--all shows them)\n",
                       channel.differences - channel.lines.size());
        }
        differences += channel.differences;
    }
    differences += report_unseen(expected);
    return differences == 0 ? same : different;
}

void show(const Write& write) {
    if (write.pointer.empty()) {
        fmt::print("write {:#07x} {}  {} = {:#x}\n", write.at, write.size, write.name, write.value);
    } else {
        fmt::print("write {:#07x} {}  {} = &{}\n", write.at, write.size, write.name, write.pointer);
    }
}

void show(const HandOver& hand_over, bool bytes) {
    fmt::print("pipe {} {}\n", hand_over.pipe, hand_over.what);
    for (const auto& part : hand_over.parts) {
        if (!part.block) {
            fmt::print("    {}: cannot be read\n", part.kind);
            continue;
        }
        fmt::print("    {}: {} bytes\n", part.kind, part.block->bytes.size());
        for (const auto& [offset, name] : part.block->pointers) {
            if (name != "null") {
                fmt::print("        {:#x}: &{}\n", offset, name);
            }
        }
        constexpr std::size_t columns = 16;
        const std::span all{part.block->bytes};
        for (std::size_t at = 0; bytes && at < all.size(); at += columns) {
            const auto row = all.subspan(at, std::min(columns, all.size() - at));
            fmt::print("        {:05x}: {:02x}\n", at, fmt::join(row, " "));
        }
    }
}

int run_show(const Options& options) {
    const auto recording = read(options.a);
    if (!recording) {
        return fail(recording.error().message);
    }
    fmt::print("firmware {}\n", recording->firmware);
    for (const auto& entry : recording->entries) {
        if (const auto* const write = std::get_if<Write>(&entry)) {
            show(*write);
        } else {
            show(std::get<HandOver>(entry), options.bytes);
        }
    }
    return same;
}

int run(int argc, char** argv) {
    Options options;
    CLI::App app{"Shows and compares recordings of what a driver told the ImgU.", "ipu3-record"};
    app.require_subcommand(1);
    auto* diff = app.add_subcommand("diff", "Compare two recordings; names what differs");
    diff->add_option("A", options.a, "A recording")->required();
    diff->add_option("B", options.b, "Another")->required();
    diff->add_flag("--exact", options.diff.exact, "Also which of several blocks of a kind it was");
    diff->add_flag("--common", options.diff.common, "One recording may go on where the other ends");
    diff->add_flag("--with-frames", options.frames,
                   "Not the starts that no frame was given to: a driver may start one pipe before "
                   "the other");
    diff->add_option("--expected", options.expected,
                     "Differences that are meant, a file: KEY WHERE A B REASON a line; each KEY "
                     "must occur");
    diff->add_flag("--all", options.all, "Every difference, not the first of each kind");
    diff->footer(masks());
    auto* shown = app.add_subcommand("show", "Print a recording, an entry a line");
    shown->add_option("FILE", options.a, "The recording")->required();
    shown->add_flag("--bytes", options.bytes, "Also what is in the blocks");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? same : failed;
    }
    if (options.all) {
        options.diff.lines_at_most = 0;
    }
    return *diff ? run_diff(options) : run_show(options);
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        return fail(error.what());
    }
}
