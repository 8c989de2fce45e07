// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/cache-model/devices.hpp"

#include <algorithm>
#include <array>
#include <ranges>

namespace ipu3::cache {
namespace {

struct Name {
    std::string_view option;
    std::string_view function;
    unsigned dmatest{0}; ///< how many DMA test functions it takes for the option to mean this one
};

// The I2C controllers are not among them: they have no DMA.
constexpr std::array names{
    Name{"cio2", "cio2"},           Name{"imgu", "imgu"},         Name{"dmatest", "dmatest0", 1},
    Name{"dmatest", "dmatest1", 2}, Name{"dmatest0", "dmatest0"}, Name{"dmatest1", "dmatest1"},
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

} // namespace

base::Result<std::vector<std::string>> parse_noncoherent(std::string_view text, unsigned dmatest) {
    std::vector<std::string> functions;
    for (const auto part : std::views::split(text, ',')) {
        const std::string_view word{part.begin(), part.end()};
        bool known = false;
        bool there = false;
        for (const auto& name : names) {
            if (name.option != word) {
                continue;
            }
            known = true;
            if (dmatest < name.dmatest) {
                continue;
            }
            there = true;
            if (std::ranges::find(functions, name.function) == functions.end()) {
                functions.emplace_back(name.function);
            }
        }
        if (!known) {
            return base::fail("unknown device '{}'; possible: {}", word, possible_names());
        }
        if (!there) {
            return base::fail("'{}' names DMA test functions, and there is none", word);
        }
    }
    if (functions.empty()) {
        return base::fail("no device is named; possible: {}", possible_names());
    }
    return functions;
}

} // namespace ipu3::cache
