// SPDX-License-Identifier: GPL-2.0-or-later
// The engine's way to memory: through the MMU or past it, page by page.
#pragma once

#include "machine/vfio-user/pci_function.hpp"
#include "machine/virtual-ipu3/dmatest/ipu_mmu.hpp"
#include "machine/virtual-ipu3/dmatest/registers.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <tl/expected.hpp>

namespace ipu3::dmatest {

/// An address as commands have it: the MMU's virtual one, or the bus's own with the bypass.
enum class Address : std::uint64_t {};

[[nodiscard]] constexpr Address operator+(Address address, std::uint64_t bytes) {
    return Address{static_cast<std::uint64_t>(address) + bytes};
}

/// An access that ended early.
struct DmaError {
    reg::slot::Code code{reg::slot::Code::bus};
    std::uint64_t done{0}; ///< bytes of the access that were moved
};

class Dma {
  public:
    void attach(vfio_user::Upstream& upstream) { upstream_ = &upstream; }
    void set_bypass(bool on) { bypass_ = on; }
    [[nodiscard]] mmu::IpuMmu& mmu() { return mmu_; }
    [[nodiscard]] const mmu::IpuMmu& mmu() const { return mmu_; }

    /// Copies memory at @p from into @p to. Errors: Code::translation, also for what lies beyond
    /// the MMU's 4 GiB; Code::bus.
    [[nodiscard]] tl::expected<void, DmaError> read(Address from, std::span<std::byte> to);
    /// Copies @p from into memory at @p to.
    [[nodiscard]] tl::expected<void, DmaError> write(Address to, std::span<const std::byte> from);

    /// Power-on state.
    void reset();

  private:
    [[nodiscard]] tl::expected<vfio_user::Iova, DmaError> locate(Address address);
    template <typename Bytes, typename Move>
    [[nodiscard]] tl::expected<void, DmaError> by_page(Address address, Bytes bytes, Move move);

    vfio_user::Upstream* upstream_{nullptr};
    mmu::IpuMmu mmu_;
    bool bypass_{false};
};

} // namespace ipu3::dmatest
