// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/list.hpp"

#include "apps/ipu3-capture/formats.hpp"
#include "apps/ipu3-capture/subdevice.hpp"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace ipu3::capture {

namespace {

using Json = nlohmann::ordered_json;

/// A format of a sensor, with all of its sizes as text.
struct Offer {
    std::uint32_t bus_code;
    std::vector<std::string> sizes;
};

base::Result<std::vector<Offer>> offers_of(const Sensor& sensor,
                                           const std::filesystem::path& path) {
    const auto subdevice = Subdevice::open(path);
    if (!subdevice) {
        return tl::unexpected{subdevice.error()};
    }
    const auto codes = subdevice->bus_codes(sensor.pad.index);
    if (!codes) {
        return tl::unexpected{codes.error()};
    }
    std::vector<Offer> offers;
    for (const auto code : *codes) {
        const auto ranges = subdevice->sizes(sensor.pad.index, code);
        if (!ranges) {
            return tl::unexpected{ranges.error()};
        }
        std::vector<std::string> sizes;
        std::ranges::transform(*ranges, std::back_inserter(sizes), size_range_text);
        offers.push_back({code, std::move(sizes)});
    }
    return offers;
}

std::string fourcc_of(std::uint32_t bus_code) {
    const auto* const format = find_format(bus_code);
    return format != nullptr ? fourcc_text(format->pixelformat) : "not for the CIO2";
}

Json sensor_json(const Sensor& sensor, const std::filesystem::path& path,
                 const std::vector<Offer>& offers) {
    Json formats = Json::array();
    for (const auto& offer : offers) {
        const auto* const format = find_format(offer.bus_code);
        formats.push_back(
            {{"bus", bus_code_text(offer.bus_code)},
             {"fourcc", format != nullptr ? Json(fourcc_text(format->pixelformat)) : Json()},
             {"sizes", offer.sizes}});
    }
    return {{"name", sensor.name},
            {"node", path.string()},
            {"linked", sensor.enabled},
            {"formats", std::move(formats)}};
}

std::string sensor_text(const Sensor& sensor, const std::filesystem::path& path,
                        const std::vector<Offer>& offers) {
    auto text = fmt::format("  sensor    {}  {}  link {}\n", sensor.name, path.string(),
                            sensor.enabled ? "open" : "closed");
    for (const auto& offer : offers) {
        text += fmt::format("    {} ({}): {}\n", bus_code_text(offer.bus_code),
                            fourcc_of(offer.bus_code), fmt::join(offer.sizes, " "));
    }
    return text;
}

} // namespace

base::Result<std::string> list_ports(const MediaDevice& device, bool json) {
    const auto ports = device.graph().and_then(find_ports);
    if (!ports) {
        return base::fail("{}: {}", device.path().string(), ports.error().message);
    }
    std::string text;
    if (!json) {
        text = fmt::format("{}: {} ({})\n", device.path().string(), device.model(), device.bus());
    }
    for (const auto& port : *ports) {
        const auto receiver = node_path(port.receiver_device);
        const auto video = node_path(port.video_device);
        if (!receiver || !video) {
            return tl::unexpected{receiver ? video.error() : receiver.error()};
        }
        Json sensors = Json::array();
        text += json ? ""
                     : fmt::format("port {}\n  receiver  {}  {}\n  capture   {}  {}\n", port.number,
                                   port.receiver, receiver->string(), port.video, video->string());
        for (const auto& sensor : port.sensors) {
            const auto path = node_path(sensor.device);
            if (!path) {
                return tl::unexpected{path.error()};
            }
            const auto offers = offers_of(sensor, *path);
            if (!offers) {
                return tl::unexpected{offers.error()};
            }
            if (json) {
                sensors.push_back(sensor_json(sensor, *path, *offers));
            } else {
                text += sensor_text(sensor, *path, *offers);
            }
        }
        if (json) {
            text += Json{{"port", port.number},
                         {"receiver", {{"name", port.receiver}, {"node", receiver->string()}}},
                         {"capture", {{"name", port.video}, {"node", video->string()}}},
                         {"sensors", std::move(sensors)}}
                        .dump() +
                    "\n";
        } else if (port.sensors.empty()) {
            text += "  no sensor\n";
        }
    }
    return text;
}

} // namespace ipu3::capture
