// SPDX-License-Identifier: GPL-2.0-or-later
// Where the guest's RAM lies: in the guest's physical addresses and in the file behind it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace ipu3::cache {

inline constexpr std::uint64_t line_size = 64;
inline constexpr std::size_t line_words = line_size / sizeof(std::uint64_t);
inline constexpr std::uint64_t page_size = 4096;
inline constexpr unsigned lines_per_page = page_size / line_size;

/// A byte of guest RAM by its place in the file behind it: unique for each byte, whatever address
/// a VT-d or a page table gives it.
enum class RamOffset : std::uint64_t {};
[[nodiscard]] constexpr std::uint64_t value(RamOffset offset) {
    return static_cast<std::uint64_t>(offset);
}
[[nodiscard]] constexpr RamOffset operator+(RamOffset offset, std::uint64_t bytes) {
    return RamOffset{value(offset) + bytes};
}

/// A physical address as the guest's processors put it on their bus.
enum class GuestPhysical : std::uint64_t {};
[[nodiscard]] constexpr std::uint64_t value(GuestPhysical address) {
    return static_cast<std::uint64_t>(address);
}

/// RAM of QEMU's q35 machine (hw/i386/pc_q35.c, pc.c: pc_memory_init): one file; its beginning from
/// address 0 up to the PCI hole, its rest from 4 GiB on. The plugin compares what it finds by this
/// map with what QEMU reads at the same address, so a QEMU that does it otherwise is noticed.
class RamLayout {
  public:
    explicit constexpr RamLayout(std::uint64_t size)
        : size_{size}, below_{size >= hole_for_small ? hole_for_large : size} {}

    [[nodiscard]] constexpr std::uint64_t size() const { return size_; }

    /// None: the address is not RAM (legacy video and ROM area, PCI hole, beyond the end).
    [[nodiscard]] constexpr std::optional<RamOffset> offset(GuestPhysical address) const {
        const auto at = value(address);
        if (at < below_) {
            if (at >= legacy_area && at < legacy_end) {
                return std::nullopt;
            }
            return RamOffset{at};
        }
        if (at >= four_gib && at - four_gib < size_ - below_) {
            return RamOffset{below_ + (at - four_gib)};
        }
        return std::nullopt;
    }

    /// @p offset lies inside of the file.
    [[nodiscard]] constexpr GuestPhysical address(RamOffset offset) const {
        const auto at = value(offset);
        return GuestPhysical{at < below_ ? at : four_gib + (at - below_)};
    }

  private:
    static constexpr std::uint64_t four_gib = std::uint64_t{1} << 32U;
    static constexpr std::uint64_t legacy_area = 0xa0000;
    static constexpr std::uint64_t legacy_end = 0x100000;
    /// A machine with less RAM than this has all of it below the hole; one with more has the hole
    /// begin earlier, so that both parts stay aligned to gigabytes.
    static constexpr std::uint64_t hole_for_small = 0xb0000000;
    static constexpr std::uint64_t hole_for_large = 0x80000000;

    std::uint64_t size_;
    std::uint64_t below_;
};

} // namespace ipu3::cache
