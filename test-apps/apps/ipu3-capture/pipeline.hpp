// SPDX-License-Identifier: GPL-2.0-or-later
// From sensor to node: links, formats, controls.
#pragma once

#include "apps/ipu3-capture/media_device.hpp"
#include "apps/ipu3-capture/options.hpp"
#include "apps/ipu3-capture/video_node.hpp"
#include "lib/base/result.hpp"

#include <functional>
#include <string>

namespace ipu3::capture {

/// Is told what was done, a sentence at a time.
using Notes = std::function<void(const std::string& sentence)>;

/// A node whose sensor, receiver and format are set up.
struct Pipeline {
    VideoNode node;
    Layout layout;
};

/// Opens the link from the sensor that @p options name, and sets its format and controls, the
/// receiver's formats and the node's. Error: what is not there, or what the driver did not take.
[[nodiscard]] base::Result<Pipeline> set_up(const MediaDevice& device, const Options& options,
                                            const Notes& notes);

} // namespace ipu3::capture
