// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/v4l2/system_call.hpp"
#include "module-tests/imgu-answers/pipe.hpp"

#include <fmt/format.h>

namespace imgu_answers {

namespace {

using ipu3::v4l2::errno_of;

/// What VIDIOC_REQBUFS says.
struct Buffers {
    std::string count; ///< or the error
    std::string capabilities;
};

Buffers ask_for_buffers(const Node& node, std::uint32_t memory, std::uint32_t count) {
    v4l2_requestbuffers request{};
    request.type = node.type;
    request.memory = memory;
    request.count = count;
    const int error = errno_of(node.fd.get(), VIDIOC_REQBUFS, request);
    return {.count =
                error != 0 ? errno_text(error) : fmt::format("{}", std::uint32_t{request.count}),
            .capabilities = fmt::format("{:#x}", std::uint32_t{request.capabilities})};
}

std::string buffer_text(const Node& node) {
    std::array<v4l2_plane, VIDEO_MAX_PLANES> planes{};
    v4l2_buffer buffer{};
    buffer.type = node.type;
    buffer.memory = V4L2_MEMORY_MMAP;
    if (node.has_frames()) {
        buffer.m.planes = planes.data();
        buffer.length = planes.size();
    }
    const int error = errno_of(node.fd.get(), VIDIOC_QUERYBUF, buffer);
    if (error != 0) {
        return errno_text(error);
    }
    const std::uint32_t bytes = node.has_frames() ? planes[0].length : buffer.length;
    return fmt::format("{} bytes flags {:#x}", bytes, std::uint32_t{buffer.flags});
}

std::string create_one(const Node& node, Size size) {
    v4l2_create_buffers create{};
    create.count = 1;
    create.memory = V4L2_MEMORY_MMAP;
    create.format.type = node.type;
    if (errno_of(node.fd.get(), VIDIOC_G_FMT, create.format) != 0) {
        return "no format";
    }
    if (!node.has_frames()) {
        create.format.fmt.meta.buffersize = size.width;
    } else if (size.width != 0) {
        create.format.fmt.pix_mp.plane_fmt[0].sizeimage = size.width * size.height;
    }
    const int error = errno_of(node.fd.get(), VIDIOC_CREATE_BUFS, create);
    return error != 0 ? errno_text(error) : fmt::format("{} made", std::uint32_t{create.count});
}

std::string set_again(const Node& node) {
    v4l2_format format{};
    format.type = node.type;
    if (errno_of(node.fd.get(), VIDIOC_G_FMT, format) != 0) {
        return "no format";
    }
    return errno_text(errno_of(node.fd.get(), VIDIOC_S_FMT, format));
}

std::string start(const Node& node) {
    auto type = static_cast<int>(node.type);
    return errno_text(errno_of(node.fd.get(), VIDIOC_STREAMON, type));
}

void stop(const Node& node) {
    auto type = static_cast<int>(node.type);
    (void)errno_of(node.fd.get(), VIDIOC_STREAMOFF, type);
}

void ask_memory(const Node& node, std::uint32_t memory, std::string_view name) {
    for (const std::uint32_t count : {1U, 2U, 32U, 33U, 0U}) {
        const auto question = fmt::format("{} {} buffers of {}", node.name, count, name);
        const auto buffers = ask_for_buffers(node, memory, count);
        write_answer(question, buffers.count);
        write_answer(question + ", capabilities", buffers.capabilities);
        (void)ask_for_buffers(node, memory, 0);
    }
}

} // namespace

void ask_buffers(const Pipe& pipe) {
    for (const auto& node : pipe.nodes) {
        ask_memory(node, V4L2_MEMORY_MMAP, "mmap");
        ask_memory(node, V4L2_MEMORY_USERPTR, "userptr");
        ask_memory(node, V4L2_MEMORY_DMABUF, "dmabuf");
        ask_memory(node, V4L2_MEMORY_OVERLAY, "overlay");
        write_answer(fmt::format("{} start without buffers", node.name), start(node));
        write_answer(fmt::format("{} buffer too small", node.name),
                     create_one(node, {.width = 4, .height = 4}));
        write_answer(fmt::format("{} buffer of the usual size", node.name),
                     create_one(node, {.width = 9000, .height = 9000}));
        (void)ask_for_buffers(node, V4L2_MEMORY_MMAP, 0);
        (void)ask_for_buffers(node, V4L2_MEMORY_MMAP, 2);
        write_answer(fmt::format("{} buffer", node.name), buffer_text(node));
        write_answer(fmt::format("{} set while buffers exist", node.name), set_again(node));
        write_answer(fmt::format("{} start with two buffers", node.name), start(node));
        stop(node);
        (void)ask_for_buffers(node, V4L2_MEMORY_MMAP, 0);
    }
}

} // namespace imgu_answers
