// SPDX-License-Identifier: GPL-2.0-or-later
// What may stand between a function and the files behind its DMA windows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace vfio_user {

/// Which file a descriptor refers to, whatever descriptor it is (stat(2): st_dev, st_ino).
struct FileIdentity {
    std::uint64_t device{};
    std::uint64_t inode{};
    auto operator<=>(const FileIdentity&) const = default;
};

/// What a function accesses memory for.
enum class Purpose : std::uint8_t {
    data,  ///< buffers, descriptors, queues: all but page tables
    tables ///< page tables, which an MMU of the function's own reads
};

/// Takes over a function's accesses to some files: a model of the path to memory, where what the
/// function sees is not simply the file's content. Windows, bounds, permissions and faults stay
/// GuestMemory's affair.
class MemoryView {
  public:
    MemoryView() = default;
    MemoryView(const MemoryView&) = default;
    MemoryView& operator=(const MemoryView&) = default;
    MemoryView(MemoryView&&) = default;
    MemoryView& operator=(MemoryView&&) = default;
    virtual ~MemoryView() = default;

    /// Whether accesses to @p file come here. Asked when the file's first window is
    /// mapped.
    [[nodiscard]] virtual bool covers(FileIdentity file) const = 0;
    /// Reads at @p offset of the file, which is inside of it as it was when its window was mapped.
    /// How many bytes there were.
    [[nodiscard]] virtual std::size_t read(std::uint64_t offset, std::span<std::byte> to) = 0;
    [[nodiscard]] virtual std::size_t write(std::uint64_t offset,
                                            std::span<const std::byte> from) = 0;
};

/// Who carries out a function's accesses, by what they are for; null: nobody, they go to the files
/// themselves. Both may be the same.
struct MemoryViews {
    MemoryView* data{nullptr};
    MemoryView* tables{nullptr};

    [[nodiscard]] MemoryView* of(Purpose purpose) const {
        return purpose == Purpose::tables ? tables : data;
    }
};

} // namespace vfio_user
