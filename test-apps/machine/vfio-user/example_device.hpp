// SPDX-License-Identifier: GPL-2.0-or-later
// A small PCI function that does each thing a function can do; the library's tests serve it.
#pragma once

#include "lib/base/unique_fd.hpp"
#include "machine/vfio-user/pci_function.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace vfio_user {

/// BAR 0, 4 KiB of registers: below. BAR 2, 16 KiB: pages 1 and 2 are memory that the guest may
/// map, page 0 and page 3 are trapped and read as their page number.
class ExampleDevice final : public PciFunction {
  public:
    // Registers: offsets in BAR 0.
    static constexpr std::uint64_t id = 0x00;          ///< 4 bytes, reads as id_value
    static constexpr std::uint64_t inverted = 0x04;    ///< 4 bytes, reads as ~ what was written
    static constexpr std::uint64_t dma_address = 0x08; ///< 8 bytes
    static constexpr std::uint64_t dma_size = 0x10;    ///< 4 bytes, at most the buffer's
    static constexpr std::uint64_t dma_command = 0x14; ///< 4 bytes: 1 guest to buffer, 2 back
    static constexpr std::uint64_t dma_status = 0x18;  ///< 4 bytes: 0 done, 1 fault
    static constexpr std::uint64_t raise = 0x1c;       ///< 4 bytes: raises the MSI vector written
    static constexpr std::uint64_t buffer = 0x800;     ///< 2 KiB
    static constexpr std::uint32_t id_value = 0x1badcafe;
    static constexpr std::uint64_t bar0_size = 0x1000;
    static constexpr std::uint64_t bar2_size = 0x4000;
    static constexpr unsigned vectors = 4;

    ExampleDevice();

    PciConfig& config() override { return config_; }
    void attach(Upstream& upstream) override { upstream_ = &upstream; }
    void bar_read(unsigned bar, std::uint64_t offset, std::span<std::byte> data) override;
    void bar_write(unsigned bar, std::uint64_t offset, std::span<const std::byte> data) override;
    [[nodiscard]] const MappableBar* mappable(unsigned bar) const override {
        return bar == 2 ? &mappable_ : nullptr;
    }
    void reset() override;
    void power_state(PowerState state) override { states.push_back(state); }

    std::vector<PowerState> states; ///< power_state() calls
    unsigned resets{0};
    std::optional<DmaFault> fault; ///< the last one
    [[nodiscard]] Upstream& upstream() { return *upstream_; }

  private:
    void clear_registers();
    void run(std::uint32_t command);

    PciConfig config_;
    Upstream* upstream_{nullptr};
    std::array<std::byte, bar0_size> registers_{};
    base::UniqueFd memory_;
    MappableBar mappable_;
};

} // namespace vfio_user
