// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/camera-bench/module_code.hpp"

#include "lib/base/number.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

namespace ipu3::camera_bench {

namespace {

constexpr std::uint64_t page_bytes = 4096;

/// "ffffffffc0a01000 t cio2_irq\t[ipu3_cio2]"; the kernel's own have no brackets.
struct Symbol {
    std::uint64_t address{0};
    std::string_view name;
    std::string_view module;

    [[nodiscard]] std::uint64_t page() const { return address / page_bytes * page_bytes; }
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
    const auto name = line.substr(std::min(space + 3, line.size()));
    return Symbol{address, name.substr(0, name.find('\t')),
                  of_module ? line.substr(bracket + 1, line.size() - bracket - 2)
                            : std::string_view{}};
}

/// Calls @p each with each symbol of code.
template <typename Each>
void for_each_symbol(std::string_view kallsyms, Each each) {
    while (!kallsyms.empty()) {
        const auto end = std::min(kallsyms.find('\n'), kallsyms.size());
        if (const auto symbol = parse_code_symbol(kallsyms.substr(0, end))) {
            each(*symbol);
        }
        kallsyms.remove_prefix(std::min(end + 1, kallsyms.size()));
    }
}

} // namespace

std::vector<std::uint64_t> code_pages(std::string_view kallsyms, std::string_view module) {
    std::set<std::uint64_t> ours;
    std::set<std::uint64_t> others;
    for_each_symbol(kallsyms, [&](const Symbol& symbol) {
        (symbol.module == module ? ours : others).insert(symbol.page());
    });
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

std::vector<Function> functions(std::string_view kallsyms, std::string_view module) {
    std::map<std::uint64_t, std::string_view> names; // the first of those that begin in one place
    for_each_symbol(kallsyms, [&](const Symbol& symbol) {
        if (symbol.module == module) {
            names.emplace(symbol.address, symbol.name);
        }
    });
    const auto pages = code_pages(kallsyms, module);
    std::vector<Function> found;
    for (auto at = names.begin(); at != names.end(); ++at) {
        const auto next = std::next(at);
        found.push_back({.begin = at->first,
                         .end = next == names.end() ? pages.back() + page_bytes : next->first,
                         .name = std::string{at->second}});
    }
    return found;
}

} // namespace ipu3::camera_bench
