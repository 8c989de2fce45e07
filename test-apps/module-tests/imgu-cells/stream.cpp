// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/imgu-cells/stream.hpp"

#include "lib/v4l2/system_call.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <ranges>
#include <utility>

namespace imgu_cells {

namespace {

using imgu_answers::Node;
using ipu3::v4l2::call;
using ipu3::v4l2::errno_of;

// In the order of imgu_answers::Pipe.
constexpr std::size_t input = 0;
constexpr std::size_t parameters = 1;
constexpr std::size_t output = 2;
constexpr std::size_t viewfinder = 3;
constexpr std::size_t statistics = 4;

constexpr int patience_ms = 120'000;               ///< of a frame; the largest take seconds
constexpr std::uint32_t mode_control = 0x009819c1; ///< V4L2_CID_INTEL_IPU3_MODE

/// A buffer as a node's type wants it described: the first, and the only one.
struct Buffer {
    v4l2_buffer buffer{};
    std::array<v4l2_plane, VIDEO_MAX_PLANES> planes{};

    explicit Buffer(const Node& node) {
        buffer.type = node.type;
        buffer.memory = V4L2_MEMORY_MMAP;
        if (node.has_frames()) {
            buffer.m.planes = planes.data();
            buffer.length = 1;
        }
    }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    Buffer(Buffer&&) = delete;
    Buffer& operator=(Buffer&&) = delete;
    ~Buffer() = default;

    [[nodiscard]] bool is_multiplanar() const {
        return buffer.type == V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE ||
               buffer.type == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;
    }
    [[nodiscard]] std::uint32_t length() const {
        return is_multiplanar() ? planes[0].length : buffer.length;
    }
    [[nodiscard]] std::uint32_t used() const {
        return is_multiplanar() ? planes[0].bytesused : buffer.bytesused;
    }
    void use(std::uint32_t bytes) {
        (is_multiplanar() ? planes[0].bytesused : buffer.bytesused) = bytes;
    }
};

imgu_answers::Size of(Size size) {
    return {.width = size.width, .height = size.height};
}

base::Result<void> request(const Node& node, std::uint32_t count) {
    v4l2_requestbuffers request{};
    request.type = node.type;
    request.memory = V4L2_MEMORY_MMAP;
    request.count = count;
    return call(node.fd.get(), VIDIOC_REQBUFS, fmt::format("{}: REQBUFS {}", node.name, count),
                request);
}

base::Result<void> queue_buffer(const Node& node, std::uint32_t bytes_to_read) {
    Buffer buffer{node};
    if (auto known = call(node.fd.get(), VIDIOC_QUERYBUF, fmt::format("{}: QUERYBUF", node.name),
                          buffer.buffer);
        !known) {
        return known;
    }
    buffer.use(bytes_to_read);
    return call(node.fd.get(), VIDIOC_QBUF, fmt::format("{}: QBUF", node.name), buffer.buffer);
}

} // namespace

Stream::Stream(const imgu_answers::Pipe& pipe, const CellPipe& wanted, std::string label)
    : pipe_{pipe}, wanted_{wanted}, label_{std::move(label)} {
    v4l2_control mode{};
    mode.id = mode_control;
    mode.value = wanted.video ? 0 : 1;
    imgu_answers::write_answer(label_ + " mode", imgu_answers::errno_text(errno_of(
                                                     pipe.subdevice.get(), VIDIOC_S_CTRL, mode)));
    const auto set = [&](std::size_t index, Size size, std::uint32_t fourcc) {
        const auto& node = pipe.nodes.at(index);
        auto format = imgu_answers::format_of(node, of(size), fourcc);
        return imgu_answers::errno_text(errno_of(node.fd.get(), VIDIOC_S_FMT, format));
    };
    // What each node takes depends on what the others have: so twice, and the second time counts.
    std::array<std::string, 3> said;
    for (int i = 0; i < 2; ++i) {
        said[0] = set(input, wanted.in, wanted.fourcc);
        imgu_answers::set_rectangles(pipe, of(wanted.crop), of(wanted.bds), of(wanted.gdc));
        said[1] = set(output, wanted.out, V4L2_PIX_FMT_NV12);
        said[2] = set(viewfinder, wanted.vf, V4L2_PIX_FMT_NV12);
    }
    imgu_answers::write_answer(label_ + " formats",
                               fmt::format("{} {} {}", said[0], said[1], said[2]));
    for (const auto& node : pipe.nodes) {
        imgu_answers::write_answer(fmt::format("{} {}", label_, node.name),
                                   imgu_answers::current_format(node));
    }
    imgu_answers::write_rectangles(label_, pipe);
}

Stream::~Stream() {
    for (const auto& node : pipe_.nodes) {
        auto type = static_cast<int>(node.type);
        (void)errno_of(node.fd.get(), VIDIOC_STREAMOFF, type);
    }
    parameters_.reset();
    for (const auto& node : pipe_.nodes) {
        (void)request(node, 0);
    }
}

base::Result<void> Stream::allocate() {
    for (const auto& node : pipe_.nodes) {
        if (auto made = request(node, 1); !made) {
            return made;
        }
    }
    const auto& node = pipe_.nodes[parameters];
    Buffer buffer{node};
    if (auto known = call(node.fd.get(), VIDIOC_QUERYBUF, "parameters: QUERYBUF", buffer.buffer);
        !known) {
        return known;
    }
    const std::uint32_t offset = buffer.buffer.m.offset;
    auto mapped = ipu3::v4l2::Mapping::of_file(node.fd.get(), buffer.length(), offset);
    if (!mapped) {
        return tl::unexpected{mapped.error()};
    }
    parameters_ = std::move(*mapped);
    return {};
}

base::Result<void> Stream::start() {
    for (const auto index : {statistics, viewfinder, output, parameters, input}) {
        const auto& node = pipe_.nodes.at(index);
        auto type = static_cast<int>(node.type);
        if (auto started =
                call(node.fd.get(), VIDIOC_STREAMON, fmt::format("{}: STREAMON", node.name), type);
            !started) {
            return started;
        }
    }
    return {};
}

base::Result<void> Stream::queue(std::size_t number) {
    for (const auto index : {statistics, viewfinder, output}) {
        if (auto queued = queue_buffer(pipe_.nodes.at(index), 0); !queued) {
            return queued;
        }
    }
    if (has_parameters(number)) {
        const auto& set = wanted_.sets.at(number);
        const auto there = parameters_->bytes();
        if (set.size() > there.size()) {
            return base::fail("a set of {} bytes, a buffer of {}", set.size(), there.size());
        }
        std::ranges::copy(set, there.begin());
        if (auto queued =
                queue_buffer(pipe_.nodes[parameters], static_cast<std::uint32_t>(set.size()));
            !queued) {
            return queued;
        }
    }
    Buffer frame{pipe_.nodes[input]};
    if (auto known =
            call(pipe_.nodes[input].fd.get(), VIDIOC_QUERYBUF, "input: QUERYBUF", frame.buffer);
        !known) {
        return known;
    }
    return queue_buffer(pipe_.nodes[input], frame.length());
}

base::Result<void> Stream::collect(const Node& node, std::size_t number) {
    const bool is_read =
        node.type == V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE || node.type == V4L2_BUF_TYPE_META_OUTPUT;
    pollfd waiting{.fd = node.fd.get(),
                   .events = static_cast<short>(is_read ? POLLOUT : POLLIN),
                   .revents = 0};
    if (base::retry([&] { return ::poll(&waiting, 1, patience_ms); }) == 0) {
        return base::fail("{} of frame {}: no buffer came back in {} s", node.name, number,
                          patience_ms / 1000);
    }
    Buffer buffer{node};
    if (auto taken = call(node.fd.get(), VIDIOC_DQBUF,
                          fmt::format("{} of frame {}: DQBUF", node.name, number), buffer.buffer);
        !taken) {
        return taken;
    }
    imgu_answers::write_answer(
        fmt::format("{} frame {} {}", label_, number, node.name),
        fmt::format("{} bytes{}", buffer.used(),
                    (buffer.buffer.flags & V4L2_BUF_FLAG_ERROR) != 0 ? ", damaged" : ""));
    return {};
}

base::Result<void> Stream::collect(std::size_t number) {
    for (const auto index : {input, parameters, output, viewfinder, statistics}) {
        if (index == parameters && !has_parameters(number)) {
            continue;
        }
        if (auto collected = collect(pipe_.nodes.at(index), number); !collected) {
            return collected;
        }
    }
    return {};
}

} // namespace imgu_cells
