// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vfio-user/endpoint.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace vfio_user {
namespace {

tl::unexpected<Rejection> refuse(int code, std::string_view reason) {
    return tl::unexpected<Rejection>{Rejection{code, reason}};
}

/// One callable out of several, for std::visit.
template <typename... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};

void check_mappable(const PciConfig& config, unsigned bar, const MappableBar& mappable) {
    const auto size = config.bar_size(bar);
    for (const auto& area : mappable.areas) {
        if (area.size == 0 || (area.offset | area.size) % wire::page_size != 0 ||
            area.size > size || area.offset > size - area.size) {
            throw std::invalid_argument{
                fmt::format("mappable area of {:#x} bytes at {:#x} is not whole pages of BAR {}",
                            area.size, area.offset, bar)};
        }
    }
}

} // namespace

void Reply::finish(const wire::Header& request, int error) {
    if (error != 0) {
        clear();
    }
    const wire::Header header{
        request.id, request.command, static_cast<std::uint32_t>(bytes_.size()),
        wire::type_reply | (error != 0 ? wire::flag_error : 0), static_cast<std::uint32_t>(error)};
    std::memcpy(bytes_.data(), &header, sizeof(header));
}

Endpoint::Endpoint(PciFunction& function, ServerOptions options)
    : function_{function}, config_{function.config()}, options_{std::move(options)},
      interrupts_{config_.msi_vectors()} {
    for (unsigned bar = 0; bar < wire::bar_regions; ++bar) {
        if (const auto* mappable = function_.mappable(bar)) {
            check_mappable(config_, bar, *mappable);
        }
    }
    memory_.on_fault([this](const DmaFault& fault) {
        ++statistics_.dma_faults;
        if (options_.on_dma_fault) {
            options_.on_dma_fault(fault);
        }
        if (options_.ask_client && ask_ && fault.reason == DmaFault::Reason::unmapped) {
            ask_(fault.address);
        }
    });
    memory_.set_views(options_.memory_views);
    memory_.set_bus_mastering(may_master());
    config_.on_power_state([this](PowerState state) {
        memory_.set_bus_mastering(may_master());
        function_.power_state(state);
    });
    function_.attach(*this);
}

Endpoint::~Endpoint() {
    config_.on_power_state({});
}

void Endpoint::raise_msi(unsigned vector) {
    if (may_master() && interrupts_.raise(vector)) {
        ++statistics_.interrupts;
    }
}

Checked<void> Endpoint::execute(const Request& request, std::vector<base::UniqueFd> fds,
                                bool takes_fds, Reply& reply) {
    return std::visit(
        Overloaded{
            [](const VersionRequest&) -> Checked<void> {
                return refuse(EINVAL, "VERSION comes once, as the first message");
            },
            [&](const DmaMapRequest& map_request) { return map(map_request, std::move(fds)); },
            [&](const DmaUnmapRequest& unmap_request) { return unmap(unmap_request, reply); },
            [&](const DeviceInfoRequest&) -> Checked<void> {
                reply.add(wire::DeviceInfo{sizeof(wire::DeviceInfo),
                                           wire::device_reset | wire::device_pci, wire::num_regions,
                                           irq_types});
                return {};
            },
            [&](const RegionInfoRequest& info) { return region_info(info, takes_fds, reply); },
            [&](const IrqInfoRequest& info) -> Checked<void> {
                return interrupts_.count(info.index).map([&](std::uint32_t count) {
                    const auto flags =
                        count != 0 ? wire::irq_eventfd | wire::irq_maskable : std::uint32_t{0};
                    reply.add(wire::IrqInfo{sizeof(wire::IrqInfo), flags, info.index, count});
                });
            },
            [&](const SetIrqsRequest& set) { return interrupts_.set(set, std::move(fds)); },
            [&](const RegionReadRequest& access) { return read(access.access, reply); },
            [&](const RegionWriteRequest& access) {
                return write(access.access, access.data).map([&] { reply.add(access.access); });
            },
            [&](const WriteMultiRequest& multi) -> Checked<void> {
                std::uint64_t count = 0;
                for (auto left = multi.writes; !left.empty(); ++count) {
                    const auto one = *wire::load<wire::WriteOne>(left);
                    const auto data = wire::bytes_of(one.data).first(one.count);
                    if (auto done = write({one.offset, one.region, one.count}, data); !done) {
                        return done;
                    }
                    left = left.subspan(sizeof(one));
                }
                reply.add(wire::WriteMulti{count});
                return {};
            },
            [&](const DeviceResetRequest&) -> Checked<void> {
                reset();
                return {};
            },
        },
        request);
}

Checked<void> Endpoint::map(const DmaMapRequest& request, std::vector<base::UniqueFd> fds) {
    if (memory_.windows() >= wire::max_dma_maps) {
        return refuse(ENOSPC, "too many DMA windows");
    }
    auto fd = fds.empty() ? base::UniqueFd{} : std::move(fds.front());
    const auto done = memory_.map(request.address, request.size, request.protection, std::move(fd),
                                  request.file_offset);
    if (!done) {
        report(done.error().message);
        return refuse(done.error().code, "DMA_MAP failed");
    }
    return {};
}

Checked<void> Endpoint::unmap(const DmaUnmapRequest& request, Reply& reply) {
    if (request.all) {
        memory_.clear();
    } else if (auto done = memory_.unmap(request.address, request.size); !done) {
        report(done.error().message);
        return refuse(done.error().code, "DMA_UNMAP failed");
    }
    reply.add(request.echo);
    return {};
}

std::uint64_t Endpoint::region_size(std::uint32_t index) const {
    return index == wire::config_region ? PciConfig::size : config_.bar_size(index);
}

Checked<void> Endpoint::region_info(const RegionInfoRequest& request, bool takes_fds,
                                    Reply& reply) const {
    if (request.index >= wire::num_regions) {
        return refuse(EINVAL, "there is no such region");
    }
    wire::RegionInfo info{sizeof(wire::RegionInfo),   0, request.index, 0,
                          region_size(request.index), 0};
    if (info.size != 0) {
        info.flags = wire::region_readable | wire::region_writable;
    }
    const auto* mappable = takes_fds && request.index < wire::bar_regions && info.size != 0
                               ? function_.mappable(request.index)
                               : nullptr;
    if (mappable == nullptr || mappable->areas.empty()) {
        reply.add(info);
        return {};
    }
    info.argsz += static_cast<std::uint32_t>(sizeof(wire::SparseMmapCap) +
                                             mappable->areas.size() * sizeof(wire::SparseArea));
    info.flags |= wire::region_has_caps;
    // QEMU checks cap_offset before it compares argsz and asks again (hw/vfio-user/device.c).
    info.cap_offset = sizeof(wire::RegionInfo);
    if (request.argsz < info.argsz) {
        reply.add(info);
        return {};
    }
    info.flags |= wire::region_mappable;
    reply.add(info);
    reply.add(wire::SparseMmapCap{wire::sparse_mmap_cap_id, 1, 0,
                                  static_cast<std::uint32_t>(mappable->areas.size()), 0});
    for (const auto& area : mappable->areas) {
        reply.add(wire::SparseArea{area.offset, area.size});
    }
    reply.attach(mappable->fd);
    return {};
}

Checked<void> Endpoint::check_access(const wire::RegionAccess& access) const {
    const auto size = region_size(access.region);
    if (access.count > size || access.offset > size - access.count) {
        return refuse(EINVAL, "an access beyond its region");
    }
    if (access.region < wire::bar_regions &&
        (access.count > 8 || !std::has_single_bit(access.count) ||
         access.offset % access.count != 0)) {
        return refuse(EINVAL, "a BAR access that is not 1, 2, 4 or 8 bytes, aligned");
    }
    return {};
}

bool Endpoint::accessible() const {
    return config_.memory_enabled() && config_.power_state() == PowerState::d0;
}

bool Endpoint::may_master() const {
    return config_.bus_master() && config_.power_state() == PowerState::d0;
}

Checked<void> Endpoint::read(const wire::RegionAccess& access, Reply& reply) {
    if (auto fits = check_access(access); !fits) {
        return fits;
    }
    reply.add(access);
    const auto data = reply.extend(access.count);
    if (access.region == wire::config_region) {
        ++statistics_.config_reads;
        config_.read(access.offset, data);
    } else if (accessible()) {
        ++statistics_.bar_reads;
        function_.bar_read(access.region, access.offset, data);
    } else {
        ++statistics_.bar_inaccessible;
        std::ranges::fill(data, std::byte{0xff});
    }
    return {};
}

Checked<void> Endpoint::write(const wire::RegionAccess& access, std::span<const std::byte> data) {
    if (auto fits = check_access(access); !fits) {
        return fits;
    }
    if (access.region == wire::config_region) {
        ++statistics_.config_writes;
        config_.write(access.offset, data);
        memory_.set_bus_mastering(may_master());
    } else if (accessible()) {
        ++statistics_.bar_writes;
        function_.bar_write(access.region, access.offset, data);
    } else {
        ++statistics_.bar_inaccessible;
    }
    return {};
}

void Endpoint::reset() {
    config_.reset();
    memory_.set_bus_mastering(may_master());
    interrupts_.reset();
    function_.reset();
}

void Endpoint::client_came() {
    ++statistics_.clients;
    if (options_.on_client) {
        options_.on_client(true);
    }
}

void Endpoint::client_gone() {
    memory_.clear();
    interrupts_.clear();
    if (options_.on_client) {
        options_.on_client(false);
    }
}

void Endpoint::report(std::string_view error) const {
    if (options_.on_error) {
        options_.on_error(error);
    }
}

} // namespace vfio_user
