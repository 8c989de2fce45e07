// SPDX-License-Identifier: GPL-2.0-or-later
// Signals to the launcher, taken as events.
#pragma once

#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"

namespace ipu3::vm {

/// Blocks SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGWINCH and gives a non-blocking signalfd for them.
/// Ignores SIGPIPE, whose cause then shows as EPIPE.
[[nodiscard]] base::Result<base::UniqueFd> take_signals();

} // namespace ipu3::vm
