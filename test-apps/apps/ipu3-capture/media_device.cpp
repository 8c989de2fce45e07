// SPDX-License-Identifier: GPL-2.0-or-later
#include "apps/ipu3-capture/media_device.hpp"

#include "lib/v4l2/system_call.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <linux/media.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <tuple>

namespace ipu3::capture {

namespace {

using v4l2::call;
using v4l2::text_of;

constexpr std::string_view driver_name = "ipu3-cio2";

/// /dev/media0, /dev/media1, ..., /dev/media10
std::vector<std::filesystem::path> media_nodes() {
    std::vector<std::filesystem::path> nodes;
    std::error_code error;
    for (std::filesystem::directory_iterator entry{"/dev", error}, end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().filename().string().starts_with("media")) {
            nodes.push_back(entry->path());
        }
    }
    std::ranges::sort(nodes, {}, [](const std::filesystem::path& path) {
        return std::tuple{path.string().size(), path};
    });
    return nodes;
}

base::Result<std::tuple<base::UniqueFd, media_device_info>>
open_media(const std::filesystem::path& path) {
    base::UniqueFd fd{::open(path.c_str(), O_RDWR | O_CLOEXEC)};
    if (!fd) {
        return base::fail_errno(errno, "cannot open {}", path.string());
    }
    media_device_info info{};
    if (auto done = call(fd.get(), MEDIA_IOC_DEVICE_INFO,
                         fmt::format("{}: MEDIA_IOC_DEVICE_INFO", path.string()), info);
        !done) {
        return tl::unexpected{done.error()};
    }
    return std::tuple{std::move(fd), info};
}

struct RawTopology {
    std::vector<media_v2_entity> entities;
    std::vector<media_v2_interface> interfaces;
    std::vector<media_v2_pad> pads;
    std::vector<media_v2_link> links;
};

template <typename T>
__u64 address_of(std::vector<T>& array) {
    return reinterpret_cast<std::uintptr_t>(array.data());
}

/// The graph as the kernel writes it. It may grow between asking how large it is and reading it.
base::Result<RawTopology> read_topology(int fd, const std::string& name) {
    constexpr int attempts = 10;
    const auto what = fmt::format("{}: MEDIA_IOC_G_TOPOLOGY", name);
    for (int attempt = 0; attempt < attempts; ++attempt) {
        media_v2_topology counts{};
        if (auto done = call(fd, MEDIA_IOC_G_TOPOLOGY, what, counts); !done) {
            return tl::unexpected{done.error()};
        }
        RawTopology raw{.entities = std::vector<media_v2_entity>(counts.num_entities),
                        .interfaces = std::vector<media_v2_interface>(counts.num_interfaces),
                        .pads = std::vector<media_v2_pad>(counts.num_pads),
                        .links = std::vector<media_v2_link>(counts.num_links)};
        auto topology = counts;
        topology.ptr_entities = address_of(raw.entities);
        topology.ptr_interfaces = address_of(raw.interfaces);
        topology.ptr_pads = address_of(raw.pads);
        topology.ptr_links = address_of(raw.links);
        if (auto done = call(fd, MEDIA_IOC_G_TOPOLOGY, what, topology); !done) {
            if (done.error().code == ENOSPC) {
                continue;
            }
            return tl::unexpected{done.error()};
        }
        const __u64 before = counts.topology_version; // copies: the structure is packed
        const __u64 after = topology.topology_version;
        if (before == after) {
            return raw;
        }
    }
    return base::fail("{}: the media graph does not stop changing", name);
}

} // namespace

base::Result<MediaDevice> MediaDevice::open(const std::string& path) {
    const auto nodes = path.empty()
                           ? media_nodes()
                           : std::vector<std::filesystem::path>{std::filesystem::path{path}};
    std::string refused; // why a node could not be looked at
    for (const auto& node : nodes) {
        auto opened = open_media(node);
        if (!opened) {
            refused = opened.error().message;
            continue;
        }
        auto& [fd, info] = *opened;
        const auto driver = text_of(info.driver);
        if (driver == driver_name) {
            return MediaDevice{std::move(fd), node, text_of(info.model), text_of(info.bus_info)};
        }
        if (!path.empty()) {
            return base::fail("{} belongs to the driver {}, not to {}", path, driver, driver_name);
        }
    }
    if (!refused.empty()) {
        return base::fail("{}{}", path.empty() ? "no media device of ipu3-cio2: " : "", refused);
    }
    return base::fail("no media device of the driver {}: is the module loaded? (lsmod, dmesg)",
                      driver_name);
}

base::Result<Graph> MediaDevice::graph() const {
    const auto raw = read_topology(fd_.get(), path_.string());
    if (!raw) {
        return tl::unexpected{raw.error()};
    }
    Graph graph;
    for (const auto& entity : raw->entities) {
        graph.entities.push_back({entity.id, text_of(entity.name)});
    }
    for (const auto& pad : raw->pads) {
        graph.pads.push_back(
            {pad.id, pad.entity_id, pad.index, (pad.flags & MEDIA_PAD_FL_SOURCE) != 0});
    }
    for (const auto& interface : raw->interfaces) {
        graph.interfaces.push_back(
            {interface.id, {interface.devnode.major, interface.devnode.minor}});
    }
    for (const auto& link : raw->links) {
        const auto kind = link.flags & static_cast<std::uint32_t>(MEDIA_LNK_FL_LINK_TYPE);
        if (kind == MEDIA_LNK_FL_DATA_LINK) {
            graph.links.push_back({link.source_id, link.sink_id,
                                   (link.flags & MEDIA_LNK_FL_ENABLED) != 0,
                                   (link.flags & MEDIA_LNK_FL_IMMUTABLE) != 0});
        } else if (kind == MEDIA_LNK_FL_INTERFACE_LINK) {
            graph.interface_links.push_back({link.source_id, link.sink_id});
        }
    }
    return graph;
}

base::Result<void> MediaDevice::set_link(PadPlace source, PadPlace sink, bool enabled) const {
    media_link_desc link{};
    link.source.entity = source.entity;
    link.source.index = static_cast<__u16>(source.index);
    link.source.flags = MEDIA_PAD_FL_SOURCE;
    link.sink.entity = sink.entity;
    link.sink.index = static_cast<__u16>(sink.index);
    link.sink.flags = MEDIA_PAD_FL_SINK;
    link.flags = enabled ? MEDIA_LNK_FL_ENABLED : 0;
    return call(fd_.get(), MEDIA_IOC_SETUP_LINK,
                fmt::format("{}: MEDIA_IOC_SETUP_LINK", path_.string()), link);
}

base::Result<std::filesystem::path> node_path(std::optional<DeviceNumber> device) {
    if (!device) {
        return base::fail("an entity on the way has no device node");
    }
    const auto uevent = fmt::format("/sys/dev/char/{}:{}/uevent", device->major, device->minor);
    std::ifstream file{uevent};
    constexpr std::string_view key = "DEVNAME=";
    std::string line;
    while (std::getline(file, line)) {
        if (!line.starts_with(key)) {
            continue;
        }
        auto path = std::filesystem::path{"/dev"} / line.substr(key.size());
        struct stat status{};
        if (::stat(path.c_str(), &status) != 0) {
            return base::fail_errno(errno, "{}", path.string());
        }
        if (::major(status.st_rdev) != device->major || ::minor(status.st_rdev) != device->minor) {
            return base::fail("{} is another device than {}:{}", path.string(), device->major,
                              device->minor);
        }
        return path;
    }
    return base::fail("{} names no device node", uevent);
}

} // namespace ipu3::capture
