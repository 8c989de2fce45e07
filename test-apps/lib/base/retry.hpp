// SPDX-License-Identifier: GPL-2.0-or-later
// System calls that a signal may interrupt.
#pragma once

#include <cerrno>

namespace base {

/// Calls @p call again while a signal interrupts it; its last result, with errno as it left it.
template <typename Call>
auto retry(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR) {
        result = call();
    }
    return result;
}

} // namespace base
