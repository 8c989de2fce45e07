// SPDX-License-Identifier: GPL-2.0-or-later
#include "module-tests/ipu-dmatest/stream/session.hpp"

#include "module-tests/ipu-dmatest/stream/controls.hpp"

#include <array>
#include <fmt/format.h>
#include <poll.h>

namespace ipu3::dmatest::stream {

base::Result<VideoNode> open_node(const Options& options, unsigned function, bool output) {
    const auto found = find_node(function, output);
    if (!found) {
        return tl::unexpected{found.error()};
    }
    auto node = VideoNode::open(*found);
    if (!node) {
        return node;
    }
    for (const auto& control : control_names) {
        const auto wanted = options.controls.find(std::string{control.name});
        if (wanted == options.controls.end()) {
            continue;
        }
        if (auto set = node->set_control(control.id, wanted->second); !set) {
            return tl::unexpected{set.error()};
        }
    }
    return node;
}

base::Result<std::optional<VideoNode>> open_exporter(const Options& options) {
    if (options.memory != Memory::dmabuf_import ||
        (options.exporter != Exporter::node && options.exporter != Exporter::vivid)) {
        return std::nullopt;
    }
    const bool camera = options.exporter == Exporter::vivid;
    const auto found =
        camera ? find_capture_node_of("vivid") : find_node(1 - options.function, true);
    if (!found) {
        return tl::unexpected{found.error()};
    }
    auto node = VideoNode::open(*found);
    if (!node) {
        return tl::unexpected{node.error()};
    }
    // The camera has few sizes; its buffers may be larger than its frames.
    const auto layout =
        camera ? node->set_layout({.width = 320, .height = 180}) : set_layout(*node, options);
    if (!layout) {
        return tl::unexpected{layout.error()};
    }
    return std::optional{std::move(*node)};
}

base::Result<Layout> set_layout(VideoNode& node, const Options& options) {
    return node.set_layout({.width = options.width,
                            .height = options.height,
                            .wide = options.wide,
                            .stride = options.stride,
                            .sizeimage = options.sizeimage});
}

base::Result<v4l2::Woken> await(const VideoNode& node, const Options& options,
                                const v4l2::StopSignal& stop) {
    std::array watched{v4l2::StopSignal::Watch{
        .fd = node.fd(), .events = static_cast<short>(node.output() ? POLLOUT : POLLIN)}};
    auto woken = stop.wait(watched, options.timeout);
    if (woken && *woken == v4l2::Woken::timeout) {
        return base::fail("no frame came within {} ms", options.timeout.count());
    }
    return woken;
}

void tell(const Options& options, std::string_view node, const Dequeued& frame,
          const Report& before, const Report& after) {
    if (options.verbose) {
        fmt::print("{} buffer {} sequence {} bytes {}{} bad bytes {}\n", node, frame.index,
                   frame.sequence, frame.bytes, frame.error ? " error" : "",
                   after.bad_bytes - before.bad_bytes);
    }
}

base::Result<Report> run(const Options& options, const v4l2::StopSignal& stop) {
    switch (options.direction) {
    case Direction::capture:
        return options.memory == Memory::file ? capture_by_read(options, stop)
                                              : capture(options, stop);
    case Direction::output:
        return options.memory == Memory::file ? output_by_write(options, stop)
                                              : output(options, stop);
    case Direction::both:
        break;
    }
    return copy(options, stop);
}

} // namespace ipu3::dmatest::stream
