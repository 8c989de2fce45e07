// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/recorder/expected.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sstream>

namespace ipu3::record {

namespace {

bool matches(std::string_view pattern, std::string_view text) {
    if (pattern.ends_with('*')) {
        return text.starts_with(pattern.substr(0, pattern.size() - 1));
    }
    return pattern == text;
}

} // namespace

base::Result<Expected> Expected::parse(std::string_view text) {
    Expected expected;
    std::istringstream lines{std::string{text}};
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
        std::istringstream words{line};
        Rule rule;
        if (!(words >> rule.key) || rule.key.starts_with('#')) {
            continue;
        }
        std::string reason;
        if (!(words >> rule.where >> rule.a >> rule.b >> reason)) {
            return base::fail("line {}: a difference has a key, a place, two values and a reason",
                              number);
        }
        if (rule.where.find(':') == std::string::npos) {
            return base::fail("line {}: {} is no place: it has no colon", number, rule.where);
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

bool Expected::covers(const Difference& difference) {
    bool covered = false;
    for (auto& rule : rules_) {
        if (matches(rule.where, difference.where) && matches(rule.a, difference.a) &&
            matches(rule.b, difference.b)) {
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
