// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/formats.hpp"
#include "module-tests/ipu3-misuse/tests.hpp"

#include <cerrno>

namespace ipu3::misuse {

namespace {

void try_node(Verdict& verdict, VideoNode& node, const v4l2_mbus_framefmt& sent) {
    const auto* const format = capture::find_format(sent.code);
    const auto pixelformat = format == nullptr ? 0 : format->pixelformat;
    verdict.expect_errno(set_format(node, pixelformat, {sent.width, sent.height}), EBUSY,
                         "VIDIOC_S_FMT of what there is");
    verdict.expect_errno(set_format(node, pixelformat, other_mode), EBUSY,
                         "VIDIOC_S_FMT of another size");
    v4l2_format found{};
    found.type = capture_type;
    verdict.expect_errno(errno_of(node.fd(), VIDIOC_G_FMT, found), 0, "VIDIOC_G_FMT");
    verdict.expect(found.fmt.pix_mp.width == sent.width && found.fmt.pix_mp.height == sent.height,
                   "the format is the one that is streamed");
    verdict.expect_errno(errno_of(node.fd(), VIDIOC_TRY_FMT, found), 0, "VIDIOC_TRY_FMT");

    for (const auto memory : {V4L2_MEMORY_MMAP, V4L2_MEMORY_USERPTR, V4L2_MEMORY_DMABUF}) {
        for (const std::uint32_t count : {0U, 4U}) {
            verdict.expect_errno(
                request(node, memory, count), EBUSY,
                fmt::format("VIDIOC_REQBUFS of {}, memory {}", count, static_cast<int>(memory)));
        }
        for (const auto request : {VIDIOC_QBUF, VIDIOC_PREPARE_BUF, VIDIOC_DQBUF}) {
            verdict.expect_errno(PlanarBuffer{memory}.call(node, request), EBUSY,
                                 fmt::format("ioctl {:#x} of a buffer, memory {}", request,
                                             static_cast<int>(memory)));
        }
    }
    verdict.expect_errno(create(node, found.fmt.pix_mp.plane_fmt[0].sizeimage), EBUSY,
                         "VIDIOC_CREATE_BUFS");
    verdict.expect_errno(errno_of(node.export_buffer(0)), EBUSY, "VIDIOC_EXPBUF");
    verdict.expect_errno(errno_of(node.stream_on()), EBUSY, "VIDIOC_STREAMON");
    verdict.expect_errno(errno_of(node.stream_off()), EBUSY, "VIDIOC_STREAMOFF");
}

void try_graph(Verdict& verdict, const Bench& bench, const v4l2_mbus_framefmt& sent) {
    auto other = sent;
    other.width = other_mode.width;
    other.height = other_mode.height;
    const auto sink = bench.port.sink.index;
    for (const auto& format : {sent, other}) {
        verdict.expect_errno(set_pad(bench.receiver_fd, sink, format), EBUSY,
                             "the receiver's format");
        verdict.expect_errno(set_pad(bench.receiver_fd, sink, format, V4L2_SUBDEV_FORMAT_TRY), 0,
                             "the receiver's format, to be tried");
    }
    verdict.expect_errno(errno_of(get_pad(bench.receiver_fd, sink)), 0,
                         "reading the receiver's format");
    verdict.expect_errno(bench.set_link(false), EBUSY, "closing the sensor's link");
    verdict.expect_errno(bench.set_link(true), 0, "opening the sensor's link, which is open");

    // The sensor's driver may take it; then it is for the next stream.
    const auto changed = set_pad(bench.sensor_fd, bench.sensor.pad.index, other);
    verdict.expect(changed == 0 || changed == EBUSY, "the sensor's format");
    verdict.expect_errno(set_pad(bench.sensor_fd, bench.sensor.pad.index, sent), changed,
                         "the sensor's format, put back");
}

void try_empty_port(Verdict& verdict, VideoNode& empty) {
    verdict.expect_errno(set_format(empty, V4L2_PIX_FMT_IPU3_SGRBG10, {100, 100}), 0,
                         "another node's format");
    verdict.expect_errno(start_empty(empty), ENOLINK, "another node, without a sensor");
    verdict.expect_errno(stop(empty), 0, "another node's buffers");
}

} // namespace

base::Result<void> try_beside(Verdict& verdict, const Bench& bench, unsigned rounds) {
    for (unsigned round = 0; round < rounds; ++round) {
        auto node = Bench::open_node(bench.port);
        auto empty = Bench::open_node(bench.empty_port);
        const auto sent = get_pad(bench.sensor_fd, bench.sensor.pad.index);
        if (!node || !empty) {
            return tl::unexpected{(node ? empty : node).error()};
        }
        if (!sent) {
            return tl::unexpected{sent.error()};
        }
        try_node(verdict, *node, *sent);
        try_graph(verdict, bench, *sent);
        try_empty_port(verdict, *empty);
    }
    return {};
}

} // namespace ipu3::misuse
