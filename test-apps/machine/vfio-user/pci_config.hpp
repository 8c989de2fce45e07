// SPDX-License-Identifier: GPL-2.0-or-later
// PCI configuration space of one function: type 0 header, power management, MSI.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

namespace vfio_user {

/// What `lspci -n` shows. Class code is 24 bits: base class, sub-class, programming interface.
struct PciIdentity {
    std::uint16_t vendor;
    std::uint16_t device;
    std::uint16_t subsystem_vendor;
    std::uint16_t subsystem;
    std::uint32_t class_code;
    std::uint8_t revision;
};

enum class PowerState : std::uint8_t { d0 = 0, d1 = 1, d2 = 2, d3hot = 3 };

/// A memory BAR. A 64-bit BAR takes its own index and the next one.
struct BarSpec {
    unsigned index{0};
    std::uint64_t size{0}; ///< bytes, a power of two, at least 4096
    bool wide{true};       ///< 64-bit
    bool prefetchable{false};
};

struct MsiSpec {
    unsigned vectors{1}; ///< 1, 2, 4, ... 32
    bool wide{true};     ///< 64-bit message address
};

/// Function description; capabilities are laid out in the order PM, MSI from 0x40 on unless given.
struct PciConfigSpec {
    PciIdentity identity;
    std::span<const BarSpec> bars;
    std::optional<MsiSpec> msi;
    bool power_management{true};
    bool no_soft_reset{false};
    std::uint8_t pm_offset{0x40};
    std::uint8_t msi_offset{0x50};
    bool multifunction{false};
};

/// The 256 bytes of configuration space. Writes change only the bits that the PCI specification
/// lets software change; reads are plain copies. Facts: PCI Local Bus 3.0 §6, PCI PM 1.2 §3, Linux
/// pci_regs.h.
class PciConfig {
  public:
    static constexpr std::size_t size = 256;

    /// Throws std::invalid_argument for a spec that no hardware could have (BAR size, capability
    /// overlap).
    explicit PciConfig(const PciConfigSpec& spec);

    /// Copies configuration bytes from @p offset on; bytes beyond 256 read as all-ones.
    void read(std::uint64_t offset, std::span<std::byte> data) const;
    /// Software's write; read-only bits keep their value, bytes beyond 256 are dropped.
    void write(std::uint64_t offset, std::span<const std::byte> data);

    /// Power-on state: command register, BARs, PMCSR and MSI cleared.
    void reset();

    [[nodiscard]] PowerState power_state() const;
    [[nodiscard]] bool bus_master() const;
    [[nodiscard]] bool memory_enabled() const;
    /// Size of BAR @p index in bytes, 0 when there is none.
    [[nodiscard]] std::uint64_t bar_size(unsigned index) const;
    [[nodiscard]] unsigned msi_vectors() const;

    /// Calls @p observer after a write that changed PMCSR's power state.
    void on_power_state(std::function<void(PowerState)> observer) {
        observer_ = std::move(observer);
    }

  private:
    [[nodiscard]] std::uint32_t word(std::size_t offset, std::size_t bytes) const;
    void place(std::size_t offset, std::uint32_t value, std::uint32_t writable, std::size_t bytes);

    std::array<std::uint8_t, size> bytes_{};
    std::array<std::uint8_t, size> initial_{};
    std::array<std::uint8_t, size> writable_{}; ///< 1 bits may be changed by software
    std::array<std::uint64_t, 6> bar_sizes_{};
    std::optional<std::uint8_t> pm_offset_;
    unsigned msi_vectors_{0};
    std::function<void(PowerState)> observer_;
};

} // namespace vfio_user
