// SPDX-License-Identifier: GPL-2.0-or-later
// The stream itself: from STREAMON to STREAMOFF.
#pragma once

#include "apps/ipu3-capture/options.hpp"
#include "apps/ipu3-capture/output.hpp"
#include "apps/ipu3-capture/pipeline.hpp"
#include "lib/base/result.hpp"

namespace ipu3::capture {

/// Captures as @p options ask, with a line to @p table for each frame and one for the summary,
/// which comes also when something fails on the way. Returns whether a signal ended it.
[[nodiscard]] base::Result<bool> capture(const Options& options, Pipeline& pipeline,
                                         const StopSignal& stop, Output& table, const Notes& notes);

} // namespace ipu3::capture
