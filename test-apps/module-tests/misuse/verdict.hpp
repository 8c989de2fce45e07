// SPDX-License-Identifier: GPL-2.0-or-later
// What a program that looks for mistakes has found, said line by line.
#pragma once

#include "lib/base/result.hpp"

#include <fmt/format.h>
#include <functional>
#include <span>
#include <string_view>

namespace ipu3::v4l2 {

class Verdict {
  public:
    /// Says "not ok" when @p holds is false, and returns @p holds.
    bool expect(bool holds, std::string_view what);
    /// The same for the errno of a call, 0 for success.
    bool expect_errno(int got, int wanted, std::string_view what);

    [[nodiscard]] unsigned checks() const { return checks_; }
    [[nodiscard]] unsigned failures() const { return failures_; }

  private:
    unsigned checks_{0};
    unsigned failures_{0};
};

/// Makes @p call, which must fail with @p wanted, or succeed if that is 0, then @p free, which must
/// succeed. Says so when the errno is another one, or when what @p count counts is not what it was.
template <typename Call, typename Free, typename Count>
void expect_nothing_left(Verdict& verdict, std::string_view what, int wanted, Call call, Free free,
                         Count count) {
    const auto before = count();
    verdict.expect_errno(call(), wanted, what);
    verdict.expect_errno(free(), 0, fmt::format("{}: free", what));
    const auto after = count();
    verdict.expect(after == before,
                   fmt::format("{}: left {}, not {}", what, after.text(), before.text()));
}

/// Runs @p tests, whose own errors are failures, too, and prints the sum. The program's status.
[[nodiscard]] int run_all(Verdict& verdict,
                          std::span<const std::function<base::Result<void>()>> tests);

} // namespace ipu3::v4l2
