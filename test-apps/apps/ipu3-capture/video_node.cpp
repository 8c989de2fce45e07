// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/video_node.hpp"

#include "apps/ipu3-capture/formats.hpp"
#include "lib/v4l2/system_call.hpp"

#include <algorithm>
#include <ctime>
#include <fcntl.h>
#include <fmt/format.h>

namespace ipu3::capture {

namespace {

using v4l2::call;

constexpr std::uint32_t buffer_type = V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;

std::chrono::nanoseconds monotonic_now() {
    timespec now{};
    (void)::clock_gettime(CLOCK_MONOTONIC, &now); // fails for unknown clocks only
    return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

} // namespace

template <typename T>
base::Result<void> VideoNode::ask(unsigned long request, std::string_view name, T& argument) {
    return call(fd_.get(), request, fmt::format("{}: {}", path_.string(), name), argument);
}

base::Result<VideoNode> VideoNode::open(const std::filesystem::path& path) {
    base::UniqueFd fd{::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK)};
    if (!fd) {
        return base::fail_errno(errno, "cannot open {}", path.string());
    }
    VideoNode node{std::move(fd), path};
    v4l2_capability capability{};
    if (auto done = node.ask(VIDIOC_QUERYCAP, "VIDIOC_QUERYCAP", capability); !done) {
        return tl::unexpected{done.error()};
    }
    constexpr std::uint32_t needed = V4L2_CAP_VIDEO_CAPTURE_MPLANE | V4L2_CAP_STREAMING;
    if ((capability.device_caps & needed) != needed) {
        return base::fail("{} does not stream multi-planar frames", path.string());
    }
    return node;
}

base::Result<Layout> VideoNode::set_format(std::uint32_t pixelformat, frames::Size size) {
    v4l2_format format{};
    format.type = buffer_type;
    auto& pix = format.fmt.pix_mp;
    pix.width = size.width;
    pix.height = size.height;
    pix.pixelformat = pixelformat;
    pix.field = V4L2_FIELD_NONE;
    pix.num_planes = 1;
    if (auto done = ask(VIDIOC_S_FMT, "cannot set the format (VIDIOC_S_FMT)", format); !done) {
        if (done.error().code == EBUSY) {
            return base::fail_errno(EBUSY, "{}: cannot set the format: another program captures",
                                    path_.string());
        }
        return tl::unexpected{done.error()};
    }
    const Layout layout{.pixelformat = pix.pixelformat,
                        .size = {pix.width, pix.height},
                        .bytes_per_line = pix.plane_fmt[0].bytesperline,
                        .bytes = pix.plane_fmt[0].sizeimage};
    if (layout.pixelformat != pixelformat || layout.size != size || pix.num_planes != 1) {
        return base::fail(
            "{} was asked for {} {} in one plane, and the driver made {} {} in {} of it",
            path_.string(), fourcc_text(pixelformat), size_text(size),
            fourcc_text(layout.pixelformat), size_text(layout.size), unsigned{pix.num_planes});
    }
    return layout;
}

base::Result<std::uint32_t> VideoNode::request_buffers(v4l2_memory memory, std::uint32_t count) {
    v4l2_requestbuffers request{};
    request.count = count;
    request.type = buffer_type;
    request.memory = memory;
    if (auto done = ask(VIDIOC_REQBUFS, "cannot get buffers (VIDIOC_REQBUFS)", request); !done) {
        return tl::unexpected{done.error()};
    }
    return request.count;
}

base::Result<VideoNode::MmapPlace> VideoNode::mmap_place(std::uint32_t index) {
    v4l2_plane plane{};
    v4l2_buffer buffer{};
    buffer.index = index;
    buffer.type = buffer_type;
    buffer.memory = V4L2_MEMORY_MMAP;
    buffer.m.planes = &plane;
    buffer.length = 1;
    if (auto done = ask(VIDIOC_QUERYBUF, "VIDIOC_QUERYBUF", buffer); !done) {
        return tl::unexpected{done.error()};
    }
    return MmapPlace{plane.length, plane.m.mem_offset};
}

base::Result<base::UniqueFd> VideoNode::export_buffer(std::uint32_t index) {
    v4l2_exportbuffer request{};
    request.type = buffer_type;
    request.index = index;
    request.flags = O_RDWR | O_CLOEXEC;
    if (auto done = ask(VIDIOC_EXPBUF, "cannot export a buffer (VIDIOC_EXPBUF)", request); !done) {
        return tl::unexpected{done.error()};
    }
    return base::UniqueFd{request.fd};
}

base::Result<void> VideoNode::queue(v4l2_memory memory, std::uint32_t index, v4l2_plane plane) {
    v4l2_buffer buffer{};
    buffer.index = index;
    buffer.type = buffer_type;
    buffer.memory = memory;
    buffer.field = V4L2_FIELD_NONE;
    buffer.m.planes = &plane;
    buffer.length = 1;
    return ask(VIDIOC_QBUF, fmt::format("cannot queue buffer {} (VIDIOC_QBUF)", index), buffer);
}

base::Result<std::optional<Dequeued>> VideoNode::dequeue(v4l2_memory memory) {
    v4l2_plane plane{};
    v4l2_buffer buffer{};
    buffer.type = buffer_type;
    buffer.memory = memory;
    buffer.m.planes = &plane;
    buffer.length = 1;
    auto done = ask(VIDIOC_DQBUF, "cannot take a frame (VIDIOC_DQBUF)", buffer);
    const auto now = monotonic_now();
    if (!done) {
        switch (done.error().code) {
        case EAGAIN:
            return std::optional<Dequeued>{};
        case EIO:
            return base::fail_errno(EIO,
                                    "{}: the driver gave the stream up (a stuck receiver, or a "
                                    "sensor that went away; dmesg tells)",
                                    path_.string());
        case ENODEV:
            return base::fail_errno(ENODEV,
                                    "{}: the device is gone (unplugged, or its driver unbound)",
                                    path_.string());
        default:
            return tl::unexpected{done.error()};
        }
    }
    Dequeued frame{.index = buffer.index,
                   .sequence = buffer.sequence,
                   .offset = plane.data_offset,
                   .bytes = plane.bytesused - std::min(plane.bytesused, plane.data_offset),
                   .damaged = (buffer.flags & V4L2_BUF_FLAG_ERROR) != 0,
                   .timestamp = {},
                   .latency = {}};
    if ((buffer.flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) == V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC) {
        frame.timestamp = std::chrono::seconds{buffer.timestamp.tv_sec} +
                          std::chrono::microseconds{buffer.timestamp.tv_usec};
        frame.latency = now - *frame.timestamp;
    }
    return std::optional{frame};
}

base::Result<void> VideoNode::stream_on() {
    auto type = buffer_type;
    auto done = ask(VIDIOC_STREAMON, "cannot start (VIDIOC_STREAMON)", type);
    if (!done && done.error().code == EPIPE) {
        return base::fail_errno(EPIPE,
                                "{}: cannot start: links or formats between sensor and node do not "
                                "fit (did another program change them?)",
                                path_.string());
    }
    return done;
}

base::Result<void> VideoNode::stream_off() {
    auto type = buffer_type;
    return ask(VIDIOC_STREAMOFF, "cannot stop (VIDIOC_STREAMOFF)", type);
}

} // namespace ipu3::capture
