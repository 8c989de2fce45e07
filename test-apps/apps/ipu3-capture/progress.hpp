// SPDX-License-Identifier: GPL-2.0-or-later
// A line on the terminal that tells how far the capture is.
#pragma once

#include "apps/ipu3-capture/report.hpp"

#include <chrono>
#include <cstdint>

namespace ipu3::capture {

/// Renews its line on standard error a few times a second, and takes it away at the end.
class Progress {
  public:
    /// Shows nothing unless @p enabled. @p total frames are to come; 0: nobody knows.
    Progress(bool enabled, std::uint64_t total) : enabled_{enabled}, total_{total} {}
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    Progress(Progress&&) = delete;
    Progress& operator=(Progress&&) = delete;
    ~Progress();

    void show(const Statistics& statistics);

  private:
    bool enabled_;
    std::uint64_t total_;
    bool shown_{false};
    std::chrono::steady_clock::time_point next_;
};

} // namespace ipu3::capture
