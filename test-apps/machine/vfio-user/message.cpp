// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vfio-user/message.hpp"

#include <bit>
#include <cerrno>

namespace vfio_user {
namespace {

using Payload = std::span<const std::byte>;

tl::unexpected<Rejection> refuse(int code, std::string_view reason) {
    return tl::unexpected<Rejection>{Rejection{code, reason}};
}

/// A payload that is exactly one T.
template <typename T>
Checked<T> exactly(Payload payload) {
    const auto body = wire::load<T>(payload);
    if (!body || payload.size() != sizeof(T)) {
        return refuse(EINVAL, "the payload's size is not this command's");
    }
    return *body;
}

/// A payload that is exactly one T whose argsz leaves room for a T.
template <typename T>
Checked<T> with_argsz(Payload payload) {
    auto body = exactly<T>(payload);
    if (body && body->argsz < sizeof(T)) {
        return refuse(EINVAL, "argsz is smaller than the structure");
    }
    return body;
}

Checked<Request> parse_version(Payload payload) {
    const auto body = wire::load<wire::Version>(payload);
    if (!body) {
        return refuse(EINVAL, "VERSION is too short");
    }
    auto rest = payload.subspan(sizeof(wire::Version));
    if (rest.empty()) {
        return VersionRequest{body->major, body->minor, {}};
    }
    if (rest.back() != std::byte{0}) {
        return refuse(EINVAL, "the version data does not end in NUL");
    }
    rest = rest.first(rest.size() - 1);
    return VersionRequest{
        body->major, body->minor, {reinterpret_cast<const char*>(rest.data()), rest.size()}};
}

Checked<Request> parse_dma_map(Payload payload) {
    const auto body = with_argsz<wire::DmaMap>(payload);
    if (!body) {
        return tl::unexpected{body.error()};
    }
    constexpr auto known = wire::dma_readable | wire::dma_writable;
    if ((body->flags & ~known) != 0 || (body->flags & known) == 0) {
        return refuse(EINVAL, "DMA_MAP with unknown or no access flags");
    }
    if (((body->address | body->size) % wire::page_size) != 0 || body->size == 0) {
        return refuse(EINVAL, "DMA_MAP of a range that is not whole pages");
    }
    return DmaMapRequest{
        Iova{body->address},
        body->size,
        body->offset,
        {(body->flags & wire::dma_readable) != 0, (body->flags & wire::dma_writable) != 0}};
}

Checked<Request> parse_dma_unmap(Payload payload) {
    const auto body = with_argsz<wire::DmaUnmap>(payload);
    if (!body) {
        return tl::unexpected{body.error()};
    }
    const bool all = body->flags == wire::unmap_all;
    if (body->flags != 0 && !all) {
        return refuse(EINVAL, "DMA_UNMAP with unknown flags");
    }
    if (all && (body->address != 0 || body->size != 0)) {
        return refuse(EINVAL, "DMA_UNMAP of everything with a range");
    }
    return DmaUnmapRequest{Iova{body->address}, body->size, all, *body};
}

Checked<IrqAction> irq_action(std::uint32_t flags) {
    switch (flags & (wire::irq_action_mask | wire::irq_action_unmask | wire::irq_action_trigger)) {
    case wire::irq_action_mask:
        return IrqAction::mask;
    case wire::irq_action_unmask:
        return IrqAction::unmask;
    case wire::irq_action_trigger:
        return IrqAction::trigger;
    default:
        return refuse(EINVAL, "SET_IRQS needs exactly one action");
    }
}

Checked<IrqData> irq_data(std::uint32_t flags) {
    switch (flags & (wire::irq_data_none | wire::irq_data_bool | wire::irq_data_eventfd)) {
    case wire::irq_data_none:
        return IrqData::none;
    case wire::irq_data_bool:
        return IrqData::boolean;
    case wire::irq_data_eventfd:
        return IrqData::eventfd;
    default:
        return refuse(EINVAL, "SET_IRQS needs exactly one kind of data");
    }
}

Checked<Request> parse_set_irqs(Payload payload, std::size_t fds) {
    const auto body = wire::load<wire::IrqSet>(payload);
    if (!body || body->argsz != payload.size()) {
        return refuse(EINVAL, "SET_IRQS: argsz is not the payload's size");
    }
    constexpr std::uint32_t known = (1U << 6) - 1;
    if ((body->flags & ~known) != 0) {
        return refuse(EINVAL, "SET_IRQS with unknown flags");
    }
    const auto action = irq_action(body->flags);
    const auto data = irq_data(body->flags);
    if (!action || !data) {
        return tl::unexpected{action ? data.error() : action.error()};
    }
    const auto booleans = payload.subspan(sizeof(wire::IrqSet));
    if (booleans.size() != (*data == IrqData::boolean ? body->count : 0)) {
        return refuse(EINVAL, "SET_IRQS: the data do not fit the count");
    }
    if (body->start > UINT32_MAX - body->count) {
        return refuse(EINVAL, "SET_IRQS: start + count overflows");
    }
    if (fds != 0 && (*data != IrqData::eventfd || fds != body->count)) {
        return refuse(EINVAL, "SET_IRQS: the descriptors do not fit the count");
    }
    if (body->count == 0 &&
        (*data != IrqData::none || *action != IrqAction::trigger || body->start != 0)) {
        return refuse(EINVAL, "SET_IRQS of no vector");
    }
    if (*data == IrqData::eventfd && *action != IrqAction::trigger) {
        return refuse(ENOTSUP, "eventfds that mask or unmask are for INTx, which is absent");
    }
    return SetIrqsRequest{body->index, body->start, body->count, *action, *data, booleans};
}

Checked<Request> parse_region_read(Payload payload) {
    const auto body = exactly<wire::RegionAccess>(payload);
    if (!body) {
        return tl::unexpected{body.error()};
    }
    if (body->count == 0 || body->count > wire::max_data_xfer_size) {
        return refuse(EINVAL, "REGION_READ of no or too many bytes");
    }
    return RegionReadRequest{*body};
}

Checked<Request> parse_region_write(Payload payload) {
    const auto body = wire::load<wire::RegionAccess>(payload);
    if (!body) {
        return refuse(EINVAL, "REGION_WRITE is too short");
    }
    const auto data = payload.subspan(sizeof(wire::RegionAccess));
    if (body->count == 0 || body->count > wire::max_data_xfer_size || data.size() != body->count) {
        return refuse(EINVAL, "REGION_WRITE: the data do not fit the count");
    }
    return RegionWriteRequest{*body, data};
}

Checked<Request> parse_write_multi(Payload payload) {
    const auto body = wire::load<wire::WriteMulti>(payload);
    if (!body) {
        return refuse(EINVAL, "REGION_WRITE_MULTI is too short");
    }
    const auto writes = payload.subspan(sizeof(wire::WriteMulti));
    if (writes.size() % sizeof(wire::WriteOne) != 0 ||
        writes.size() / sizeof(wire::WriteOne) != body->count) {
        return refuse(EINVAL, "REGION_WRITE_MULTI: the writes do not fit the count");
    }
    for (auto left = writes; !left.empty(); left = left.subspan(sizeof(wire::WriteOne))) {
        const auto one = wire::load<wire::WriteOne>(left);
        if (!one || one->count > sizeof(one->data) || !std::has_single_bit(one->count)) {
            return refuse(EINVAL, "REGION_WRITE_MULTI: a write is not 1, 2, 4 or 8 bytes");
        }
    }
    return WriteMultiRequest{writes};
}

/// Descriptors that @p command may carry; SET_IRQS compares with its own count.
std::size_t max_fds(wire::Command command) {
    switch (command) {
    case wire::Command::dma_map:
        return 1;
    case wire::Command::device_set_irqs:
        return wire::max_msg_fds;
    default:
        return 0;
    }
}

} // namespace

Checked<void> check_framing(const wire::Header& header) {
    if (header.size < sizeof(wire::Header)) {
        return refuse(EINVAL, "the message is smaller than its header");
    }
    if (header.size > wire::max_message_size) {
        return refuse(EMSGSIZE, "the message is larger than negotiated");
    }
    return {};
}

Checked<Request> parse(const wire::Header& header, std::span<const std::byte> payload,
                       std::size_t fds) {
    if ((header.flags & ~wire::flag_no_reply) != wire::type_command) {
        return refuse(EINVAL, "the message is not a command");
    }
    const auto command = static_cast<wire::Command>(header.command);
    if (fds > max_fds(command)) {
        return refuse(EINVAL, "more descriptors than this command takes");
    }
    switch (command) {
    case wire::Command::version:
        return parse_version(payload);
    case wire::Command::dma_map:
        return parse_dma_map(payload);
    case wire::Command::dma_unmap:
        return parse_dma_unmap(payload);
    case wire::Command::device_get_info:
        return with_argsz<wire::DeviceInfo>(payload).map(
            [](const auto&) { return Request{DeviceInfoRequest{}}; });
    case wire::Command::device_get_region_info:
        return with_argsz<wire::RegionInfo>(payload).map(
            [](const auto& body) { return Request{RegionInfoRequest{body.index, body.argsz}}; });
    case wire::Command::device_get_irq_info:
        return with_argsz<wire::IrqInfo>(payload).map(
            [](const auto& body) { return Request{IrqInfoRequest{body.index}}; });
    case wire::Command::device_set_irqs:
        return parse_set_irqs(payload, fds);
    case wire::Command::region_read:
        return parse_region_read(payload);
    case wire::Command::region_write:
        return parse_region_write(payload);
    case wire::Command::region_write_multi:
        return parse_write_multi(payload);
    case wire::Command::device_reset:
        if (!payload.empty()) {
            return refuse(EINVAL, "DEVICE_RESET has no payload");
        }
        return DeviceResetRequest{};
    case wire::Command::device_get_region_io_fds:
    case wire::Command::dirty_pages:
    case wire::Command::device_feature:
    case wire::Command::mig_data_read:
    case wire::Command::mig_data_write:
        return refuse(ENOTSUP, "this server does not offer the command");
    case wire::Command::dma_read:
    case wire::Command::dma_write:
        return refuse(EINVAL, "only the server sends this command");
    }
    return refuse(EINVAL, "unknown command");
}

} // namespace vfio_user
