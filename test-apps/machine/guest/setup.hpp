// SPDX-License-Identifier: GPL-2.0-or-later
// What happens in the guest between an empty Linux and the user's command, in a process of its own
// so that init can pass the kernel's log on meanwhile.
#pragma once

#include "machine/guest/system_call.hpp"
#include "machine/vm/agent_protocol.hpp"

#include <functional>

namespace ipu3::guest {

/// Host name and loopback interface.
[[nodiscard]] Status set_up_network();

/// Starts udev, lets it load the drivers of what the machine has and waits until each of them has
/// had its chance at each device. @p reached is told the name of each step when it is done. Every
/// wait in it is @p slowness times (see machine/vm/patience.hpp) what Debian's kernels need.
[[nodiscard]] Status load_drivers(double slowness,
                                  const std::function<void(std::string_view)>& reached);

/// Becomes the command. Returns only if it cannot: 127 when it is not found, 126 when it cannot be
/// run, as shells have it; the reason is on standard error.
[[nodiscard]] int become(const agent::RunRequest& request);

} // namespace ipu3::guest
