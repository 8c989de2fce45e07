// SPDX-License-Identifier: GPL-2.0-or-later
// The virtual ImgU: the IPU3's image processor as a PCI function.
#pragma once

#include "machine/vfio-user/pci_function.hpp"
#include "machine/virtual-ipu3/imgu/cell.hpp"
#include "machine/virtual-ipu3/imgu/faults.hpp"
#include "machine/virtual-ipu3/imgu/firmware.hpp"
#include "machine/virtual-ipu3/imgu/interrupts.hpp"
#include "machine/virtual-ipu3/imgu/local_memory.hpp"
#include "machine/virtual-ipu3/imgu/mapped_memory.hpp"
#include "machine/virtual-ipu3/imgu/microcode.hpp"
#include "machine/virtual-ipu3/imgu/observer.hpp"
#include "machine/virtual-ipu3/imgu/pipe.hpp"
#include "machine/virtual-ipu3/imgu/power.hpp"
#include "machine/virtual-ipu3/imgu/sabotage.hpp"
#include "machine/virtual-ipu3/sim/scheduler.hpp"
#include "machine/virtual-ipu3/sim/trace.hpp"
#include "machine/virtual-ipu3/sim/worker.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace ipu3::imgu {

/// 8086:1919, function 00:05.0: two scalar processors and a vector processor behind an MMU, one
/// MSI.
///
/// It powers up and down, boots its firmware, talks with the driver through the queues and makes
/// pictures and statistics. Events in the trace are under the device name "imgu".
class Imgu final : public vfio_user::PciFunction {
  public:
    /// @p clock, @p worker, @p trace and @p faults outlive the device.
    Imgu(Firmware firmware, sim::Scheduler& clock, sim::Worker& worker, sim::Trace& trace,
         sim::FaultPlan& faults, Sabotage sabotage = Sabotage::none);

    /// Who is told from now on; outlives the device.
    void observe(Observer& observer) { observer_ = &observer; }

    [[nodiscard]] vfio_user::PciConfig& config() override { return config_; }
    void attach(vfio_user::Upstream& upstream) override;
    void bar_read(unsigned bar, std::uint64_t offset, std::span<std::byte> data) override;
    void bar_write(unsigned bar, std::uint64_t offset, std::span<const std::byte> data) override;
    void reset() override;
    void power_state(vfio_user::PowerState state) override;

  private:
    static constexpr unsigned sps = Microcode::sps;

    /// A processor's memory and an offset in it.
    struct Window {
        LocalMemory& memory;
        std::uint64_t at{0};
        std::optional<unsigned> sp; ///< nothing: the ISP's
    };
    [[nodiscard]] std::optional<Window> window(std::uint64_t offset, std::uint64_t size);
    [[nodiscard]] std::optional<std::uint32_t> read_word(std::uint64_t offset) const;
    bool write_word(std::uint64_t offset, std::uint32_t value);
    bool write_mmu(std::uint64_t offset, std::uint32_t value);
    bool write_cell(std::uint64_t offset, std::uint32_t value);
    void written(const Window& window, std::uint64_t size);
    [[nodiscard]] bool idle() const;
    void serve_events();
    void event(std::uint32_t word);
    void stop_pipes();
    void end_programs();
    void reset_processors();
    void unknown(std::uint64_t offset, bool write);

    Firmware firmware_;
    sim::Trace& trace_;
    Faults faults_;
    bool off_bus_{false}; ///< a fault: nothing can be read or written
    vfio_user::PciConfig config_;
    vfio_user::Upstream* upstream_{nullptr};
    Observer* observer_{nullptr};
    Interrupts interrupts_;
    Power power_;
    MappedMemory memory_;
    Cell isp_{reg::cell::IspIcacheAddress::offset};
    std::array<Cell, sps> sp_{Cell{reg::cell::SpIcacheAddress::offset},
                              Cell{reg::cell::SpIcacheAddress::offset}};
    LocalMemory isp_dmem_;
    std::array<LocalMemory, sps> sp_dmem_;
    Microcode microcode_;
    std::vector<std::uint32_t> gdc_lut_;
    std::vector<Pipe> pipes_;         ///< by thread
    std::set<std::uint64_t> unknown_; ///< offsets that were reported already
};

} // namespace ipu3::imgu
