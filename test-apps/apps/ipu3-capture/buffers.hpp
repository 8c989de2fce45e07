// SPDX-License-Identifier: GPL-2.0-or-later
// The buffers of a capture, whatever their memory is.
#pragma once

#include "apps/ipu3-capture/options.hpp"
#include "apps/ipu3-capture/video_node.hpp"
#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"
#include "lib/v4l2/memory.hpp"
#include "lib/v4l2/page_map.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace ipu3::capture {

/// One buffer: how the queue names it, and how the processor gets at it.
struct Buffer {
    v4l2::Mapping mapping;
    base::UniqueFd dmabuf;  ///< of which mapping is, or none
    std::uint32_t bytes{0}; ///< of the buffer; the mapping may have more

    [[nodiscard]] std::span<std::uint8_t> all() const { return mapping.bytes().first(bytes); }
};

class Buffers {
  public:
    /// Gets buffers of @p bytes for @p node, as many as @p options ask for or the driver wants.
    [[nodiscard]] static base::Result<Buffers> make(VideoNode& node, const Options& options,
                                                    std::uint32_t bytes);

    [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(all_.size()); }
    [[nodiscard]] v4l2_memory memory() const { return memory_; }

    /// The physical pages of each buffer. Error: that of v4l2::physical_pages().
    [[nodiscard]] base::Result<std::vector<std::vector<v4l2::PageRun>>> pages() const;

    /// Hands buffer @p index to the driver.
    [[nodiscard]] base::Result<void> queue(VideoNode& node, std::uint32_t index) const;
    /// Calls @p use with the bytes of @p frame, between the calls that a dma-buf wants around the
    /// processor's accesses. Error: those calls', @p use's, or a frame larger than its buffer.
    [[nodiscard]] base::Result<void>
    read(const Dequeued& frame,
         const std::function<base::Result<void>(std::span<const std::byte>)>& use) const;

  private:
    Buffers(v4l2_memory memory, std::vector<Buffer> all) : memory_{memory}, all_{std::move(all)} {}

    v4l2_memory memory_;
    std::vector<Buffer> all_;
};

} // namespace ipu3::capture
