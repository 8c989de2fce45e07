// SPDX-License-Identifier: GPL-2.0-or-later
// The event trace on disk.
#pragma once

#include "machine/virtual-ipu3/sim/trace.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>

namespace ipu3::device {

/// Writes trace lines to a file. A disk that is full loses lines, never the machine: the loss is
/// said once in the log and shows in finish().
class TraceFile {
  public:
    /// An empty @p path: no trace. Throws std::system_error when the file cannot be made.
    explicit TraceFile(std::filesystem::path path);

    /// Empty without a path. The file outlives the sink.
    [[nodiscard]] sim::Trace::Sink sink();

    /// Flushes; 0, or 1 when lines were lost: the process's exit status.
    [[nodiscard]] int finish();

  private:
    std::filesystem::path path_;
    std::ofstream file_;
    bool lost_{false};
};

} // namespace ipu3::device
