// SPDX-License-Identifier: GPL-2.0-or-later
// From bytes to typed requests. Pure functions: all that an untrusted client can get wrong about
// the form of one message is found here; what depends on the device's state is checked where the
// state is.
#pragma once

#include "machine/vfio-user/guest_memory.hpp"
#include "machine/vfio-user/wire.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>

namespace vfio_user {

/// Why a request is refused: the errno for the reply and a sentence for the log.
struct Rejection {
    int code;
    std::string_view reason;
    bool probing{false}; ///< clients ask this to learn what there is: nothing to report
};
template <typename T>
using Checked = tl::expected<T, Rejection>;

/// VERSION. `capabilities` is the JSON text without its NUL, empty when the client sent none.
struct VersionRequest {
    std::uint16_t major;
    std::uint16_t minor;
    std::string_view capabilities;
};
struct DmaMapRequest {
    Iova address{};
    std::uint64_t size{0};
    std::uint64_t file_offset{0};
    Protection protection;
};
struct DmaUnmapRequest {
    Iova address;
    std::uint64_t size;
    bool all;            ///< every window; address and size are 0
    wire::DmaUnmap echo; ///< the reply repeats the request
};
struct DeviceInfoRequest {};
struct RegionInfoRequest {
    std::uint32_t index;
    std::uint32_t argsz; ///< bytes of reply payload that the client can take
};
struct IrqInfoRequest {
    std::uint32_t index;
};

enum class IrqAction : std::uint8_t { mask, unmask, trigger };
/// What SET_IRQS carries for each vector: nothing (all are meant), a boolean, or an eventfd.
enum class IrqData : std::uint8_t { none, boolean, eventfd };
struct SetIrqsRequest {
    std::uint32_t index;
    std::uint32_t start;
    std::uint32_t count; ///< 0 with start 0: the whole index is switched off
    IrqAction action;
    IrqData data;
    std::span<const std::byte> booleans; ///< `count` bytes with IrqData::boolean
};
struct RegionReadRequest {
    wire::RegionAccess access;
};
struct RegionWriteRequest {
    wire::RegionAccess access;
    std::span<const std::byte> data;
};
struct WriteMultiRequest {
    std::span<const std::byte> writes; ///< whole wire::WriteOne
};
struct DeviceResetRequest {};

using Request = std::variant<VersionRequest, DmaMapRequest, DmaUnmapRequest, DeviceInfoRequest,
                             RegionInfoRequest, IrqInfoRequest, SetIrqsRequest, RegionReadRequest,
                             RegionWriteRequest, WriteMultiRequest, DeviceResetRequest>;

/// Whether a message that starts with @p header can be followed in the byte stream. A size below
/// the header's (EINVAL) or above wire::max_message_size (EMSGSIZE) means that the next message
/// cannot be found.
[[nodiscard]] Checked<void> check_framing(const wire::Header& header);

/// Parses one whole message: its @p header, the @p payload behind it and the number of file
/// descriptors that came with it. The request refers to @p payload. Errors: EINVAL for a wrong
/// form, ENOTSUP for a command of the protocol that this server does not offer.
[[nodiscard]] Checked<Request> parse(const wire::Header& header, std::span<const std::byte> payload,
                                     std::size_t fds);

} // namespace vfio_user
