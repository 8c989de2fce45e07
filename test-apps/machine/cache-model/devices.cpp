// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/cache-model/devices.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <ranges>
#include <string>
#include <utility>

namespace ipu3::cache {
namespace {

struct Name {
    std::string_view option;
    std::string_view function;
    bool mmu{false};     ///< it has one of its own
    unsigned dmatest{0}; ///< how many DMA test functions it takes for the option to mean this one
};

// The I2C controllers are not among them: they have no DMA.
constexpr std::array names{
    Name{"cio2", "cio2"},
    Name{"imgu", "imgu", true},
    Name{"dmatest", "dmatest0", true, 1},
    Name{"dmatest", "dmatest1", true, 2},
    Name{"dmatest0", "dmatest0", true},
    Name{"dmatest1", "dmatest1", true},
};

std::string possible_names() {
    std::vector<std::string_view> options;
    for (const auto& name : names) {
        if (std::ranges::find(options, name.option) == options.end()) {
            options.push_back(name.option);
        }
    }
    std::string text;
    for (const auto option : options) {
        text += text.empty() ? "" : ", ";
        text += option;
    }
    return text;
}

/// Which accesses the word behind a name means; none: there is no such word.
std::optional<FunctionSpec> parse_accesses(std::string_view word) {
    if (word == "tables") {
        return FunctionSpec{.tables = true, .buffers = false};
    }
    if (word == "buffers") {
        return FunctionSpec{.tables = false, .buffers = true};
    }
    return std::nullopt;
}

/// Adds what @p accesses says to what is known of @p name.
void add(std::vector<FunctionSpec>& functions, std::string_view name,
         const FunctionSpec& accesses) {
    const auto known = std::ranges::find(functions, name, &FunctionSpec::name);
    if (known == functions.end()) {
        functions.push_back({std::string{name}, accesses.tables, accesses.buffers});
        return;
    }
    known->tables = known->tables || accesses.tables;
    known->buffers = known->buffers || accesses.buffers;
}

/// One word of the list.
base::Result<void> parse_word(std::string_view word, unsigned dmatest,
                              std::vector<FunctionSpec>& functions) {
    const auto colon = word.find(':');
    const auto option = word.substr(0, colon);
    auto accesses = std::optional{FunctionSpec{}};
    if (colon != std::string_view::npos) {
        accesses = parse_accesses(word.substr(colon + 1));
    }
    bool known = false;
    bool there = false;
    for (const auto& name : names) {
        if (name.option != option) {
            continue;
        }
        known = true;
        if (!accesses) {
            return base::fail("'{}': behind a name stands :tables, :buffers or nothing", word);
        }
        if (colon != std::string_view::npos && !name.mmu) {
            return base::fail("'{}': {} has no MMU, so all its accesses are of one kind", word,
                              option);
        }
        if (dmatest >= name.dmatest) {
            there = true;
            add(functions, name.function, *accesses);
        }
    }
    if (!known) {
        return base::fail("unknown device '{}'; possible: {}", option, possible_names());
    }
    if (!there) {
        return base::fail("'{}' names DMA test functions, and there is none", option);
    }
    return {};
}

} // namespace

base::Result<std::vector<FunctionSpec>> parse_noncoherent(std::string_view text, unsigned dmatest) {
    std::vector<FunctionSpec> functions;
    for (const auto part : std::views::split(text, ',')) {
        if (auto done = parse_word({part.begin(), part.end()}, dmatest, functions); !done) {
            return tl::unexpected{std::move(done.error())};
        }
    }
    if (functions.empty()) {
        return base::fail("no device is named; possible: {}", possible_names());
    }
    return functions;
}

} // namespace ipu3::cache
