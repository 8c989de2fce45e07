// SPDX-License-Identifier: GPL-2.0-or-later
// What libcamera's lc-compliance says.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// Its tests' outcomes.
struct LcCompliance {
    std::size_t announced{0}; ///< how many tests there are
    std::size_t passed{0};
    /// Tests that failed for nothing else than that libcamera's ipu3 pipeline handler leaves the
    /// colour space of a configuration unset: `cfg.colorSpace` in lc-compliance's capture.cpp.
    /// Frames were captured all the same. No driver can help it.
    std::size_t only_colour_space{0};
    std::map<std::string, std::size_t> skipped; ///< by reason
    std::vector<std::string> failed;            ///< all others

    [[nodiscard]] std::size_t outcomes() const;
};

/// Reads the GoogleTest report in @p log, between the lines of libcamera's own log.
[[nodiscard]] LcCompliance read_lc_compliance(std::string_view log);

} // namespace tests
