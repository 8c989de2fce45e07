// SPDX-License-Identifier: GPL-2.0-or-later
// A PCI function for testing memory backends: an IPU MMU with a DMA engine behind it, no camera.
#pragma once

#include "machine/vfio-user/pci_function.hpp"
#include "machine/virtual-ipu3/dmatest/channel.hpp"
#include "machine/virtual-ipu3/dmatest/dma.hpp"
#include "machine/virtual-ipu3/dmatest/interrupts.hpp"
#include "machine/virtual-ipu3/dmatest/registers.hpp"
#include "machine/virtual-ipu3/sim/scheduler.hpp"
#include "machine/virtual-ipu3/sim/trace.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace ipu3::dmatest {

/// 1234:1d0a, an ID that is not registered with anybody: BAR 0 with 32 KiB of registers, all of
/// them trapped, one MSI. Power state D3hot loses all registers and ends all DMA. The register map
/// is in README.md. Events in the trace are under "dmatest" and its number.
class DmaTest final : public vfio_user::PciFunction {
  public:
    /// The arguments outlive the device. Throws std::invalid_argument for an @p index of 2 or more.
    DmaTest(unsigned index, sim::Scheduler& clock, sim::Trace& trace);

    static constexpr unsigned functions = 2;
    /// "dmatest0" or "dmatest1". Throws std::out_of_range beyond.
    [[nodiscard]] static std::string_view name(unsigned index);

    [[nodiscard]] vfio_user::PciConfig& config() override { return config_; }
    void attach(vfio_user::Upstream& upstream) override;
    void bar_read(unsigned bar, std::uint64_t offset, std::span<std::byte> data) override;
    void bar_write(unsigned bar, std::uint64_t offset, std::span<const std::byte> data) override;
    void reset() override;
    void power_state(vfio_user::PowerState state) override;

  private:
    [[nodiscard]] std::optional<std::uint32_t> read_word(std::uint64_t offset) const;
    bool write_word(std::uint64_t offset, std::uint32_t value);
    void reset_registers();
    void raise();

    std::string_view name_;
    sim::Trace& trace_;
    vfio_user::PciConfig config_;
    vfio_user::Upstream* upstream_{nullptr};
    Dma dma_;
    Interrupts interrupts_;
    std::uint32_t control_{0};
    std::uint32_t sequence_{0};
    std::array<Channel, reg::channels> channels_;
};

} // namespace ipu3::dmatest
