// SPDX-License-Identifier: GPL-2.0-or-later
// Runs the tools that prepare a machine.
#pragma once

#include "lib/base/result.hpp"

#include <string>
#include <vector>

namespace ipu3::vm {

/// Runs a program to its end and gives what it wrote to its standard output. @p signals is a
/// signalfd: a signal there ends the program and is left to be read by others. Error: it cannot be
/// run, it failed (with the last line that it wrote), or a signal came.
[[nodiscard]] base::Result<std::string> run_helper(const std::vector<std::string>& arguments,
                                                   int signals);

} // namespace ipu3::vm
