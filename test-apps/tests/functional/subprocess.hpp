// SPDX-License-Identifier: GPL-2.0-or-later
// Runs one program to its end and keeps what it said.
#pragma once

#include "lib/base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

struct Outcome {
    int status{0};   ///< exit status, or 128 + signal
    std::string out; ///< standard output, all of it
    std::string err; ///< standard error, all of it
};

/// Runs @p argv (argv[0] is looked up in PATH) with @p input on standard input and waits for its
/// end. Error: the errno of what could not be set up or started.
[[nodiscard]] base::Result<Outcome> run(const std::vector<std::string>& argv,
                                        std::string_view input = {});

} // namespace tests
