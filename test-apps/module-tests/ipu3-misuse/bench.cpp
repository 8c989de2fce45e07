// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/ipu3-misuse/bench.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>

namespace ipu3::misuse {

namespace {

constexpr int frame_timeout_ms = 20000;
/// What a port has before a format is set.
constexpr std::uint32_t default_format = V4L2_PIX_FMT_IPU3_SGRBG10;
constexpr Size default_size{1936, 1096};

base::Result<base::UniqueFd> open_subdevice(std::optional<capture::DeviceNumber> device) {
    return capture::node_path(device).and_then(
        [](const std::filesystem::path& path) -> base::Result<base::UniqueFd> {
            base::UniqueFd fd{::open(path.c_str(), O_RDWR | O_CLOEXEC)};
            if (!fd) {
                return base::fail_errno(errno, "cannot open {}", path.string());
            }
            return fd;
        });
}

} // namespace

base::Result<Bench> Bench::open() {
    auto device = capture::MediaDevice::open("");
    if (!device) {
        return tl::unexpected{device.error()};
    }
    const auto ports = device->graph().and_then(capture::find_ports);
    if (!ports) {
        return tl::unexpected{ports.error()};
    }
    const auto at = capture::find_sensor(*ports, "");
    if (!at) {
        return tl::unexpected{at.error()};
    }
    const auto empty = std::ranges::find_if(
        *ports, [](const capture::Port& port) { return port.sensors.empty(); });
    if (empty == ports->end()) {
        return base::fail("each port has a sensor");
    }
    auto sensor = open_subdevice(at->sensor->device);
    auto receiver = open_subdevice(at->port->receiver_device);
    if (!sensor || !receiver) {
        return tl::unexpected{(sensor ? receiver : sensor).error()};
    }
    const auto bus = device->bus();
    return Bench{.device = std::move(*device),
                 .port = *at->port,
                 .sensor = *at->sensor,
                 .empty_port = *empty,
                 .sensor_fd = std::move(*sensor),
                 .receiver_fd = std::move(*receiver),
                 .backend = fmt::format("cio2.{}", bus.substr(bus.find(':') + 1))};
}

base::Result<VideoNode> Bench::open_node(const capture::Port& port) {
    return capture::node_path(port.video_device).and_then([](const std::filesystem::path& path) {
        return VideoNode::open(path);
    });
}

base::Result<capture::Pipeline> Bench::set_up() const {
    capture::Options options;
    options.sensor = sensor.name;
    options.size = mode;
    return capture::set_up(device, options, [](const std::string& /*sentence*/) {});
}

v4l2::BackendCounters Bench::counters() const {
    return v4l2::read_backend_counters(backend).value_or(v4l2::BackendCounters{});
}

int Bench::set_link(bool enabled) const {
    return errno_of(device.set_link(sensor.pad, port.sink, enabled));
}

int set_pad(const base::UniqueFd& subdevice, std::uint32_t pad, const v4l2_mbus_framefmt& wanted,
            std::uint32_t which) {
    v4l2_subdev_format format{};
    format.which = which;
    format.pad = pad;
    format.format = wanted;
    return errno_of(subdevice.get(), VIDIOC_SUBDEV_S_FMT, format);
}

base::Result<v4l2_mbus_framefmt> get_pad(const base::UniqueFd& subdevice, std::uint32_t pad,
                                         std::uint32_t which) {
    v4l2_subdev_format format{};
    format.which = which;
    format.pad = pad;
    if (auto done = v4l2::call(subdevice.get(), VIDIOC_SUBDEV_G_FMT, "VIDIOC_SUBDEV_G_FMT", format);
        !done) {
        return tl::unexpected{done.error()};
    }
    return format.format;
}

int set_format(const VideoNode& node, std::uint32_t pixelformat, Size size) {
    v4l2_format format{};
    format.type = capture_type;
    format.fmt.pix_mp.pixelformat = pixelformat;
    format.fmt.pix_mp.width = size.width;
    format.fmt.pix_mp.height = size.height;
    return errno_of(node.fd(), VIDIOC_S_FMT, format);
}

int request(const VideoNode& node, std::uint32_t memory, std::uint32_t count) {
    v4l2_requestbuffers buffers{};
    buffers.count = count;
    buffers.type = capture_type;
    buffers.memory = memory;
    return errno_of(node.fd(), VIDIOC_REQBUFS, buffers);
}

int create(const VideoNode& node, std::uint32_t size) {
    v4l2_create_buffers buffers{};
    buffers.count = 1;
    buffers.memory = V4L2_MEMORY_MMAP;
    buffers.format.type = capture_type;
    if (const auto failed = errno_of(node.fd(), VIDIOC_G_FMT, buffers.format)) {
        return failed;
    }
    buffers.format.fmt.pix_mp.plane_fmt[0].sizeimage = size;
    return errno_of(node.fd(), VIDIOC_CREATE_BUFS, buffers);
}

int start(VideoNode& node) {
    const auto count = node.request_buffers(V4L2_MEMORY_MMAP, 4);
    if (!count) {
        return count.error().code;
    }
    for (std::uint32_t index = 0; index < *count; ++index) {
        if (const auto queued = node.queue(V4L2_MEMORY_MMAP, index, {}); !queued) {
            return queued.error().code;
        }
    }
    return errno_of(node.stream_on());
}

int start_empty(VideoNode& node) {
    const auto failed = set_format(node, default_format, default_size);
    return failed != 0 ? failed : start(node);
}

int receive(VideoNode& node, unsigned frames) {
    for (unsigned got = 0; got < frames;) {
        pollfd waiting{node.fd(), POLLIN, 0};
        if (::poll(&waiting, 1, frame_timeout_ms) != 1) {
            return ETIME;
        }
        const auto dequeued = node.dequeue(V4L2_MEMORY_MMAP);
        if (!dequeued) {
            return dequeued.error().code;
        }
        const auto& frame = *dequeued;
        if (!frame) {
            continue;
        }
        if (frame->damaged) {
            return EBADMSG;
        }
        if (const auto queued = node.queue(V4L2_MEMORY_MMAP, frame->index, {}); !queued) {
            return queued.error().code;
        }
        ++got;
    }
    return 0;
}

int stop(VideoNode& node) {
    if (const auto stopped = node.stream_off(); !stopped) {
        return stopped.error().code;
    }
    return request(node, V4L2_MEMORY_MMAP, 0);
}

} // namespace ipu3::misuse
