// SPDX-License-Identifier: GPL-2.0-or-later
// A CIO2's capture node: what this program does with it, as calls.
#pragma once

#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"
#include "lib/frames/raw_image.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <linux/videodev2.h>
#include <optional>
#include <string_view>

namespace ipu3::capture {

/// How a frame lies in memory, as the driver has it.
struct Layout {
    std::uint32_t pixelformat{0};
    frames::Size size;
    std::uint32_t bytes_per_line{0};
    std::uint32_t bytes{0}; ///< of a buffer
};

/// A buffer that came back.
struct Dequeued {
    std::uint32_t index{0};
    std::uint32_t sequence{0};
    std::uint32_t offset{0}; ///< of the frame in the buffer, bytes
    std::uint32_t bytes{0};  ///< of the frame
    bool damaged{false};
    std::optional<std::chrono::nanoseconds> timestamp; ///< CLOCK_MONOTONIC; none of another clock
    std::optional<std::chrono::nanoseconds> latency;   ///< from then until it was dequeued
};

class VideoNode {
  public:
    /// Error: it cannot be opened, or does not capture multi-planar frames by streaming.
    [[nodiscard]] static base::Result<VideoNode> open(const std::filesystem::path& path);

    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    /// Error: the driver changed format or size (both are named), or another program streams.
    [[nodiscard]] base::Result<Layout> set_format(std::uint32_t pixelformat, frames::Size size);
    /// How many buffers there are now, which may be more than @p count.
    [[nodiscard]] base::Result<std::uint32_t> request_buffers(v4l2_memory memory,
                                                              std::uint32_t count);
    /// For mmap() of MMAP buffer @p index, in bytes.
    struct MmapPlace {
        std::uint32_t length;
        std::uint32_t offset;
    };
    [[nodiscard]] base::Result<MmapPlace> mmap_place(std::uint32_t index);
    /// MMAP buffer @p index as a dma-buf.
    [[nodiscard]] base::Result<base::UniqueFd> export_buffer(std::uint32_t index);

    /// Queues buffer @p index. @p plane has userptr or fd, and length, for memory that is not the
    /// driver's.
    [[nodiscard]] base::Result<void> queue(v4l2_memory memory, std::uint32_t index,
                                           v4l2_plane plane);
    /// The next buffer that is done; nothing when there is none yet. The error's code is EIO when
    /// the driver gave the stream up, ENODEV when the device is gone.
    [[nodiscard]] base::Result<std::optional<Dequeued>> dequeue(v4l2_memory memory);
    [[nodiscard]] base::Result<void> stream_on();
    [[nodiscard]] base::Result<void> stream_off();

  private:
    VideoNode(base::UniqueFd fd, std::filesystem::path path)
        : fd_{std::move(fd)}, path_{std::move(path)} {}
    template <typename T>
    [[nodiscard]] base::Result<void> ask(unsigned long request, std::string_view name, T& argument);

    base::UniqueFd fd_;
    std::filesystem::path path_;
};

} // namespace ipu3::capture
