// SPDX-License-Identifier: GPL-2.0-or-later
// How parsing a command line ends a program.
#pragma once

#include <string>

namespace base {

/// The end of the program at parsing: help on standard output, or a sentence on standard error.
struct ParseExit {
    int status{0};
    std::string output; ///< for standard output
    std::string error;  ///< for standard error
};

} // namespace base
