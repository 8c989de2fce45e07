// SPDX-License-Identifier: GPL-2.0-or-later
// The guest's memory as one PCI function sees it: a bounds-checked address space of DMA windows.
#pragma once

#include "lib/base/result.hpp"
#include "lib/base/unique_fd.hpp"
#include "machine/vfio-user/memory_view.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <type_traits>
#include <utility>

namespace vfio_user {

/// An address as the device puts it on the bus: guest-physical, or an IOVA when a VT-d stands
/// before it.
enum class Iova : std::uint64_t {};

[[nodiscard]] constexpr std::uint64_t value(Iova iova) {
    return static_cast<std::uint64_t>(iova);
}
[[nodiscard]] constexpr Iova operator+(Iova iova, std::uint64_t bytes) {
    return Iova{value(iova) + bytes};
}

enum class Access : std::uint8_t { read, write };

/// What a device did wrong on the bus. A fault belongs to the device that caused it; it is
/// recorded, and the access has no effect from the first byte that could not be reached.
struct DmaFault {
    enum class Reason : std::uint8_t {
        unmapped,   ///< no window covers the byte at `address`
        forbidden,  ///< a window covers it, but without this kind of access; or no bus mastering
        not_shared, ///< a window covers it, but no file of the client's is behind that byte
    };
    Iova address{};       ///< first byte that could not be reached
    std::uint64_t size{}; ///< bytes of the whole access, in bytes
    Access access{Access::read};
    Reason reason{Reason::unmapped};
};

/// A DmaFault in one sentence.
[[nodiscard]] std::string describe(const DmaFault& fault);

/// What a DMA window allows the device to do.
struct Protection {
    bool readable{false};
    bool writable{false};
};

class SharedFile;

/// The DMA windows of one function. Not thread-safe: used on the device's event loop only.
///
/// Windows come and go by VFIO_USER_DMA_MAP and _UNMAP; with a VT-d there can be thousands of 4 KiB
/// ones. Each file that windows refer to is mapped once as a whole, so that a window costs no
/// system call. Only a file that is sealed against shrinking (F_SEAL_SHRINK, as QEMU's
/// memory-backend-memfd is) is mapped: one that the client could cut short would kill this process
/// by SIGBUS, so any other is accessed by pread and pwrite; a file that a MemoryView covers,
/// through that, and not at all otherwise if there is one for each purpose. read() and write() are
/// the only ways in; no address of guest memory leaves this class.
class GuestMemory {
  public:
    GuestMemory();
    ~GuestMemory();
    GuestMemory(GuestMemory&&) noexcept;
    GuestMemory& operator=(GuestMemory&&) noexcept;
    GuestMemory(const GuestMemory&) = delete;
    GuestMemory& operator=(const GuestMemory&) = delete;

    /// Adds the window [@p start, @p start + @p size). @p fd may be empty: the window then exists,
    /// but each access to it is a fault (not_shared). Errors: EINVAL for size 0, an end beyond
    /// 2^64, or a window that does not lie inside of a regular file; EACCES when the descriptor
    /// allows less than @p protection; EEXIST for one that overlaps another; the errno of mmap or
    /// fstat.
    [[nodiscard]] base::Result<void> map(Iova start, std::uint64_t size, Protection protection,
                                         base::UniqueFd fd, std::uint64_t file_offset);

    /// Removes every window that lies inside of [@p start, @p start + @p size). QEMU also unmaps
    /// ranges that were never mapped, so removing nothing is a success. Error: EINVAL when the
    /// range would cut a window.
    [[nodiscard]] base::Result<void> unmap(Iova start, std::uint64_t size);

    /// Removes every window and unmaps every file (the client went away).
    void clear();

    /// Whether the function may use the bus, true at first. The server keeps it in step with Bus
    /// Master Enable and the power state; while false, each access is a fault (forbidden).
    void set_bus_mastering(bool on) { bus_mastering_ = on; }

    /// Copies guest memory at @p from into @p to. All bytes, or a fault; bytes before the fault's
    /// address are copied. Adjacent windows count as one. An access does not wrap: what would lie
    /// beyond the last address is unmapped, reported as address 0. @p purpose decides which view
    /// carries it out, and nothing else.
    [[nodiscard]] tl::expected<void, DmaFault> read(Iova from, std::span<std::byte> to,
                                                    Purpose purpose = Purpose::data) const;
    /// Copies @p from into guest memory at @p to, as data: no MMU writes tables. Bytes before the
    /// fault's address are written.
    [[nodiscard]] tl::expected<void, DmaFault> write(Iova to, std::span<const std::byte> from);

    /// Reads one little-endian object, e.g. a descriptor whose layout the hardware defines.
    template <typename T>
    [[nodiscard]] tl::expected<T, DmaFault> load(Iova from, Purpose purpose = Purpose::data) const {
        static_assert(std::is_trivially_copyable_v<T>);
        T object{};
        if (auto done = read(from, std::as_writable_bytes(std::span{&object, 1}), purpose); !done) {
            return tl::unexpected{done.error()};
        }
        return object;
    }
    /// Writes one little-endian object.
    template <typename T>
    [[nodiscard]] tl::expected<void, DmaFault> store(Iova to, const T& object) {
        static_assert(std::is_trivially_copyable_v<T>);
        return write(to, std::as_bytes(std::span{&object, 1}));
    }

    [[nodiscard]] std::size_t windows() const { return windows_.size(); }

    /// Lets @p views, which outlive this object, carry out the accesses to the files that they
    /// cover; for windows mapped from now on. At first there is none: every access is direct.
    void set_views(MemoryViews views) { views_ = views; }

    /// Calls @p observer for each fault that an access meets, in addition to returning it.
    void on_fault(std::function<void(const DmaFault&)> observer) {
        observer_ = std::move(observer);
    }

  private:
    /// The file behind a window to be, opened or found among those already open.
    [[nodiscard]] base::Result<std::shared_ptr<SharedFile>>
    share(base::UniqueFd fd, std::uint64_t size, Protection protection, std::uint64_t file_offset);
    struct Window {
        std::uint64_t size;
        Protection protection;
        std::shared_ptr<SharedFile> file; ///< null when the client shared no descriptor
        std::uint64_t file_offset;
    };
    template <typename Visit>
    tl::expected<void, DmaFault> walk(Iova start, std::uint64_t size, Access access,
                                      const Visit& visit) const;

    std::map<std::uint64_t, Window> windows_; ///< by first address
    std::map<FileIdentity, std::weak_ptr<SharedFile>> files_;
    MemoryViews views_;
    std::function<void(const DmaFault&)> observer_;
    bool bus_mastering_{true};
};

} // namespace vfio_user
