// SPDX-License-Identifier: GPL-2.0-or-later
// --list: what is there.
#pragma once

#include "apps/ipu3-capture/media_device.hpp"
#include "lib/base/result.hpp"

#include <string>

namespace ipu3::capture {

/// The ports of @p device with their sensors, nodes, formats and sizes, as lines of text, or with
/// @p json as one JSON object a port and line.
[[nodiscard]] base::Result<std::string> list_ports(const MediaDevice& device, bool json);

} // namespace ipu3::capture
