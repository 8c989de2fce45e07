// SPDX-License-Identifier: GPL-2.0-or-later
// The CIO2 as a master on the bus: memory accesses and MSI, as far as its command register lets it.
#pragma once

#include "machine/vfio-user/pci_function.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <tl/expected.hpp>

namespace ipu3::cio2 {

inline constexpr std::uint64_t page_size = 4096;

/// The bus address of a page frame number as registers and tables hold it.
[[nodiscard]] constexpr vfio_user::Iova page_address(std::uint32_t pfn) {
    return vfio_user::Iova{std::uint64_t{pfn} * page_size};
}

/// Bus accesses of one function. Until it is attached, and while Bus Master Enable is 0, each
/// access is a fault and no interrupt leaves.
class BusMaster {
  public:
    explicit BusMaster(const vfio_user::PciConfig& config) : config_{config} {}

    void attach(vfio_user::Upstream& upstream) { upstream_ = &upstream; }

    template <typename T>
    [[nodiscard]] tl::expected<T, vfio_user::DmaFault> load(vfio_user::Iova from) const {
        if (!enabled()) {
            return refused(from, sizeof(T), vfio_user::Access::read);
        }
        return upstream_->memory().load<T>(from);
    }
    [[nodiscard]] tl::expected<void, vfio_user::DmaFault> read(vfio_user::Iova from,
                                                               std::span<std::byte> to) const {
        if (!enabled()) {
            return refused(from, to.size(), vfio_user::Access::read);
        }
        return upstream_->memory().read(from, to);
    }
    [[nodiscard]] tl::expected<void, vfio_user::DmaFault> write(vfio_user::Iova to,
                                                                std::span<const std::byte> from) {
        if (!enabled()) {
            return refused(to, from.size(), vfio_user::Access::write);
        }
        return upstream_->memory().write(to, from);
    }

    /// Sends the function's only MSI; false when it cannot leave.
    bool interrupt() {
        if (!enabled()) {
            return false;
        }
        upstream_->raise_msi(0);
        return true;
    }

  private:
    [[nodiscard]] bool enabled() const { return upstream_ != nullptr && config_.bus_master(); }
    static tl::unexpected<vfio_user::DmaFault> refused(vfio_user::Iova address, std::uint64_t size,
                                                       vfio_user::Access access) {
        return tl::unexpected{
            vfio_user::DmaFault{address, size, access, vfio_user::DmaFault::Reason::forbidden}};
    }

    const vfio_user::PciConfig& config_;
    vfio_user::Upstream* upstream_{nullptr};
};

} // namespace ipu3::cio2
