// SPDX-License-Identifier: GPL-2.0-or-later
// The buffers of one queue, whatever their memory is.
#pragma once

#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"
#include "lib/v4l2/dma_memory.hpp"
#include "lib/v4l2/memory.hpp"
#include "module-tests/ipu-dmatest/stream/options.hpp"
#include "module-tests/ipu-dmatest/stream/video_node.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

namespace ipu3::dmatest::stream {

/// One buffer: how the queue names it, and how the processor gets at it.
struct Buffer {
    std::optional<v4l2::Mapping> mapping;
    base::UniqueFd dmabuf;   ///< of which mapping is, or none
    std::uint32_t offset{0}; ///< of the buffer in the mapping
    std::uint32_t size{0};

    /// These three: std::logic_error if the mapping has been taken away.
    [[nodiscard]] std::span<std::uint8_t> bytes() const { return mapped().subspan(offset, size); }
    /// Bytes before and behind the buffer in the mapping.
    [[nodiscard]] std::span<std::uint8_t> before() const { return mapped().first(offset); }
    [[nodiscard]] std::span<std::uint8_t> behind() const { return mapped().subspan(offset + size); }

    /// Calls @p use between the calls that a dma-buf wants around the processor's accesses.
    [[nodiscard]] base::Result<void> access(v4l2::CpuAccess kind,
                                            const std::function<void()>& use) const;

  private:
    [[nodiscard]] std::span<std::uint8_t> mapped() const {
        if (!mapping) {
            throw std::logic_error{"the processor has no mapping of this buffer"};
        }
        return mapping->bytes();
    }
};

class Buffers {
  public:
    /// Allocates, maps or gets the buffers that @p options ask for and tells @p node of them.
    /// @p exporter is the node that dmabuf-import's memory comes from with Exporter::node; it must
    /// have its layout set, and outlives the buffers.
    [[nodiscard]] static base::Result<Buffers> make(VideoNode& node, const Options& options,
                                                    const Layout& layout, VideoNode* exporter);
    /// Imports @p others' memory, which must be dma-bufs.
    [[nodiscard]] static base::Result<Buffers> import(VideoNode& node, const Buffers& others);

    [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(all_.size()); }
    [[nodiscard]] const Buffer& at(std::uint32_t index) const { return all_.at(index); }
    [[nodiscard]] v4l2_memory memory() const { return memory_; }

    /// Takes the processor's mappings away: what is queued can be reached by devices only.
    void unmap();

    /// Queues buffer @p index to @p node; @p bytes count for output only.
    [[nodiscard]] base::Result<void> queue(VideoNode& node, std::uint32_t index,
                                           std::uint32_t bytes, std::uint32_t flags = 0) const;

  private:
    Buffers(v4l2_memory memory, std::vector<Buffer> all) : memory_{memory}, all_{std::move(all)} {}
    v4l2_memory memory_;
    std::vector<Buffer> all_;
};

} // namespace ipu3::dmatest::stream
