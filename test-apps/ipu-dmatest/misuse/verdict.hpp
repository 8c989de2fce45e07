// SPDX-License-Identifier: GPL-2.0-or-later
// What was found, said line by line.
#pragma once

#include <string_view>

namespace ipu3::dmatest::misuse {

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

} // namespace ipu3::dmatest::misuse
