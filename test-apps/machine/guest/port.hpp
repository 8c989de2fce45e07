// SPDX-License-Identifier: GPL-2.0-or-later
// The virtio-serial port to the launcher.
#pragma once

#include "machine/guest/system_call.hpp"

namespace ipu3::guest {

/// Waits for the port of the agent's name to appear under /sys/class/virtio-ports (the kernel
/// announces it some time after the bus) and opens its node, non-blocking. Gives up after 30 s,
/// @p slowness times (machine/vm/patience.hpp).
[[nodiscard]] base::Result<base::UniqueFd> open_port(double slowness);

/// Binds the port's driver anew, so that host and guest agree once more that both ends are there,
/// and opens it as open_port() does. The port must not be open. Bytes that are on their way from
/// the launcher are lost, so this is for a port that has lost the launcher anyway.
[[nodiscard]] base::Result<base::UniqueFd> reopen_port(double slowness);

} // namespace ipu3::guest
