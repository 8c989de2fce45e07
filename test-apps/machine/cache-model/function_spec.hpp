// SPDX-License-Identifier: GPL-2.0-or-later
// A function of the board that is not coherent, or not in all that it does.
#pragma once

#include <string>

namespace ipu3::cache {

/// Which of a function's accesses look past the processors' caches; the others snoop.
struct FunctionSpec {
    std::string name{}; ///< the board's, at most 15 characters
    bool tables{true};  ///< its MMU's reads of page tables
    bool buffers{true}; ///< all others
    bool operator==(const FunctionSpec&) const = default;
};

} // namespace ipu3::cache
