// SPDX-License-Identifier: GPL-2.0-or-later
// A V4L2 node: what this program does with it, as calls.
#pragma once

#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"

#include <cstdint>
#include <filesystem>
#include <linux/videodev2.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::dmatest::stream {

/// A frame's layout as the driver has it.
struct Layout {
    std::uint32_t width{0};
    std::uint32_t height{0};
    bool wide{false}; ///< 16 bits a pixel
    std::uint32_t stride{0};
    std::uint32_t sizeimage{0}; ///< bytes of a buffer

    [[nodiscard]] std::uint32_t line_bytes() const { return width * (wide ? 2 : 1); }
    /// Bytes of the lines with their padding.
    [[nodiscard]] std::uint32_t frame_bytes() const { return stride * height; }
};

struct FoundNode {
    std::filesystem::path path;
    std::string bus; ///< "PCI:0000:00:06.0"
    bool output{false};
};

/// The driver's nodes, in the order of bus and direction. Error: none, or /dev cannot be read.
[[nodiscard]] base::Result<std::vector<FoundNode>> find_nodes();
/// The first capture node of the driver @p driver, which is another one. Error: there is none.
[[nodiscard]] base::Result<FoundNode> find_capture_node_of(std::string_view driver);
/// The node of function @p function (0 is the first on the bus). Error: there is none.
[[nodiscard]] base::Result<FoundNode> find_node(unsigned function, bool output);

/// A buffer that came back.
struct Dequeued {
    std::uint32_t index;
    std::uint32_t sequence;
    std::uint32_t bytes;
    bool error;
};

class VideoNode {
  public:
    [[nodiscard]] static base::Result<VideoNode> open(const FoundNode& node);

    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] bool output() const { return output_; }

    /// The layout that the driver made of @p wanted, whose sizeimage may be more than it needs.
    [[nodiscard]] base::Result<Layout> set_layout(const Layout& wanted);
    /// How many buffers there are now.
    [[nodiscard]] base::Result<std::uint32_t> request_buffers(v4l2_memory memory,
                                                              std::uint32_t count);
    /// The same with buffers of @p size bytes, or of what the format needs if that is more.
    [[nodiscard]] base::Result<std::uint32_t>
    create_buffers(v4l2_memory memory, std::uint32_t count, std::uint32_t size);
    /// Length and offset for mmap() of MMAP buffer @p index.
    struct MmapPlace {
        std::uint32_t length;
        std::uint32_t offset;
    };
    [[nodiscard]] base::Result<MmapPlace> mmap_place(std::uint32_t index);
    [[nodiscard]] base::Result<base::UniqueFd> export_buffer(std::uint32_t index);

    /// Queues @p buffer, whose type and, for memory of user space, place are filled in by the
    /// caller.
    [[nodiscard]] base::Result<void> queue(v4l2_buffer buffer);
    /// The next buffer that is done; nothing when there is none yet.
    [[nodiscard]] base::Result<std::optional<Dequeued>> dequeue(v4l2_memory memory);
    [[nodiscard]] base::Result<void> stream_on();
    [[nodiscard]] base::Result<void> stream_off();

    [[nodiscard]] base::Result<void> set_control(std::uint32_t id, std::int32_t value);
    [[nodiscard]] base::Result<std::int64_t> long_control(std::uint32_t id);

    [[nodiscard]] std::uint32_t type() const {
        return output_ ? V4L2_BUF_TYPE_VIDEO_OUTPUT : V4L2_BUF_TYPE_VIDEO_CAPTURE;
    }

  private:
    VideoNode(base::UniqueFd fd, std::filesystem::path path, bool output)
        : fd_{std::move(fd)}, path_{std::move(path)}, output_{output} {}
    template <typename T>
    [[nodiscard]] base::Result<void> call(unsigned long request, std::string_view name,
                                          T& argument);

    base::UniqueFd fd_;
    std::filesystem::path path_;
    bool output_;
};

} // namespace ipu3::dmatest::stream
