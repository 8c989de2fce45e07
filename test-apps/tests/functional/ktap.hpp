// SPDX-License-Identifier: GPL-2.0-or-later
// A judge of KTAP, the format in which tests inside of a kernel and scripts in the guest report.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// What became of a report's points.
struct KtapReport {
    std::size_t passed{0};             ///< points that are ok, those of subtests included
    std::size_t failed{0};             ///< points that are not ok
    std::vector<std::string> skipped;  ///< "WHAT: REASON" of each point that was skipped
    std::vector<std::string> problems; ///< a sentence each: points that are not ok or not there

    /// All that was planned came, and is ok or was skipped.
    [[nodiscard]] bool good() const { return problems.empty(); }
};

/// Judges the report in @p text, which may be a kernel's log with its time stamps. Lines that are
/// not KTAP's are left alone, but for those that seem to be meant as points. A report without
/// points, one without a plan, and points that are missing, unplanned or out of order are problems:
/// whoever dies before the end of a report does not pass.
///
/// The format: Documentation/dev-tools/ktap.rst of the kernel. The plan may come after the points,
/// as in TAP version 14, where their number depends on what is found.
[[nodiscard]] KtapReport judge_ktap(std::string_view text);

/// The problems and what was skipped, a line each, for a failing assertion.
[[nodiscard]] std::string describe(const KtapReport& report);

} // namespace tests
