// SPDX-License-Identifier: GPL-2.0-or-later
// An Intel LPSS I2C controller of a Skylake-U platform (Sunrise Point-LP) as a PCI function.
#pragma once

#include "machine/vfio-user/pci_function.hpp"
#include "machine/virtual-ipu3/lpss-i2c/bus.hpp"
#include "machine/virtual-ipu3/lpss-i2c/dw_core.hpp"
#include "machine/virtual-ipu3/lpss-i2c/i2c_target.hpp"
#include "machine/virtual-ipu3/lpss-i2c/level_msi.hpp"
#include "machine/virtual-ipu3/lpss-i2c/lpss_private.hpp"
#include "machine/virtual-ipu3/sim/fault_plan.hpp"
#include "machine/virtual-ipu3/sim/scheduler.hpp"
#include "machine/virtual-ipu3/sim/trace.hpp"

#include <cstdint>
#include <string>

namespace ipu3::i2c {

/// Controller number `index`: PCI 00:15.index, 8086:9d60 + index. BAR 0, 4 KiB: the DesignWare core
/// at 0x000, the LPSS private registers at 0x200.
///
/// Differences from the silicon, all of which the stock driver takes: the interrupt is an MSI where
/// the silicon has INTx, there is no iDMA engine (the capability register says so), and bytes take
/// no time.
///
/// In the trace the device is "i2c<index>": an event per transfer, and counts of "mmio-read",
/// "mmio-write", "msi", "unknown-read", "unknown-write" (no register there), "in-reset" (the core
/// is held in reset) and "odd-access" (not whole, aligned words).
class LpssI2c final : public vfio_user::PciFunction {
  public:
    static constexpr unsigned controllers = 2;
    static constexpr std::uint64_t bar_size = 0x1000;

    /// Throws std::invalid_argument for an @p index of 2 or more.
    LpssI2c(unsigned index, sim::Scheduler& clock, sim::Trace& trace, sim::FaultPlan& faults);

    /// Puts @p target on the bus; it must outlive the last access to this device. @p csi_port is
    /// the CIO2 port that its frames go to: what `i2c-nak:port=` means. Throws
    /// std::invalid_argument for an address that is not a usable 7-bit one or is taken.
    void connect(std::uint8_t address, Target& target, unsigned csi_port);

    [[nodiscard]] vfio_user::PciConfig& config() override { return config_; }
    void attach(vfio_user::Upstream& upstream) override { upstream_ = &upstream; }
    void bar_read(unsigned bar, std::uint64_t offset, std::span<std::byte> data) override;
    void bar_write(unsigned bar, std::uint64_t offset, std::span<const std::byte> data) override;
    void reset() override;
    void power_state(vfio_user::PowerState state) override;

  private:
    [[nodiscard]] std::uint32_t read_word(std::uint64_t offset);
    void write_word(std::uint64_t offset, std::uint32_t value);
    void reset_registers();
    void raise();

    std::string name_;
    sim::Trace& trace_;
    vfio_user::PciConfig config_;
    vfio_user::Upstream* upstream_{nullptr};
    LpssPrivate private_;
    Bus bus_;
    DwCore core_;
    LevelMsi msi_;
};

} // namespace ipu3::i2c
