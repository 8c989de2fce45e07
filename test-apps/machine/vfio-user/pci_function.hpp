// SPDX-License-Identifier: GPL-2.0-or-later
// What a device model implements to be a PCI function, and what the server lends to it.
#pragma once

#include "machine/vfio-user/guest_memory.hpp"
#include "machine/vfio-user/pci_config.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace vfio_user {

/// A page-aligned part of a BAR that the guest may map: memory without side effects.
struct MappableArea {
    std::uint64_t offset; ///< within the BAR, bytes
    std::uint64_t size;   ///< bytes
};

/// Memory behind a BAR that the client maps (whole or in part): `fd` covers the BAR from offset 0.
struct MappableBar {
    int fd; ///< borrowed from the device model, which outlives the connection
    std::vector<MappableArea> areas;
};

/// The upstream side of a function: its guest memory and its interrupt, valid for the function's
/// lifetime.
class Upstream {
  public:
    Upstream() = default;
    Upstream(const Upstream&) = delete;
    Upstream& operator=(const Upstream&) = delete;
    Upstream(Upstream&&) = delete;
    Upstream& operator=(Upstream&&) = delete;
    virtual ~Upstream() = default;

    [[nodiscard]] virtual GuestMemory& memory() = 0;

    /// Raises MSI vector @p vector once (edge). Without effect while the guest has no MSI set up,
    /// while the vector is masked (it is then delivered on unmasking), or while no client is
    /// connected.
    virtual void raise_msi(unsigned vector) = 0;
};

/// A device model. All calls come on one thread, the event loop's.
class PciFunction {
  public:
    PciFunction() = default;
    PciFunction(const PciFunction&) = delete;
    PciFunction& operator=(const PciFunction&) = delete;
    PciFunction(PciFunction&&) = delete;
    PciFunction& operator=(PciFunction&&) = delete;
    virtual ~PciFunction() = default;

    /// The function's configuration space; the server reads and writes it, the model owns it.
    [[nodiscard]] virtual PciConfig& config() = 0;

    /// Called once before any other call but config(): keep @p upstream for DMA and interrupts.
    virtual void attach(Upstream& upstream) = 0;

    /// A guest read of BAR @p bar at @p offset, 1, 2, 4 or 8 bytes; the server checked it against
    /// the BAR's size and answers all-ones itself while the function is in D3hot.
    virtual void bar_read(unsigned bar, std::uint64_t offset, std::span<std::byte> data) = 0;
    virtual void bar_write(unsigned bar, std::uint64_t offset, std::span<const std::byte> data) = 0;

    /// The parts of BAR @p bar that the guest may map; null when every access is to be trapped.
    [[nodiscard]] virtual const MappableBar* mappable(unsigned bar) const {
        (void)bar;
        return nullptr;
    }

    /// PCI function reset (VFIO_USER_DEVICE_RESET): registers to their power-on values, DMA
    /// stopped.
    virtual void reset() = 0;

    /// The guest wrote PMCSR. D3hot stops DMA and interrupts; leaving D3hot loses the registers
    /// unless the configuration says No_Soft_Reset.
    virtual void power_state(PowerState state) { (void)state; }
};

} // namespace vfio_user
