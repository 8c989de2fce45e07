// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/imgu-answers/pipe.hpp"

#include "lib/v4l2/system_call.hpp"

#include <cctype>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>

namespace imgu_answers {

namespace {

struct Kind {
    std::string_view name;
    std::uint32_t type;
};

constexpr std::array<Kind, Pipe::kNodes> kKinds{{
    {.name = "input", .type = V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE},
    {.name = "parameters", .type = V4L2_BUF_TYPE_META_OUTPUT},
    {.name = "output", .type = V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE},
    {.name = "viewfinder", .type = V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE},
    {.name = "statistics", .type = V4L2_BUF_TYPE_META_CAPTURE},
}};

base::Result<base::UniqueFd> open_node(const std::string& path) {
    base::UniqueFd fd{::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)};
    if (!fd) {
        return base::fail_errno(errno, "{}", path);
    }
    return fd;
}

} // namespace

base::Result<Pipe> open_pipe(std::span<const std::string> paths) {
    if (paths.size() != Pipe::kNodes + 1) {
        return base::fail("{} nodes, not {}", paths.size(), Pipe::kNodes + 1);
    }
    Pipe pipe;
    for (std::size_t i = 0; i < Pipe::kNodes; ++i) {
        auto fd = open_node(paths[i]);
        if (!fd) {
            return tl::unexpected{fd.error()};
        }
        pipe.nodes[i] = {.name = kKinds[i].name, .type = kKinds[i].type, .fd = std::move(*fd)};
    }
    auto fd = open_node(paths[Pipe::kNodes]);
    if (!fd) {
        return tl::unexpected{fd.error()};
    }
    pipe.subdevice = std::move(*fd);
    pipe.subdevice_path = paths[Pipe::kNodes];
    return pipe;
}

void write_answer(std::string_view question, std::string_view answer) {
    fmt::print("{}: {}\n", question, answer);
}

std::string errno_text(int error) {
    if (error == 0) {
        return "ok";
    }
    const char* const name = ::strerrorname_np(error);
    return name != nullptr ? name : fmt::format("errno {}", error);
}

std::string size_text(Size size) {
    return fmt::format("{}x{}", size.width, size.height);
}

std::string fourcc_text(std::uint32_t fourcc) {
    std::string text;
    for (unsigned shift = 0; shift < 32; shift += 8) {
        const auto byte = static_cast<unsigned char>(fourcc >> shift);
        text += std::isprint(byte) != 0 ? static_cast<char>(byte) : '?';
    }
    return text;
}

std::string format_text(const v4l2_format& format) {
    if (format.type == V4L2_BUF_TYPE_META_OUTPUT || format.type == V4L2_BUF_TYPE_META_CAPTURE) {
        const std::uint32_t fourcc = format.fmt.meta.dataformat;
        const std::uint32_t size = format.fmt.meta.buffersize;
        return fmt::format("{} of {} bytes", fourcc_text(fourcc), size);
    }
    const auto& pix = format.fmt.pix_mp;
    const Size size{.width = pix.width, .height = pix.height};
    const std::uint32_t fourcc = pix.pixelformat;
    const std::uint32_t colorspace = pix.colorspace;
    const std::uint32_t stride = pix.plane_fmt[0].bytesperline;
    const std::uint32_t bytes = pix.plane_fmt[0].sizeimage;
    return fmt::format("{} {} planes {} stride {} bytes {} field {} colorspace {} ycbcr {} "
                       "quantization {} transfer {} flags {}",
                       size_text(size), fourcc_text(fourcc), unsigned{pix.num_planes}, stride,
                       bytes, std::uint32_t{pix.field}, colorspace, unsigned{pix.ycbcr_enc},
                       unsigned{pix.quantization}, unsigned{pix.xfer_func}, unsigned{pix.flags});
}

std::string current_format(const Node& node) {
    v4l2_format format{};
    format.type = node.type;
    const int error = ipu3::v4l2::errno_of(node.fd.get(), VIDIOC_G_FMT, format);
    return error == 0 ? format_text(format) : errno_text(error);
}

v4l2_format format_of(const Node& node, Size size, std::uint32_t fourcc) {
    v4l2_format format{};
    format.type = node.type;
    if (node.has_frames()) {
        format.fmt.pix_mp.width = size.width;
        format.fmt.pix_mp.height = size.height;
        format.fmt.pix_mp.pixelformat = fourcc;
        format.fmt.pix_mp.num_planes = 1;
    } else {
        format.fmt.meta.dataformat = fourcc;
        format.fmt.meta.buffersize = size.width;
    }
    return format;
}

} // namespace imgu_answers
