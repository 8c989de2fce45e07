// SPDX-License-Identifier: GPL-2.0-or-later
// An IPU3 MMU: two levels of tables in guest memory, and a TLB that forgets nothing by itself.
#pragma once

#include "machine/vfio-user/guest_memory.hpp"
#include "machine/virtual-ipu3/dmatest/mmu_registers.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <tl/expected.hpp>
#include <unordered_map>

namespace ipu3::mmu {

/// An address as the function's engines use it, before the MMU: 32 bits.
enum class Virtual : std::uint32_t {};

inline constexpr std::uint64_t page_size = 4096;

/// Why an address has no translation.
struct Fault {
    enum class Reason : std::uint8_t {
        no_table,   ///< software has not set the first-level table since the reset
        table_read, ///< a table lies where the function cannot read
    };
    Reason reason{Reason::no_table};
    std::optional<vfio_user::DmaFault> access; ///< of the table read
};

/// What the MMU did since the reset.
struct Counters {
    std::uint32_t hits{0};        ///< translations found in the TLB
    std::uint32_t misses{0};      ///< not found
    std::uint32_t table_reads{0}; ///< accesses to tables in memory
    std::uint32_t invalidates{0};
    std::uint32_t faults{0};
};

/// Tables have 1024 entries of 32 bits, each a page frame number, at both levels; there is no valid
/// bit, so every entry is a translation. Entries have 27 bits: the ImgU's DMA mask is 39 bits
/// (IMGU_DMA_MASK in Linux ipu3.c).
///
/// Assumed, as the worst case that software must bear: a miss reads 64 bytes of the second-level
/// table, and all of those 16 translations are kept until software invalidates. A mapping that
/// changes without an invalidate then goes to where it went before; so does a mapping made in an
/// entry whose neighbour was used earlier.
class IpuMmu {
  public:
    /// The bus address of @p address. Reads tables through @p memory when the TLB does not have it.
    [[nodiscard]] tl::expected<vfio_user::Iova, Fault>
    translate(Virtual address, const vfio_user::GuestMemory& memory);

    /// Software's accesses by offset in the BAR; nothing / false where the MMU has no register.
    [[nodiscard]] std::optional<std::uint32_t> read(std::uint64_t offset) const;
    bool write(std::uint64_t offset, std::uint32_t value);

    /// Whether invalidates do nothing: the negative control of whoever relies on them.
    void set_deaf(bool on) { deaf_ = on; }

    /// Whether no access may leave.
    [[nodiscard]] bool halted() const { return halted_; }
    [[nodiscard]] const Counters& counters() const { return counters_; }
    void reset();

  private:
    [[nodiscard]] tl::expected<void, Fault> walk(std::uint32_t page,
                                                 const vfio_user::GuestMemory& memory);
    template <typename T>
    [[nodiscard]] tl::expected<T, Fault> load(vfio_user::Iova from,
                                              const vfio_user::GuestMemory& memory);

    std::unordered_map<std::uint32_t, std::uint32_t> tlb_; ///< page to page frame number
    std::optional<std::uint32_t> l1_;                      ///< page frame number
    bool halted_{false};
    bool deaf_{false};
    Counters counters_;
};

} // namespace ipu3::mmu
