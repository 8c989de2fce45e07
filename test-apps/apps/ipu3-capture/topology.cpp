// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/topology.hpp"

#include "lib/base/number.hpp"

#include <algorithm>
#include <fmt/ranges.h>

namespace ipu3::capture {

namespace {

constexpr std::string_view receiver_prefix = "ipu3-csi2 ";

std::optional<unsigned> port_number(std::string_view name) {
    if (!name.starts_with(receiver_prefix)) {
        return std::nullopt;
    }
    return base::parse_number<unsigned>(name.substr(receiver_prefix.size()));
}

const Graph::Pad* pad_with_id(const Graph& graph, std::uint32_t id) {
    const auto found = std::ranges::find(graph.pads, id, &Graph::Pad::id);
    return found == graph.pads.end() ? nullptr : &*found;
}

const Graph::Pad* pad_of(const Graph& graph, std::uint32_t entity, bool source) {
    const auto found = std::ranges::find_if(graph.pads, [&](const Graph::Pad& pad) {
        return pad.entity == entity && pad.source == source;
    });
    return found == graph.pads.end() ? nullptr : &*found;
}

std::string name_of(const Graph& graph, std::uint32_t entity) {
    const auto found = std::ranges::find(graph.entities, entity, &Graph::Entity::id);
    return found == graph.entities.end() ? std::string{} : found->name;
}

std::optional<DeviceNumber> device_of(const Graph& graph, std::uint32_t entity) {
    const auto link =
        std::ranges::find(graph.interface_links, entity, &Graph::InterfaceLink::entity);
    if (link == graph.interface_links.end()) {
        return std::nullopt;
    }
    const auto found = std::ranges::find(graph.interfaces, link->interface, &Graph::Interface::id);
    return found == graph.interfaces.end() ? std::nullopt : std::optional{found->device};
}

base::Result<Port> port_of(const Graph& graph, const Graph::Entity& receiver, unsigned number) {
    const auto* const sink = pad_of(graph, receiver.id, false);
    const auto* const source = pad_of(graph, receiver.id, true);
    if (sink == nullptr || source == nullptr) {
        return base::fail("{} lacks a pad", receiver.name);
    }
    Port port;
    port.number = number;
    port.receiver = receiver.name;
    port.sink = {receiver.id, sink->index};
    port.source = {receiver.id, source->index};
    port.receiver_device = device_of(graph, receiver.id);
    const Graph::Pad* video = nullptr;
    for (const auto& link : graph.links) {
        if (link.sink == sink->id) {
            if (const auto* const from = pad_with_id(graph, link.source)) {
                port.sensors.push_back({.name = name_of(graph, from->entity),
                                        .pad = {from->entity, from->index},
                                        .device = device_of(graph, from->entity),
                                        .enabled = link.enabled,
                                        .immutable = link.immutable});
            }
        } else if (link.source == source->id && video == nullptr) {
            video = pad_with_id(graph, link.sink);
            port.video_enabled = link.enabled;
        }
    }
    if (video == nullptr) {
        return base::fail("{} has no capture node", receiver.name);
    }
    port.video = name_of(graph, video->entity);
    port.video_pad = {video->entity, video->index};
    port.video_device = device_of(graph, video->entity);
    return port;
}

} // namespace

base::Result<std::vector<Port>> find_ports(const Graph& graph) {
    std::vector<Port> ports;
    for (const auto& entity : graph.entities) {
        const auto number = port_number(entity.name);
        if (!number) {
            continue;
        }
        auto port = port_of(graph, entity, *number);
        if (!port) {
            return tl::unexpected{port.error()};
        }
        ports.push_back(std::move(*port));
    }
    if (ports.empty()) {
        return base::fail("the media graph has no receiver (an entity \"{}N\")", receiver_prefix);
    }
    std::ranges::sort(ports, {}, &Port::number);
    return ports;
}

base::Result<SensorAtPort> find_sensor(const std::vector<Port>& ports, std::string_view prefix) {
    std::vector<SensorAtPort> matching;
    std::vector<std::string_view> all;
    for (const auto& port : ports) {
        for (const auto& sensor : port.sensors) {
            all.emplace_back(sensor.name);
            if (sensor.name == prefix) {
                return SensorAtPort{&port, &sensor};
            }
            if (sensor.name.starts_with(prefix)) {
                matching.push_back({&port, &sensor});
            }
        }
    }
    if (all.empty()) {
        return base::fail("no port has a sensor: is the sensor's driver loaded, and does the "
                          "firmware name it? (dmesg tells)");
    }
    if (matching.empty()) {
        return base::fail("there is no sensor '{}'; there is {}", prefix, fmt::join(all, ", "));
    }
    if (matching.size() > 1 && !prefix.empty()) {
        std::vector<std::string_view> names;
        std::ranges::transform(matching, std::back_inserter(names), [](const SensorAtPort& at) {
            return std::string_view{at.sensor->name};
        });
        return base::fail("'{}' may be {}: write more of the name", prefix,
                          fmt::join(names, " or "));
    }
    return matching.front();
}

} // namespace ipu3::capture
