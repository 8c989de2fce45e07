// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/recorder/expected.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

namespace ipu3::record {

namespace {

bool matches(std::string_view pattern, std::string_view text) {
    if (pattern.ends_with('*')) {
        return text.starts_with(pattern.substr(0, pattern.size() - 1));
    }
    return pattern == text;
}

/// A number as lines of the file have it, or the comparison: "0x1f" or "31".
std::optional<std::uint64_t> number(std::string_view text) {
    const bool hex = text.starts_with("0x");
    text.remove_prefix(hex ? 2 : 0);
    std::uint64_t value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{value}
                                                                    : std::nullopt;
}

/// Whether it is about what no recording shows.
bool is_of_another_comparison(std::string_view where) {
    return where.find('@') != std::string_view::npos || where.starts_with("accepted:") ||
           where.ends_with(":reserved");
}

bool is_place(std::string_view pattern, std::string_view where) {
    const auto first = where.find(':');
    return matches(pattern, where) ||
           (!where.starts_with("writes:") && first != std::string_view::npos &&
            pattern.find(':') != std::string_view::npos &&
            matches(pattern, where.substr(first + 1)));
}

} // namespace

base::Result<Expected> Expected::parse(std::string_view text) {
    Expected expected;
    std::istringstream lines{std::string{text}};
    std::string line;
    for (std::size_t line_number = 1; std::getline(lines, line); ++line_number) {
        std::istringstream words{line};
        Rule rule;
        if (!(words >> rule.key) || rule.key.starts_with('#')) {
            continue;
        }
        std::string reason;
        if (!(words >> rule.where >> rule.a >> rule.b >> reason)) {
            return base::fail("line {}: a difference has a key, a place, two values and a reason",
                              line_number);
        }
        if (rule.where.find(':') == std::string::npos) {
            return base::fail("line {}: {} is no place: it has no colon", line_number, rule.where);
        }
        if (is_of_another_comparison(rule.where)) {
            continue;
        }
        if (rule.where.find("..") != std::string::npos) {
            return base::fail("line {}: {}: a range needs a condition", line_number, rule.where);
        }
        if (const auto at = rule.where.find('&'); at != std::string::npos) {
            rule.mask = number(std::string_view{rule.where}.substr(at + 1));
            if (!rule.mask) {
                return base::fail("line {}: {}: no number behind '&'", line_number, rule.where);
            }
            rule.where.resize(at);
        }
        expected.rules_.push_back(std::move(rule));
    }
    return expected;
}

base::Result<Expected> Expected::read(const std::filesystem::path& path) {
    std::ifstream file{path};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file.is_open() || file.bad()) {
        return base::fail("{} cannot be read", path.string());
    }
    auto expected = parse(text);
    if (!expected) {
        return base::fail("{}, {}", path.string(), expected.error().message);
    }
    return expected;
}

bool Expected::covers(const Rule& rule, const Difference& difference) {
    if (!is_place(rule.where, difference.where)) {
        return false;
    }
    const auto a = number(difference.a);
    const auto b = number(difference.b);
    const auto mask = rule.mask.value_or(~std::uint64_t{0});
    if (rule.mask && (!a || !b || ((*a ^ *b) & ~mask) != 0)) {
        return false;
    }
    const auto is = [&](std::string_view wanted, std::string_view text,
                        std::optional<std::uint64_t> value) {
        const auto wanted_value = number(wanted);
        return wanted_value && value ? (*wanted_value & mask) == (*value & mask)
                                     : matches(wanted, text);
    };
    return is(rule.a, difference.a, a) && is(rule.b, difference.b, b);
}

bool Expected::covers(const Difference& difference) {
    bool covered = false;
    for (auto& rule : rules_) {
        if (covers(rule, difference)) {
            rule.seen = true;
            covered = true;
        }
    }
    return covered;
}

std::vector<std::string> Expected::unseen() const {
    std::vector<std::string> keys;
    for (const auto& rule : rules_) {
        const bool seen = std::ranges::any_of(
            rules_, [&](const Rule& other) { return other.key == rule.key && other.seen; });
        if (!seen && std::ranges::find(keys, rule.key) == keys.end()) {
            keys.push_back(rule.key);
        }
    }
    return keys;
}

} // namespace ipu3::record
