// SPDX-License-Identifier: GPL-2.0-or-later
// One run: opening, streaming one way or the other, closing.
#pragma once

#include "lib/base/result.hpp"
#include "lib/v4l2/stop_signal.hpp"
#include "module-tests/ipu-dmatest/stream/buffers.hpp"
#include "module-tests/ipu-dmatest/stream/options.hpp"
#include "module-tests/ipu-dmatest/stream/report.hpp"
#include "module-tests/ipu-dmatest/stream/video_node.hpp"

#include <optional>

namespace ipu3::dmatest::stream {

/// Streams as @p options ask. Error: what could not be done at all; what was found to be wrong is
/// in the report.
[[nodiscard]] base::Result<Report> run(const Options& options, const v4l2::StopSignal& stop);

// The parts of run().

/// Opens the node and sets its layout and controls.
[[nodiscard]] base::Result<VideoNode> open_node(const Options& options, unsigned function,
                                                bool output);
/// The node whose buffers are imported, with its format set and no buffers; nothing if it is no
/// node that exports.
[[nodiscard]] base::Result<std::optional<VideoNode>> open_exporter(const Options& options);
/// Sets the layout that @p options ask for.
[[nodiscard]] base::Result<Layout> set_layout(VideoNode& node, const Options& options);
/// Waits for @p node; a timeout is an error.
[[nodiscard]] base::Result<v4l2::Woken> await(const VideoNode& node, const Options& options,
                                              const v4l2::StopSignal& stop);
/// Prints a line for a frame that came back, if --verbose.
void tell(const Options& options, std::string_view node, const Dequeued& frame,
          const Report& before, const Report& after);

[[nodiscard]] base::Result<Report> capture(const Options& options, const v4l2::StopSignal& stop);
[[nodiscard]] base::Result<Report> capture_by_read(const Options& options,
                                                   const v4l2::StopSignal& stop);
[[nodiscard]] base::Result<Report> output(const Options& options, const v4l2::StopSignal& stop);
[[nodiscard]] base::Result<Report> output_by_write(const Options& options,
                                                   const v4l2::StopSignal& stop);
[[nodiscard]] base::Result<Report> copy(const Options& options, const v4l2::StopSignal& stop);

} // namespace ipu3::dmatest::stream
