// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/ipu-dmatest/stream/video_node.hpp"

#include "lib/v4l2/system_call.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <tuple>

namespace ipu3::dmatest::stream {

namespace {

using v4l2::text_of;

constexpr std::string_view driver_name = "ipu-dmatest";

} // namespace

namespace {

/// The nodes of the driver @p driver, in the order of bus and direction; maybe none. Error: /dev
/// cannot be read.
base::Result<std::vector<FoundNode>> nodes_of(std::string_view driver) {
    std::vector<FoundNode> found;
    std::error_code error;
    for (std::filesystem::directory_iterator entry{"/dev", error}, end; !error && entry != end;
         entry.increment(error)) {
        if (!entry->path().filename().string().starts_with("video")) {
            continue;
        }
        const base::UniqueFd fd{::open(entry->path().c_str(), O_RDWR | O_CLOEXEC)};
        v4l2_capability capability{};
        if (!fd || !v4l2::call(fd.get(), VIDIOC_QUERYCAP, "VIDIOC_QUERYCAP", capability) ||
            text_of(capability.driver) != driver ||
            (capability.device_caps & (V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_VIDEO_CAPTURE)) == 0) {
            continue; // somebody else's, or not for video
        }
        found.push_back({entry->path(), text_of(capability.bus_info),
                         (capability.device_caps & V4L2_CAP_VIDEO_OUTPUT) != 0});
    }
    if (error) {
        return base::fail_errno(error.value(), "cannot read /dev");
    }
    std::ranges::sort(found, {}, [](const FoundNode& node) {
        return std::tuple{node.bus, node.output, node.path};
    });
    return found;
}

} // namespace

base::Result<std::vector<FoundNode>> find_nodes() {
    auto found = nodes_of(driver_name);
    if (found && found->empty()) {
        return base::fail("no node of the driver {}: is it loaded, and the device there?",
                          driver_name);
    }
    return found;
}

base::Result<FoundNode> find_capture_node_of(std::string_view driver) {
    const auto nodes = nodes_of(driver);
    if (!nodes) {
        return tl::unexpected{nodes.error()};
    }
    const auto node = std::ranges::find(*nodes, false, &FoundNode::output);
    if (node == nodes->end()) {
        return base::fail("no capture node of the driver {}: is it loaded?", driver);
    }
    return *node;
}

base::Result<FoundNode> find_node(unsigned function, bool output) {
    auto nodes = find_nodes();
    if (!nodes) {
        return tl::unexpected{nodes.error()};
    }
    std::erase_if(*nodes, [output](const FoundNode& node) { return node.output != output; });
    if (function >= nodes->size()) {
        return base::fail("there is no function {} with such a node, only {}", function,
                          nodes->size());
    }
    return (*nodes)[function];
}

base::Result<VideoNode> VideoNode::open(const FoundNode& node) {
    base::UniqueFd fd{::open(node.path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK)};
    if (!fd) {
        return base::fail_errno(errno, "cannot open {}", node.path.string());
    }
    return VideoNode{std::move(fd), node.path, node.output};
}

template <typename T>
base::Result<void> VideoNode::call(unsigned long request, std::string_view name, T& argument) {
    return v4l2::call(fd_.get(), request, fmt::format("{}: {}", path_.string(), name), argument);
}

base::Result<Layout> VideoNode::set_layout(const Layout& wanted) {
    v4l2_format format{};
    format.type = type();
    format.fmt.pix.width = wanted.width;
    format.fmt.pix.height = wanted.height;
    format.fmt.pix.pixelformat = wanted.wide ? V4L2_PIX_FMT_Y16 : V4L2_PIX_FMT_GREY;
    format.fmt.pix.bytesperline = wanted.stride;
    if (auto done = call(VIDIOC_S_FMT, "VIDIOC_S_FMT", format); !done) {
        return tl::unexpected{done.error()};
    }
    const auto& pix = format.fmt.pix;
    const Layout got{.width = pix.width,
                     .height = pix.height,
                     .wide = pix.pixelformat == V4L2_PIX_FMT_Y16,
                     .stride = pix.bytesperline,
                     .sizeimage = std::max(pix.sizeimage, wanted.sizeimage)};
    if (got.width != wanted.width || got.height != wanted.height || got.wide != wanted.wide ||
        got.stride < std::max(wanted.stride, got.line_bytes()) ||
        pix.sizeimage < got.frame_bytes()) {
        return base::fail("{}: the driver made {}x{}, stride {}, size {} of the format",
                          path_.string(), got.width, got.height, got.stride, pix.sizeimage);
    }
    return got;
}

base::Result<std::uint32_t> VideoNode::request_buffers(v4l2_memory memory, std::uint32_t count) {
    v4l2_requestbuffers request{};
    request.count = count;
    request.type = type();
    request.memory = memory;
    if (auto done = call(VIDIOC_REQBUFS, "VIDIOC_REQBUFS", request); !done) {
        return tl::unexpected{done.error()};
    }
    return request.count;
}

base::Result<std::uint32_t> VideoNode::create_buffers(v4l2_memory memory, std::uint32_t count,
                                                      std::uint32_t size) {
    v4l2_create_buffers request{};
    request.count = count;
    request.memory = memory;
    request.format.type = type();
    if (auto done = call(VIDIOC_G_FMT, "VIDIOC_G_FMT", request.format); !done) {
        return tl::unexpected{done.error()};
    }
    auto& sizeimage = request.format.fmt.pix.sizeimage;
    sizeimage = std::max(sizeimage, size);
    if (auto done = call(VIDIOC_CREATE_BUFS, "VIDIOC_CREATE_BUFS", request); !done) {
        return tl::unexpected{done.error()};
    }
    return request.count;
}

base::Result<VideoNode::MmapPlace> VideoNode::mmap_place(std::uint32_t index) {
    v4l2_buffer buffer{};
    buffer.index = index;
    buffer.type = type();
    buffer.memory = V4L2_MEMORY_MMAP;
    if (auto done = call(VIDIOC_QUERYBUF, "VIDIOC_QUERYBUF", buffer); !done) {
        return tl::unexpected{done.error()};
    }
    return MmapPlace{buffer.length, buffer.m.offset};
}

base::Result<base::UniqueFd> VideoNode::export_buffer(std::uint32_t index) {
    v4l2_exportbuffer request{};
    request.type = type();
    request.index = index;
    request.flags = O_RDWR | O_CLOEXEC;
    if (auto done = call(VIDIOC_EXPBUF, "VIDIOC_EXPBUF", request); !done) {
        return tl::unexpected{done.error()};
    }
    return base::UniqueFd{request.fd};
}

base::Result<void> VideoNode::queue(v4l2_buffer buffer) {
    buffer.type = type();
    buffer.field = V4L2_FIELD_NONE;
    return call(VIDIOC_QBUF, "VIDIOC_QBUF", buffer);
}

base::Result<std::optional<Dequeued>> VideoNode::dequeue(v4l2_memory memory) {
    v4l2_buffer buffer{};
    buffer.type = type();
    buffer.memory = memory;
    if (auto done = call(VIDIOC_DQBUF, "VIDIOC_DQBUF", buffer); !done) {
        if (done.error().code == EAGAIN) {
            return std::optional<Dequeued>{};
        }
        return tl::unexpected{done.error()};
    }
    return std::optional{Dequeued{.index = buffer.index,
                                  .sequence = buffer.sequence,
                                  .bytes = buffer.bytesused,
                                  .error = (buffer.flags & V4L2_BUF_FLAG_ERROR) != 0}};
}

base::Result<void> VideoNode::stream_on() {
    auto direction = type();
    return call(VIDIOC_STREAMON, "VIDIOC_STREAMON", direction);
}

base::Result<void> VideoNode::stream_off() {
    auto direction = type();
    return call(VIDIOC_STREAMOFF, "VIDIOC_STREAMOFF", direction);
}

base::Result<void> VideoNode::set_control(std::uint32_t id, std::int32_t value) {
    v4l2_control control{.id = id, .value = value};
    return call(VIDIOC_S_CTRL, "VIDIOC_S_CTRL", control);
}

base::Result<std::int64_t> VideoNode::long_control(std::uint32_t id) {
    v4l2_ext_control control{};
    control.id = id;
    v4l2_ext_controls controls{};
    controls.which = V4L2_CTRL_WHICH_CUR_VAL;
    controls.count = 1;
    controls.controls = &control;
    if (auto done = call(VIDIOC_G_EXT_CTRLS, "VIDIOC_G_EXT_CTRLS", controls); !done) {
        return tl::unexpected{done.error()};
    }
    const std::int64_t value = control.value64; // a copy: the field is packed
    return value;
}

} // namespace ipu3::dmatest::stream
