// SPDX-License-Identifier: GPL-2.0-or-later
// The guest's memory as the ImgU's processors address it: through the ImgU's own MMU.
#pragma once

#include "machine/vfio-user/pci_function.hpp"
#include "machine/virtual-ipu3/dmatest/ipu_mmu.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace ipu3::imgu {

using Address = mmu::Virtual;

[[nodiscard]] constexpr Address operator+(Address address, std::uint64_t bytes) {
    return Address{static_cast<std::uint32_t>(static_cast<std::uint32_t>(address) + bytes)};
}

/// Accesses wrap at 4 GiB, as 32-bit addresses do. One that fails is told to the observer, and has
/// no effect from the page on where it failed.
class MappedMemory {
  public:
    /// @p on_fault gets a sentence about each access that failed.
    explicit MappedMemory(std::function<void(std::string_view)> on_fault)
        : on_fault_{std::move(on_fault)} {}

    void attach(vfio_user::Upstream& upstream) { upstream_ = &upstream; }
    [[nodiscard]] mmu::IpuMmu& mmu() { return mmu_; }
    [[nodiscard]] const mmu::IpuMmu& mmu() const { return mmu_; }

    /// False when some of it failed.
    [[nodiscard]] bool read(Address from, std::span<std::byte> to);
    [[nodiscard]] bool write(Address to, std::span<const std::byte> from);

  private:
    template <typename Bytes, typename Move>
    [[nodiscard]] bool by_page(Address address, Bytes bytes, Move move);
    [[nodiscard]] bool fault(std::string_view what, Address address);

    std::function<void(std::string_view)> on_fault_;
    vfio_user::Upstream* upstream_{nullptr};
    mmu::IpuMmu mmu_;
};

} // namespace ipu3::imgu
