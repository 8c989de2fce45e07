// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/misuse/verdict.hpp"

#include <cstdio>
#include <fmt/format.h>
#include <system_error>

namespace ipu3::v4l2 {

bool Verdict::expect(bool holds, std::string_view what) {
    ++checks_;
    if (!holds) {
        ++failures_;
        fmt::print("not ok: {}\n", what);
        (void)std::fflush(stdout); // a process that is killed next has said it
    }
    return holds;
}

bool Verdict::expect_errno(int got, int wanted, std::string_view what) {
    const auto name = [](int code) { return std::generic_category().message(code); };
    return expect(got == wanted, fmt::format("{}: {}, not {}", what, name(got), name(wanted)));
}

int run_all(Verdict& verdict, std::span<const std::function<base::Result<void>()>> tests) {
    for (const auto& test : tests) {
        if (const auto done = test(); !done) {
            verdict.expect(false, done.error().message);
        }
    }
    fmt::print("checks={} failures={}\n", verdict.checks(), verdict.failures());
    return verdict.failures() == 0 ? 0 : 1;
}

} // namespace ipu3::v4l2
