// SPDX-License-Identifier: GPL-2.0-or-later
// What tests inside a kernel reported, in KTAP.
#pragma once

#include <cstddef>
#include <string>

namespace tests {

struct Verdict {
    std::size_t passed{0};
    std::size_t failed{0};
    bool complete{false}; ///< the last line is there, and tells of no failure
};

/// Counts KTAP's result lines, nested ones included, in a kernel log.
[[nodiscard]] Verdict read_ktap(const std::string& log);

} // namespace tests
