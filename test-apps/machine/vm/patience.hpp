// SPDX-License-Identifier: GPL-2.0-or-later
// How patient with a guest one has to be: a kernel that checks every access is ten times as slow as
// one that does not, and so is any kernel on a busy host. How long it took to its init tells both.
#pragma once

#include <algorithm>
#include <chrono>

namespace ipu3::vm {

/// What Debian's kernels take to init on a quiet host, the slower of them.
inline constexpr std::chrono::milliseconds quiet_boot{3000};

/// How slow a guest may be that has not come to its init yet: a debug kernel was seen to take four
/// minutes to there on a busy host.
inline constexpr double slowness_before_init = 4;

/// What to multiply a wait with that is right for Debian's kernels on a quiet host; 1 at least.
/// @p boot: the guest's time from its kernel's start to its init.
[[nodiscard]] constexpr double slowness(std::chrono::milliseconds boot) {
    return std::max(1.0, static_cast<double>(boot.count()) / quiet_boot.count());
}

/// @p wait for a guest that is so slow.
template <typename Duration>
[[nodiscard]] constexpr Duration patient(Duration wait, double slowness) {
    return std::chrono::duration_cast<Duration>(
        std::chrono::duration<double, typename Duration::period>{wait} * slowness);
}

} // namespace ipu3::vm
