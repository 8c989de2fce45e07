// SPDX-License-Identifier: GPL-2.0-or-later
// What came: a line a frame, and a summary.
#pragma once

#include "lib/v4l2/page_map.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ipu3::capture {

/// One frame that came back.
struct FrameRecord {
    std::uint64_t index{0};    ///< among those that came, from 0
    std::uint32_t buffer{0};   ///< which of the queue's it was in
    std::uint32_t sequence{0}; ///< the driver's number
    std::uint32_t bytes{0};
    bool damaged{false};
    bool written{false};
    std::optional<std::chrono::nanoseconds> timestamp; ///< CLOCK_MONOTONIC
    std::optional<std::chrono::nanoseconds> latency;   ///< from then until it was dequeued
};

/// Sums over the frames of one stream.
class Statistics {
  public:
    /// Counts @p frame; how many sequence numbers are missing before it.
    std::uint64_t add(const FrameRecord& frame);

    [[nodiscard]] std::uint64_t frames() const { return frames_; }
    [[nodiscard]] std::uint64_t lost() const { return lost_; }
    [[nodiscard]] std::uint64_t errors() const { return errors_; }
    [[nodiscard]] std::uint64_t written() const { return written_; }
    /// Frames a second that came, by their timestamps; none with fewer than two.
    [[nodiscard]] std::optional<double> fps() const;

  private:
    std::uint64_t frames_{0};
    std::uint64_t lost_{0};
    std::uint64_t errors_{0};
    std::uint64_t written_{0};
    std::uint64_t timed_{0}; ///< frames with a timestamp
    std::optional<std::uint32_t> last_sequence_;
    std::optional<std::chrono::nanoseconds> first_time_;
    std::optional<std::chrono::nanoseconds> last_time_;
};

/// How a capture ended.
struct Ending {
    bool interrupted{false};
    std::string error; ///< a sentence; empty: none
};

// Each of these is one line with its end.

[[nodiscard]] std::string table_header();
/// @p lost: sequence numbers that are missing before the frame.
[[nodiscard]] std::string table_line(const FrameRecord& frame, std::uint64_t lost);
[[nodiscard]] std::string json_line(const FrameRecord& frame, std::uint64_t lost);
/// @p buffers: the pages of each, as [[[ADDRESS or null, PAGES], ...], ...].
[[nodiscard]] std::string pages_json(std::span<const std::vector<v4l2::PageRun>> buffers);
[[nodiscard]] std::string summary_line(const Statistics& statistics, const Ending& ending);
[[nodiscard]] std::string summary_json(const Statistics& statistics, const Ending& ending);

} // namespace ipu3::capture
