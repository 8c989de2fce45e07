// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/camera-bench/module_code.hpp"

#include "lib/base/number.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace ipu3::camera_bench {

namespace {

constexpr std::uint64_t page_bytes = 4096;

/// "ffffffffc0a01000 t cio2_irq\t[ipu3_cio2]"; the kernel's own have no brackets.
struct Symbol {
    std::uint64_t page{0};
    std::string_view module;
};

/// Nothing for what is no code.
std::optional<Symbol> parse_code_symbol(std::string_view line) {
    const auto space = line.find(' ');
    if (space == std::string_view::npos || space + 1 >= line.size() ||
        (line[space + 1] != 't' && line[space + 1] != 'T')) {
        return std::nullopt;
    }
    const auto address = base::parse_number<std::uint64_t>(line.substr(0, space), 16).value_or(0);
    if (address == 0) {
        return std::nullopt;
    }
    const auto bracket = line.rfind('[');
    const bool of_module = bracket != std::string_view::npos && line.ends_with(']');
    return Symbol{address / page_bytes * page_bytes,
                  of_module ? line.substr(bracket + 1, line.size() - bracket - 2)
                            : std::string_view{}};
}

} // namespace

std::vector<std::uint64_t> code_pages(std::string_view kallsyms, std::string_view module) {
    std::set<std::uint64_t> ours;
    std::set<std::uint64_t> others;
    while (!kallsyms.empty()) {
        const auto end = std::min(kallsyms.find('\n'), kallsyms.size());
        if (const auto symbol = parse_code_symbol(kallsyms.substr(0, end))) {
            (symbol->module == module ? ours : others).insert(symbol->page);
        }
        kallsyms.remove_prefix(std::min(end + 1, kallsyms.size()));
    }
    std::vector<std::uint64_t> pages;
    if (ours.empty()) {
        return pages;
    }
    for (auto page = *ours.begin(); page <= *ours.rbegin(); page += page_bytes) {
        pages.push_back(page);
    }
    // The last function may reach into a page in which none begins.
    if (const auto next = *ours.rbegin() + page_bytes; !others.contains(next)) {
        pages.push_back(next);
    }
    return pages;
}

} // namespace ipu3::camera_bench
