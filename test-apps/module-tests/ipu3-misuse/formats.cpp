// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/formats.hpp"
#include "module-tests/ipu3-misuse/tests.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <linux/media-bus-format.h>
#include <utility>

namespace ipu3::misuse {

namespace {

constexpr Size largest{4224, 3136};
constexpr auto huge = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t fallback = V4L2_PIX_FMT_IPU3_SGRBG10;

Size possible(Size size) {
    return {std::clamp(size.width, 1U, largest.width), std::clamp(size.height, 1U, largest.height)};
}

/// Bytes of a line: 25 pixels are in 32 bytes, and a line is a multiple of 64 bytes.
std::uint32_t line_bytes(std::uint32_t width) {
    const auto packed = (width + 24) / 25 * 32;
    return (packed + 63) / 64 * 64;
}

v4l2_pix_format_mplane asking(std::uint32_t pixelformat, Size size) {
    v4l2_pix_format_mplane pix{};
    pix.pixelformat = pixelformat;
    pix.width = size.width;
    pix.height = size.height;
    pix.num_planes = 1;
    return pix;
}

std::string text(const v4l2_pix_format_mplane& pix) {
    return fmt::format("{} {}x{} planes {} line {} image {} field {} colours {}",
                       capture::fourcc_text(pix.pixelformat), std::uint32_t{pix.width},
                       std::uint32_t{pix.height}, unsigned{pix.num_planes},
                       std::uint32_t{pix.plane_fmt[0].bytesperline},
                       std::uint32_t{pix.plane_fmt[0].sizeimage}, std::uint32_t{pix.field},
                       std::uint32_t{pix.colorspace});
}

/// What the driver must make of it.
v4l2_pix_format_mplane made_of(const v4l2_pix_format_mplane& asked) {
    const auto formats = capture::capture_formats();
    const bool known = std::ranges::any_of(formats, [&](const capture::CaptureFormat& format) {
        return format.pixelformat == asked.pixelformat;
    });
    auto pix = asking(known ? std::uint32_t{asked.pixelformat} : fallback,
                      possible({asked.width, asked.height}));
    pix.plane_fmt[0].bytesperline = line_bytes(pix.width);
    pix.plane_fmt[0].sizeimage = line_bytes(pix.width) * pix.height;
    pix.field = V4L2_FIELD_NONE;
    pix.colorspace = V4L2_COLORSPACE_RAW;
    return pix;
}

std::string node_format(const VideoNode& node) {
    v4l2_format format{};
    format.type = capture_type;
    const auto failed = errno_of(node.fd(), VIDIOC_G_FMT, format);
    return failed != 0 ? fmt::format("errno {}", failed) : text(format.fmt.pix_mp);
}

void try_node_format(Verdict& verdict, const VideoNode& node, std::string_view what,
                     const v4l2_pix_format_mplane& asked) {
    const auto wanted = text(made_of(asked));
    const auto before = node_format(node);
    for (const auto& [request, name] :
         {std::pair{VIDIOC_TRY_FMT, "VIDIOC_TRY_FMT"}, std::pair{VIDIOC_S_FMT, "VIDIOC_S_FMT"}}) {
        v4l2_format format{};
        format.type = capture_type;
        format.fmt.pix_mp = asked;
        verdict.expect_errno(errno_of(node.fd(), request, format), 0,
                             fmt::format("{} of {}", name, what));
        const auto got = text(format.fmt.pix_mp);
        verdict.expect(got == wanted, fmt::format("{} of {}: {}, not {}", name, what, got, wanted));
        const auto now = node_format(node);
        const auto& left = request == VIDIOC_TRY_FMT ? before : wanted;
        verdict.expect(now == left, fmt::format("{} of {} left {}, not {}", name, what, now, left));
    }
}

void try_node_sizes(Verdict& verdict, const VideoNode& node) {
    // Around each limit: pixels of a group, of a line's end, and the largest size.
    constexpr std::array sizes{Size{0, 0},       Size{1, 1},       Size{huge, huge},
                               Size{0, huge},    Size{huge, 0},    Size{24, 1},
                               Size{25, 1},      Size{26, 1},      Size{33, 77},
                               Size{49, 3},      Size{50, 3},      Size{51, 3},
                               Size{1295, 971},  Size{1296, 972},  Size{4199, 3135},
                               Size{4200, 3135}, Size{4201, 3135}, Size{4223, 3135},
                               Size{4224, 3136}, Size{4225, 3137}, Size{1U << 31U, 1U << 31U}};
    for (const auto size : sizes) {
        try_node_format(verdict, node, capture::size_text(size), asking(fallback, size));
    }
    for (const auto& format : capture::capture_formats()) {
        try_node_format(verdict, node, format.name, asking(format.pixelformat, mode));
    }
    for (const std::uint32_t fourcc :
         {0U, huge, std::uint32_t{V4L2_PIX_FMT_NV12}, std::uint32_t{V4L2_PIX_FMT_SGRBG10}}) {
        try_node_format(verdict, node, fmt::format("pixel format {:#x}", fourcc),
                        asking(fourcc, mode));
    }
}

void try_node_details(Verdict& verdict, const VideoNode& node) {
    for (const std::uint32_t bytes : {0U, 1U, 7U, line_bytes(mode.width) - 1, 5441U, huge}) {
        auto pix = asking(fallback, mode);
        pix.plane_fmt[0].bytesperline = bytes;
        try_node_format(verdict, node, fmt::format("lines of {} bytes", bytes), pix);
        pix.plane_fmt[0].bytesperline = 0;
        pix.plane_fmt[0].sizeimage = bytes;
        try_node_format(verdict, node, fmt::format("frames of {} bytes", bytes), pix);
    }
    for (const unsigned planes : {0U, 2U, unsigned{VIDEO_MAX_PLANES}, 9U, 255U}) {
        auto pix = asking(fallback, mode);
        pix.num_planes = static_cast<__u8>(planes);
        try_node_format(verdict, node, fmt::format("{} planes", planes), pix);
    }
    for (const std::uint32_t field :
         {std::uint32_t{V4L2_FIELD_ANY}, std::uint32_t{V4L2_FIELD_INTERLACED}, 99U, huge}) {
        auto pix = asking(fallback, mode);
        pix.field = field;
        pix.colorspace = field;
        pix.flags = 0xff;
        pix.quantization = 0xff;
        pix.xfer_func = 0xff;
        try_node_format(verdict, node, fmt::format("field and colour space {}", field), pix);
    }
}

void try_node_errors(Verdict& verdict, const VideoNode& node) {
    for (const std::uint32_t type : {0U, std::uint32_t{V4L2_BUF_TYPE_VIDEO_CAPTURE},
                                     std::uint32_t{V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE},
                                     std::uint32_t{V4L2_BUF_TYPE_META_CAPTURE}, 99U, huge}) {
        for (const auto request : {VIDIOC_G_FMT, VIDIOC_TRY_FMT, VIDIOC_S_FMT}) {
            v4l2_format format{};
            format.type = type;
            verdict.expect_errno(errno_of(node.fd(), request, format), EINVAL,
                                 fmt::format("a format (ioctl {:#x}) of type {}", request, type));
        }
    }
    v4l2_fmtdesc description{};
    description.type = capture_type;
    description.index = static_cast<__u32>(capture::capture_formats().size());
    verdict.expect_errno(errno_of(node.fd(), VIDIOC_ENUM_FMT, description), EINVAL,
                         "VIDIOC_ENUM_FMT behind the last one");
    v4l2_input input{};
    input.index = 1;
    verdict.expect_errno(errno_of(node.fd(), VIDIOC_ENUMINPUT, input), EINVAL,
                         "VIDIOC_ENUMINPUT of a second one");
    for (const int index : {1, -1}) {
        int chosen = index;
        verdict.expect_errno(errno_of(node.fd(), VIDIOC_S_INPUT, chosen), EINVAL,
                             fmt::format("VIDIOC_S_INPUT {}", index));
    }
    v4l2_streamparm parameters{};
    parameters.type = capture_type;
    verdict.expect_errno(errno_of(node.fd(), VIDIOC_S_PARM, parameters), ENOTTY,
                         "VIDIOC_S_PARM, which is not for this node");
    v4l2_control control{.id = V4L2_CID_EXPOSURE, .value = 1};
    verdict.expect_errno(errno_of(node.fd(), VIDIOC_S_CTRL, control), ENOTTY,
                         "VIDIOC_S_CTRL, which is not for this node");
    verdict.expect_errno(::ioctl(node.fd(), VIDIOC_S_FMT, nullptr) == 0 ? 0 : errno, EFAULT,
                         "VIDIOC_S_FMT without a format");
}

std::string text(const base::Result<v4l2_mbus_framefmt>& format) {
    return format ? fmt::format("{} {}x{} field {}", capture::bus_code_text(format->code),
                                std::uint32_t{format->width}, std::uint32_t{format->height},
                                std::uint32_t{format->field})
                  : format.error().message;
}

v4l2_mbus_framefmt receiving(std::uint32_t code, Size size) {
    v4l2_mbus_framefmt format{};
    format.code = code;
    format.width = size.width;
    format.height = size.height;
    format.field = V4L2_FIELD_INTERLACED;
    return format;
}

void try_receiver(Verdict& verdict, const Bench& bench) {
    const auto& receiver = bench.receiver_fd;
    const auto sink = bench.port.sink.index;
    const auto source = bench.port.source.index;
    for (const std::uint32_t code : {std::uint32_t{MEDIA_BUS_FMT_SBGGR10_1X10}, 0U, huge,
                                     std::uint32_t{MEDIA_BUS_FMT_SBGGR8_1X8}}) {
        for (const auto size :
             {Size{0, 0}, Size{33, 77}, Size{4224, 3136}, Size{4225, 3137}, Size{huge, huge}}) {
            const auto asked = receiving(code, size);
            const auto known = capture::find_format(code) != nullptr;
            auto wanted =
                receiving(known ? code : std::uint32_t{MEDIA_BUS_FMT_SGRBG10_1X10}, possible(size));
            wanted.field = V4L2_FIELD_NONE;
            const auto what =
                fmt::format("the receiver's format {:#x} {}", code, capture::size_text(size));
            const auto before = text(get_pad(receiver, sink));
            verdict.expect_errno(set_pad(receiver, sink, asked, V4L2_SUBDEV_FORMAT_TRY), 0, what);
            verdict.expect(text(get_pad(receiver, sink)) == before,
                           fmt::format("{}: trying leaves the active one", what));
            verdict.expect_errno(set_pad(receiver, sink, asked), 0, what);
            // The source's follows, whatever is asked of it.
            verdict.expect_errno(set_pad(receiver, source, receiving(code, mode)), 0, what);
            for (const auto pad : {sink, source}) {
                const auto got = text(get_pad(receiver, pad));
                verdict.expect(got == text(base::Result<v4l2_mbus_framefmt>{wanted}),
                               fmt::format("{}: pad {} has {}", what, pad, got));
            }
        }
    }
    const auto any = receiving(MEDIA_BUS_FMT_SGRBG10_1X10, mode);
    verdict.expect_errno(set_pad(receiver, 2, any), EINVAL, "a pad that is not there");
    verdict.expect_errno(set_pad(receiver, huge, any), EINVAL, "a pad that is not there");
    verdict.expect_errno(set_pad(receiver, sink, any, 2), EINVAL, "neither active nor to be tried");
    verdict.expect_errno(errno_of(get_pad(receiver, 2)), EINVAL, "the format of no pad");
    v4l2_subdev_mbus_code_enum code{};
    code.pad = sink;
    code.index = static_cast<__u32>(capture::capture_formats().size());
    verdict.expect_errno(errno_of(receiver.get(), VIDIOC_SUBDEV_ENUM_MBUS_CODE, code), EINVAL,
                         "a bus code behind the last one");
    v4l2_event_subscription subscription{};
    subscription.type = V4L2_EVENT_VSYNC;
    verdict.expect_errno(errno_of(receiver.get(), VIDIOC_SUBSCRIBE_EVENT, subscription), EINVAL,
                         "an event that the receiver does not have");
}

} // namespace

base::Result<void> try_formats(Verdict& verdict, const Bench& bench) {
    const auto node = Bench::open_node(bench.port);
    if (!node) {
        return tl::unexpected{node.error()};
    }
    try_node_sizes(verdict, *node);
    try_node_details(verdict, *node);
    try_node_errors(verdict, *node);
    try_receiver(verdict, bench);
    return {};
}

base::Result<void> try_control(Verdict& verdict, const Bench& bench) {
    auto node = Bench::open_node(bench.port);
    auto other = Bench::open_node(bench.empty_port);
    if (!node || !other) {
        return tl::unexpected{(node ? other : node).error()};
    }
    try_call(verdict, bench, *node, "control: a wrong errno", ENOSPC,
             [&] { return create(*node, 0); });
    try_call(verdict, bench, *node, "control: a buffer that is left", 0,
             [&] { return request(*other, V4L2_MEMORY_MMAP, 1); });
    v4l2_format format{};
    format.type = capture_type;
    format.fmt.pix_mp = asking(fallback, {51, 1});
    verdict.expect_errno(errno_of(node->fd(), VIDIOC_TRY_FMT, format), 0, "VIDIOC_TRY_FMT");
    verdict.expect(text(format.fmt.pix_mp) == text(made_of(asking(fallback, {50, 1}))),
                   "control: the layout of another format");
    return {};
}

} // namespace ipu3::misuse
