// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/formats.hpp"
#include "module-tests/ipu3-misuse/tests.hpp"

#include <cerrno>
#include <linux/media-bus-format.h>
#include <tuple>

namespace ipu3::misuse {

namespace {

using capture::find_format;

/// Sizes and codes of the three that have formats.
class Formats {
  public:
    Formats(const Bench& bench, const VideoNode& node, const v4l2_mbus_framefmt& right)
        : bench_{bench}, node_{node}, right_{right} {}

    [[nodiscard]] int sensor(Size size) const {
        return set_pad(bench_.sensor_fd, bench_.sensor.pad.index, with(right_.code, size));
    }
    [[nodiscard]] int receiver(std::uint32_t code, Size size) const {
        return set_pad(bench_.receiver_fd, bench_.port.sink.index, with(code, size));
    }
    [[nodiscard]] int node(std::uint32_t code, Size size) const {
        const auto* const format = find_format(code);
        return format == nullptr ? EINVAL : set_format(node_, format->pixelformat, size);
    }
    /// All as it should be.
    [[nodiscard]] int restore() const {
        const auto failed = sensor(mode);
        return failed != 0 ? failed : receiver(right_.code, mode);
    }
    [[nodiscard]] std::uint32_t code() const { return right_.code; }
    [[nodiscard]] std::uint32_t other_code() const {
        return right_.code == MEDIA_BUS_FMT_SGRBG10_1X10 ? MEDIA_BUS_FMT_SBGGR10_1X10
                                                         : MEDIA_BUS_FMT_SGRBG10_1X10;
    }

  private:
    [[nodiscard]] v4l2_mbus_framefmt with(std::uint32_t code, Size size) const {
        auto format = right_;
        format.code = code;
        format.width = size.width;
        format.height = size.height;
        return format;
    }

    const Bench& bench_;
    const VideoNode& node_;
    v4l2_mbus_framefmt right_;
};

int start_and_receive(VideoNode& node) {
    const auto failed = start(node);
    return failed != 0 ? failed : receive(node, 2);
}

void try_misfits(Verdict& verdict, const Bench& bench, VideoNode& node, const Formats& formats) {
    const auto misfit = [&](std::string_view what, auto change) {
        verdict.expect_errno(change(), 0, what);
        try_call(verdict, bench, node, what, EPIPE, [&] { return start(node); });
        // Streaming has been allowed, and begins with the first buffer.
        try_call(verdict, bench, node, fmt::format("{}, late", what), EPIPE, [&] {
            const auto failed = request(node, V4L2_MEMORY_MMAP, 4);
            const auto on = failed != 0 ? failed : errno_of(node.stream_on());
            return on != 0 ? on : errno_of(node.queue(V4L2_MEMORY_MMAP, 0, {}));
        });
        // What is queued stays so, and streams when all fits.
        try_call(verdict, bench, node, fmt::format("{}, put right", what), 0, [&] {
            verdict.expect_errno(start(node), EPIPE, what);
            verdict.expect_errno(formats.restore(), 0, "the formats are put right");
            const auto failed = errno_of(node.stream_on());
            return failed != 0 ? failed : receive(node, 2);
        });
        verdict.expect_errno(formats.node(formats.code(), mode), 0, "VIDIOC_S_FMT");
    };
    misfit("a sensor that sends another size", [&] { return formats.sensor(other_mode); });
    misfit("a receiver that expects another size",
           [&] { return formats.receiver(formats.code(), {648, 486}); });
    misfit("a receiver that expects another bus code",
           [&] { return formats.receiver(formats.other_code(), mode); });
    misfit("a sensor and a receiver that have another size than the node", [&] {
        const auto failed = formats.sensor(other_mode);
        return failed != 0 ? failed : formats.receiver(formats.code(), other_mode);
    });

    const auto node_misfit = [&](std::string_view what, std::uint32_t code, Size size) {
        verdict.expect_errno(formats.node(code, size), 0, what);
        try_call(verdict, bench, node, what, EPIPE, [&] { return start(node); });
        verdict.expect_errno(formats.node(formats.code(), mode), 0, "VIDIOC_S_FMT");
    };
    node_misfit("a node of another size", formats.code(), other_mode);
    node_misfit("a node with a line less", formats.code(), {mode.width, mode.height - 1});
    // As many bytes in a line, but not as many pixels.
    node_misfit("a node with a column less", formats.code(), {mode.width - 1, mode.height});
    node_misfit("a node of another pixel format", formats.other_code(), mode);
    try_call(verdict, bench, node, "all fits again", 0, [&] { return start_and_receive(node); });
}

void try_links(Verdict& verdict, const Bench& bench, VideoNode& node, VideoNode& empty) {
    verdict.expect_errno(bench.set_link(false), 0, "the sensor's link is closed");
    try_call(verdict, bench, node, "a sensor whose link is closed", ENOLINK,
             [&] { return start(node); });
    verdict.expect_errno(bench.set_link(true), 0, "the sensor's link is opened");
    try_call(verdict, bench, node, "the link is open again", 0,
             [&] { return start_and_receive(node); });
    try_call(verdict, bench, empty, "a port without a sensor", ENOLINK,
             [&] { return start_empty(empty); });

    const auto& [device, port, sensor] = std::tie(bench.device, bench.port, bench.sensor);
    verdict.expect_errno(errno_of(device.set_link(port.source, port.video_pad, false)), EINVAL,
                         "closing the receiver's link, which cannot be changed");
    verdict.expect_errno(errno_of(device.set_link(sensor.pad, bench.empty_port.sink, true)), EINVAL,
                         "a link that is not there");
    verdict.expect_errno(errno_of(device.set_link(port.source, port.sink, true)), EINVAL,
                         "a link of an entity to itself");
}

/// Calls of the process that streams, on the file that it streams with.
void try_while_streaming(Verdict& verdict, const Bench& bench, VideoNode& node,
                         const Formats& formats) {
    try_call(verdict, bench, node, "a stream amid changes", 0, [&] {
        if (const auto failed = start_and_receive(node)) {
            return failed;
        }
        verdict.expect_errno(formats.node(formats.code(), mode), EBUSY,
                             "VIDIOC_S_FMT while streaming");
        verdict.expect_errno(formats.receiver(formats.code(), other_mode), EBUSY,
                             "the receiver's format while streaming");
        verdict.expect_errno(bench.set_link(false), EBUSY, "closing the link while streaming");
        verdict.expect_errno(bench.set_link(true), 0, "opening the link, which is open");
        verdict.expect_errno(request(node, V4L2_MEMORY_MMAP, 0), EBUSY,
                             "freeing buffers while streaming");
        verdict.expect_errno(request(node, V4L2_MEMORY_MMAP, 8), EBUSY,
                             "VIDIOC_REQBUFS while streaming");
        verdict.expect_errno(errno_of(node.stream_on()), 0, "VIDIOC_STREAMON once more");
        verdict.expect_errno(create(node, 1), EINVAL, "VIDIOC_CREATE_BUFS while streaming");
        return receive(node, 4);
    });
}

} // namespace

base::Result<void> try_pipeline(Verdict& verdict, const Bench& bench) {
    auto pipeline = bench.set_up();
    auto empty = Bench::open_node(bench.empty_port);
    const auto right = get_pad(bench.sensor_fd, bench.sensor.pad.index);
    if (!pipeline) {
        return tl::unexpected{pipeline.error()};
    }
    if (!empty) {
        return tl::unexpected{empty.error()};
    }
    if (!right) {
        return tl::unexpected{right.error()};
    }
    auto& node = pipeline->node;
    const Formats formats{bench, node, *right};
    try_call(verdict, bench, node, "all fits", 0, [&] { return start_and_receive(node); });
    try_misfits(verdict, bench, node, formats);
    try_links(verdict, bench, node, *empty);
    try_while_streaming(verdict, bench, node, formats);
    return {};
}

} // namespace ipu3::misuse
