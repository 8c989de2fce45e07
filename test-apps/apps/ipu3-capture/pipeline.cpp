// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/pipeline.hpp"

#include "apps/ipu3-capture/formats.hpp"
#include "apps/ipu3-capture/subdevice.hpp"

#include <algorithm>
#include <fmt/ranges.h>

namespace ipu3::capture {

namespace {

/// What the sensor is to send.
struct Mode {
    const CaptureFormat* format;
    frames::Size size;
};

base::Result<Subdevice> open_subdevice(std::optional<DeviceNumber> device) {
    return node_path(device).and_then(
        [](const std::filesystem::path& path) { return Subdevice::open(path); });
}

/// The first of the sensor's formats that the CIO2 receives.
base::Result<const CaptureFormat*> choose_format(const Sensor& sensor, const Subdevice& subdevice) {
    const auto codes = subdevice.bus_codes(sensor.pad.index);
    if (!codes) {
        return tl::unexpected{codes.error()};
    }
    std::vector<std::string> names;
    for (const auto code : *codes) {
        if (const auto* const format = find_format(code)) {
            return format;
        }
        names.push_back(bus_code_text(code));
    }
    return base::fail("{} sends {}, which the CIO2 does not receive", sensor.name,
                      names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", ")));
}

base::Result<Mode> choose_mode(const Sensor& sensor, const Subdevice& subdevice,
                               std::optional<frames::Size> wanted) {
    const auto format = choose_format(sensor, subdevice);
    if (!format) {
        return tl::unexpected{format.error()};
    }
    if (wanted) {
        return Mode{*format, *wanted};
    }
    const auto sizes = subdevice.sizes(sensor.pad.index, (*format)->bus_code);
    if (!sizes) {
        return tl::unexpected{sizes.error()};
    }
    if (sizes->empty()) {
        return base::fail("{} does not tell its sizes: add --size WIDTHxHEIGHT", sensor.name);
    }
    const auto largest = std::ranges::max_element(*sizes, {}, [](const SizeRange& range) {
        return std::uint64_t{range.largest.width} * range.largest.height;
    });
    return Mode{*format, largest->largest};
}

base::Result<void> open_links(const MediaDevice& device, const SensorAtPort& at,
                              const Notes& notes) {
    const auto& [port, sensor] = at;
    for (const auto& other : port->sensors) {
        if (&other == sensor || !other.enabled) {
            continue;
        }
        if (auto closed = device.set_link(other.pad, port->sink, false); !closed) {
            return base::fail("{} is linked to {}, and cannot be taken off: {}", other.name,
                              port->receiver, closed.error().message);
        }
        notes(fmt::format("link {} -> {}: closed", other.name, port->receiver));
    }
    if (!sensor->enabled) {
        if (auto opened = device.set_link(sensor->pad, port->sink, true); !opened) {
            return opened;
        }
        notes(fmt::format("link {} -> {}: opened", sensor->name, port->receiver));
    }
    if (!port->video_enabled) {
        if (auto opened = device.set_link(port->source, port->video_pad, true); !opened) {
            return opened;
        }
        notes(fmt::format("link {} -> {}: opened", port->receiver, port->video));
    }
    return {};
}

/// Sets sensor and receiver.
base::Result<void> set_formats(const SensorAtPort& at, const Subdevice& sensor, const Mode& mode,
                               const Notes& notes) {
    const auto receiver = open_subdevice(at.port->receiver_device);
    if (!receiver) {
        return tl::unexpected{receiver.error()};
    }
    v4l2_mbus_framefmt wanted{};
    wanted.code = mode.format->bus_code;
    wanted.width = mode.size.width;
    wanted.height = mode.size.height;
    wanted.field = V4L2_FIELD_NONE;
    struct Step {
        const std::string& name;
        const Subdevice& subdevice;
        std::uint32_t pad;
    };
    for (const auto& step : {Step{at.sensor->name, sensor, at.sensor->pad.index},
                             Step{at.port->receiver, *receiver, at.port->sink.index},
                             Step{at.port->receiver, *receiver, at.port->source.index}}) {
        // What the driver says of colours goes along to the next pad.
        const auto set = step.subdevice.set_format(step.pad, wanted);
        if (!set) {
            return base::fail("{}: {}", step.name, set.error().message);
        }
        wanted = *set;
        notes(fmt::format("{} pad {}: {} {} ({})", step.name, step.pad, mode.format->name,
                          size_text(mode.size), step.subdevice.path().string()));
    }
    return {};
}

} // namespace

base::Result<Pipeline> set_up(const MediaDevice& device, const Options& options,
                              const Notes& notes) {
    const auto ports = device.graph().and_then(find_ports);
    if (!ports) {
        return base::fail("{}: {}", device.path().string(), ports.error().message);
    }
    const auto at = find_sensor(*ports, options.sensor);
    if (!at) {
        return tl::unexpected{at.error()};
    }
    const auto sensor = open_subdevice(at->sensor->device);
    if (!sensor) {
        return tl::unexpected{sensor.error()};
    }
    const auto mode = choose_mode(*at->sensor, *sensor, options.size);
    if (!mode) {
        return tl::unexpected{mode.error()};
    }
    // The node first: it is the one that refuses while somebody else captures, and sensors do not.
    auto node = node_path(at->port->video_device).and_then([](const std::filesystem::path& path) {
        return VideoNode::open(path);
    });
    if (!node) {
        return tl::unexpected{node.error()};
    }
    const auto layout = node->set_format(mode->format->pixelformat, mode->size);
    if (!layout) {
        return tl::unexpected{layout.error()};
    }
    notes(fmt::format("{}: {} {}, {} bytes a line, {} a frame ({})", at->port->video,
                      fourcc_text(layout->pixelformat), size_text(layout->size),
                      layout->bytes_per_line, layout->bytes, node->path().string()));
    auto done = open_links(device, *at, notes).and_then([&] {
        return set_formats(*at, *sensor, *mode, notes);
    });
    if (!done) {
        return tl::unexpected{done.error()};
    }
    // After the formats, for those set some of them anew.
    for (const auto& control : options.controls) {
        if (auto set = sensor->set_control(control); !set) {
            return tl::unexpected{set.error()};
        }
        notes(fmt::format("{}: {} = {}", at->sensor->name, control.name, control.value));
    }
    return Pipeline{std::move(*node), *layout};
}

} // namespace ipu3::capture
