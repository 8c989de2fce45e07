// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/functional/lc_compliance.hpp"

#include <charconv>
#include <numeric>
#include <sstream>

namespace tests {

namespace {

/// What was said since the test began.
struct Said {
    std::string skipped; ///< the reason
    std::size_t failures{0};
    std::size_t colour_space{0}; ///< of the failures
};

} // namespace

std::size_t LcCompliance::outcomes() const {
    return passed + only_colour_space + failed.size() +
           std::accumulate(skipped.begin(), skipped.end(), std::size_t{0},
                           [](std::size_t sum, const auto& entry) { return sum + entry.second; });
}

LcCompliance read_lc_compliance(std::string_view log) {
    LcCompliance result;
    Said said;
    std::istringstream lines{std::string{log}};
    std::string before;
    for (std::string line; std::getline(lines, line); before = line) {
        if (constexpr std::string_view running{"[==========] Running "};
            line.starts_with(running)) {
            (void)std::from_chars(line.data() + running.size(), line.data() + line.size(),
                                  result.announced);
        } else if (line.starts_with("[ RUN      ]")) {
            said = {};
        } else if (line.ends_with(": Failure")) {
            ++said.failures;
        } else if (before.ends_with(": Failure") && line == "Value of: cfg.colorSpace") {
            ++said.colour_space;
        } else if (before.ends_with(": Skipped")) {
            said.skipped = line;
        } else if (!line.ends_with(" ms)")) {
            continue; // the summary at the end names tests again, without times
        } else if (line.starts_with("[       OK ]")) {
            ++result.passed;
        } else if (line.starts_with("[  SKIPPED ]")) {
            ++result.skipped[said.skipped];
        } else if (line.starts_with("[  FAILED  ]")) {
            if (said.failures > said.colour_space || said.failures == 0) {
                result.failed.push_back(line);
            } else if (said.skipped.empty()) {
                ++result.only_colour_space;
            } else {
                ++result.skipped[said.skipped];
            }
        }
    }
    return result;
}

} // namespace tests
