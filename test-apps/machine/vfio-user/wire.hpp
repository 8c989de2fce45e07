// SPDX-License-Identifier: GPL-2.0-or-later
// The vfio-user protocol as it stands on the wire: message header, payloads, numbers.
// Facts: QEMU docs/interop/vfio-user.rst (protocol 0.0), Linux include/uapi/linux/vfio.h.
// All fields are in the host's byte order, which the protocol prescribes for a local socket.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>

namespace vfio_user::wire {

// NOLINTNEXTLINE(performance-enum-size): the wire has 16 bits for it
enum class Command : std::uint16_t {
    version = 1,
    dma_map = 2,
    dma_unmap = 3,
    device_get_info = 4,
    device_get_region_info = 5,
    device_get_region_io_fds = 6,
    device_get_irq_info = 7,
    device_set_irqs = 8,
    region_read = 9,
    region_write = 10,
    dma_read = 11,  ///< server to client only
    dma_write = 12, ///< server to client only
    device_reset = 13,
    dirty_pages = 14, ///< gone from the specification, still in QEMU's protocol.h
    region_write_multi = 15,
    device_feature = 16,
    mig_data_read = 17,
    mig_data_write = 18,
};

struct Header {
    std::uint16_t id;      ///< echoed in the reply
    std::uint16_t command; ///< a Command, or what a stranger sent
    std::uint32_t size;    ///< bytes of the whole message, header included
    std::uint32_t flags;
    std::uint32_t error; ///< errno, in a reply with `flag_error`
};
static_assert(sizeof(Header) == 16);
static_assert(offsetof(Header, size) == 4 && offsetof(Header, error) == 12);

inline constexpr std::uint32_t type_mask = 0xf;
inline constexpr std::uint32_t type_command = 0;
inline constexpr std::uint32_t type_reply = 1;
inline constexpr std::uint32_t flag_no_reply = 1U << 4;
inline constexpr std::uint32_t flag_error = 1U << 5;

/// Start of VERSION in both directions; JSON text with its terminating NUL may follow.
struct Version {
    std::uint16_t major;
    std::uint16_t minor;
};
static_assert(sizeof(Version) == 4);

struct DmaMap {
    std::uint32_t argsz;
    std::uint32_t flags;
    std::uint64_t offset;
    std::uint64_t address;
    std::uint64_t size;
};
static_assert(sizeof(DmaMap) == 32 && offsetof(DmaMap, address) == 16);
inline constexpr std::uint32_t dma_readable = 1U << 0;
inline constexpr std::uint32_t dma_writable = 1U << 1;

/// DMA_READ and DMA_WRITE; the bytes follow in a write and in a read's reply.
struct DmaAccess {
    std::uint64_t address;
    std::uint64_t count;
};
static_assert(sizeof(DmaAccess) == 16);

struct DmaUnmap {
    std::uint32_t argsz;
    std::uint32_t flags;
    std::uint64_t address;
    std::uint64_t size;
};
static_assert(sizeof(DmaUnmap) == 24 && offsetof(DmaUnmap, address) == 8);
/// Not in the specification's text, but QEMU sends it (hw/vfio-user/container.c) with the kernel's
/// meaning.
inline constexpr std::uint32_t unmap_all = 1U << 1;

struct DeviceInfo {
    std::uint32_t argsz;
    std::uint32_t flags;
    std::uint32_t num_regions;
    std::uint32_t num_irqs;
};
static_assert(sizeof(DeviceInfo) == 16);
inline constexpr std::uint32_t device_reset = 1U << 0;
inline constexpr std::uint32_t device_pci = 1U << 1;

struct RegionInfo {
    std::uint32_t argsz;
    std::uint32_t flags;
    std::uint32_t index;
    std::uint32_t cap_offset;
    std::uint64_t size;
    std::uint64_t offset;
};
static_assert(sizeof(RegionInfo) == 32 && offsetof(RegionInfo, size) == 16);
inline constexpr std::uint32_t region_readable = 1U << 0;
inline constexpr std::uint32_t region_writable = 1U << 1;
inline constexpr std::uint32_t region_mappable = 1U << 2;
inline constexpr std::uint32_t region_has_caps = 1U << 3;

/// Capability that lists the parts of a region that can be mapped; `areas` SparseArea follow.
struct SparseMmapCap {
    std::uint16_t id;
    std::uint16_t version;
    std::uint32_t next;
    std::uint32_t areas;
    std::uint32_t reserved;
};
static_assert(sizeof(SparseMmapCap) == 16);
inline constexpr std::uint16_t sparse_mmap_cap_id = 1;
struct SparseArea {
    std::uint64_t offset;
    std::uint64_t size;
};
static_assert(sizeof(SparseArea) == 16);

struct IrqInfo {
    std::uint32_t argsz;
    std::uint32_t flags;
    std::uint32_t index;
    std::uint32_t count;
};
static_assert(sizeof(IrqInfo) == 16);
inline constexpr std::uint32_t irq_eventfd = 1U << 0;
inline constexpr std::uint32_t irq_maskable = 1U << 1;
inline constexpr std::uint32_t irq_noresize = 1U << 3;

struct IrqSet {
    std::uint32_t argsz;
    std::uint32_t flags;
    std::uint32_t index;
    std::uint32_t start;
    std::uint32_t count;
};
static_assert(sizeof(IrqSet) == 20);
inline constexpr std::uint32_t irq_data_none = 1U << 0;
inline constexpr std::uint32_t irq_data_bool = 1U << 1;
inline constexpr std::uint32_t irq_data_eventfd = 1U << 2;
inline constexpr std::uint32_t irq_action_mask = 1U << 3;
inline constexpr std::uint32_t irq_action_unmask = 1U << 4;
inline constexpr std::uint32_t irq_action_trigger = 1U << 5;

/// REGION_READ and REGION_WRITE, request and reply; data may follow.
struct RegionAccess {
    std::uint64_t offset;
    std::uint32_t region;
    std::uint32_t count;
};
static_assert(sizeof(RegionAccess) == 16);

/// Start of REGION_WRITE_MULTI; `count` WriteOne follow.
struct WriteMulti {
    std::uint64_t count;
};
struct WriteOne {
    std::uint64_t offset;
    std::uint32_t region;
    std::uint32_t count; ///< at most 8
    std::uint64_t data;
};
static_assert(sizeof(WriteMulti) == 8 && sizeof(WriteOne) == 24);

/// Region and interrupt numbers of a PCI device.
inline constexpr std::uint32_t bar_regions = 6;
inline constexpr std::uint32_t config_region = 7;
inline constexpr std::uint32_t num_regions = 9;
inline constexpr std::uint32_t intx_index = 0;
inline constexpr std::uint32_t msi_index = 1;
inline constexpr std::uint32_t msix_index = 2;
inline constexpr std::uint32_t error_index = 3;   ///< PCI Express error reporting
inline constexpr std::uint32_t request_index = 4; ///< the host wants its device back

/// Limits of this server. They equal the protocol's defaults, so a client that negotiates nothing
/// may rely on them, too; QEMU accepts at most 16 descriptors a message (hw/vfio-user/protocol.h).
inline constexpr std::uint32_t max_data_xfer_size = 1U << 20;
inline constexpr std::size_t max_msg_fds = 16;
inline constexpr std::size_t max_dma_maps = 65535;
inline constexpr std::uint64_t page_size = 4096;
/// The largest message that can be right: a REGION_WRITE of max_data_xfer_size bytes.
inline constexpr std::size_t max_message_size =
    sizeof(Header) + sizeof(RegionAccess) + max_data_xfer_size;

/// The object at the start of @p bytes; nothing when they are too few.
template <typename T>
[[nodiscard]] std::optional<T> load(std::span<const std::byte> bytes) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (bytes.size() < sizeof(T)) {
        return std::nullopt;
    }
    T object{};
    std::memcpy(&object, bytes.data(), sizeof(T));
    return object;
}

/// The bytes of @p object.
template <typename T>
[[nodiscard]] std::span<const std::byte> bytes_of(const T& object) {
    static_assert(std::is_trivially_copyable_v<T>);
    return std::as_bytes(std::span{&object, 1});
}

} // namespace vfio_user::wire
