// SPDX-License-Identifier: GPL-2.0-or-later
// The media graph as plain data, and what a CIO2's ports are in it. Nothing here asks the kernel.
#pragma once

#include "lib/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::capture {

/// A device node's number.
struct DeviceNumber {
    std::uint32_t major{0};
    std::uint32_t minor{0};
    friend bool operator==(const DeviceNumber&, const DeviceNumber&) = default;
};

/// A media graph, as MEDIA_IOC_G_TOPOLOGY tells it: everything refers to everything by id.
struct Graph {
    struct Entity {
        std::uint32_t id{0};
        std::string name;
    };
    struct Pad {
        std::uint32_t id{0};
        std::uint32_t entity{0}; ///< whose pad it is
        std::uint32_t index{0};  ///< among the entity's pads
        bool source{false};
    };
    /// From pad to pad.
    struct Link {
        std::uint32_t source{0};
        std::uint32_t sink{0};
        bool enabled{false};
        bool immutable{false};
    };
    struct Interface {
        std::uint32_t id{0};
        DeviceNumber device;
    };
    /// Which node controls which entity.
    struct InterfaceLink {
        std::uint32_t interface{0};
        std::uint32_t entity{0};
    };

    std::vector<Entity> entities;
    std::vector<Pad> pads;
    std::vector<Link> links;
    std::vector<Interface> interfaces;
    std::vector<InterfaceLink> interface_links;
};

/// One pad of an entity, and the entity's device node.
struct PadPlace {
    std::uint32_t entity{0};
    std::uint32_t index{0};
};

struct Sensor {
    std::string name; ///< "ov5693 2-0036"
    PadPlace pad;     ///< that the receiver gets its frames from
    std::optional<DeviceNumber> device;
    bool enabled{false};   ///< the link to the receiver
    bool immutable{false}; ///< the link to the receiver
};

/// A CSI-2 port: its receiver, the node behind, the sensors before.
struct Port {
    unsigned number{0};
    std::string receiver; ///< "ipu3-csi2 0"
    PadPlace sink;
    PadPlace source;
    std::optional<DeviceNumber> receiver_device;
    std::string video; ///< "ipu3-cio2 0"
    PadPlace video_pad;
    bool video_enabled{false}; ///< the link from the receiver
    std::optional<DeviceNumber> video_device;
    std::vector<Sensor> sensors; ///< mostly one, or none
};

/// The ports of a CIO2, by number. Error: the graph has no receiver, or one lacks a pad or its
/// capture node.
[[nodiscard]] base::Result<std::vector<Port>> find_ports(const Graph& graph);

/// A sensor and the port that it is at; both point into the ports that they were found in.
struct SensorAtPort {
    const Port* port;
    const Sensor* sensor;
};

/// The sensor whose name begins with @p prefix; with an empty one, the first. Error: there is
/// none, or there are several of them, none of which has exactly that name.
[[nodiscard]] base::Result<SensorAtPort> find_sensor(const std::vector<Port>& ports,
                                                     std::string_view prefix);

} // namespace ipu3::capture
