// SPDX-License-Identifier: GPL-2.0-or-later
// The virtual CIO2: Intel's IPU3 CSI-2 receiver as a PCI function.
#pragma once

#include "machine/vfio-user/pci_function.hpp"
#include "machine/virtual-ipu3/cio2/bus_master.hpp"
#include "machine/virtual-ipu3/cio2/csi2.hpp"
#include "machine/virtual-ipu3/cio2/csi_port.hpp"
#include "machine/virtual-ipu3/cio2/dma_channel.hpp"
#include "machine/virtual-ipu3/cio2/interrupts.hpp"
#include "machine/virtual-ipu3/cio2/pixel_mapper.hpp"
#include "machine/virtual-ipu3/cio2/register_bank.hpp"
#include "machine/virtual-ipu3/cio2/registers.hpp"
#include "machine/virtual-ipu3/cio2/sabotage.hpp"
#include "machine/virtual-ipu3/sim/fault_plan.hpp"
#include "machine/virtual-ipu3/sim/scheduler.hpp"
#include "machine/virtual-ipu3/sim/trace.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

namespace ipu3::cio2 {

/// 8086:9d32, function 00:14.3 of a Skylake-U tablet: four CSI-2 ports, twenty DMA channels, one
/// MSI.
///
/// What it does where no source says what the hardware does is listed in README.md. Events in the
/// trace are under the device name "cio2".
class Cio2 final : public vfio_user::PciFunction {
  public:
    /// The arguments outlive the device.
    Cio2(sim::Scheduler& scheduler, sim::Trace& trace, sim::FaultPlan& faults,
         Sabotage sabotage = Sabotage::none);
    ~Cio2() override;
    Cio2(const Cio2&) = delete;
    Cio2& operator=(const Cio2&) = delete;
    Cio2(Cio2&&) = delete;
    Cio2& operator=(Cio2&&) = delete;

    static constexpr unsigned ports = reg::ports;
    /// Where the sensor on CSI-2 port @p number sends its frames. Throws std::out_of_range from 4
    /// on.
    [[nodiscard]] Receiver& port(unsigned number);

    [[nodiscard]] vfio_user::PciConfig& config() override { return config_; }
    void attach(vfio_user::Upstream& upstream) override { bus_.attach(upstream); }
    void bar_read(unsigned bar, std::uint64_t offset, std::span<std::byte> data) override;
    void bar_write(unsigned bar, std::uint64_t offset, std::span<const std::byte> data) override;
    void reset() override;
    void power_state(vfio_user::PowerState state) override;

  private:
    class Link;
    /// A frame between its start and its end.
    struct OpenFrame {
        FrameStart start;
        unsigned stream{0};
        unsigned channel{0};
        OpenBuffer buffer;
        std::uint32_t bytes{0};
        std::uint16_t lines{0};
        bool success{true};
    };

    [[nodiscard]] bool has_room(unsigned port) const;
    void frame_start(unsigned port, const FrameStart& start);
    void frame_end(unsigned port, const Frame& frame);
    bool receive_payload(unsigned port, OpenFrame& open, const Frame& frame, unsigned lines);
    bool write_pixels(unsigned port, OpenFrame& open, const Frame& frame, unsigned lines,
                      std::size_t alignment);
    void close(unsigned port, Interrupts::Delivery delivery);
    void abandon(unsigned port, std::string_view reason);
    void abandon_all(std::string_view reason);
    void drop(unsigned port, std::uint64_t index, std::string_view reason);
    bool strikes(sim::FaultKind kind, std::uint64_t index, unsigned port);
    void record(std::string_view access, unsigned channel, const vfio_user::DmaFault& fault);

    [[nodiscard]] bool awake() const;
    [[nodiscard]] bool aborting(unsigned port) const;
    [[nodiscard]] std::uint32_t timestamp() const;
    [[nodiscard]] std::optional<std::uint32_t> read_word(std::uint64_t offset) const;
    bool write_word(std::uint64_t offset, std::uint32_t value);
    bool write_port(unsigned port, std::uint64_t offset, std::uint32_t value);
    bool write_common(std::uint64_t offset, std::uint32_t value);
    void unknown(std::uint64_t offset, bool write);
    void reset_registers();

    sim::Scheduler& scheduler_;
    sim::Trace& trace_;
    sim::FaultPlan& faults_;
    Sabotage sabotage_;
    vfio_user::PciConfig config_;
    BusMaster bus_;
    Interrupts interrupts_;
    std::vector<CsiPort> csi_;
    std::vector<PixelMapper> mappers_;
    std::vector<DmaChannel> channels_;
    RegisterBank common_; ///< everything that is not a port's, a channel's or the interrupts'
    std::vector<std::unique_ptr<Link>> links_;
    std::array<std::unique_ptr<OpenFrame>, reg::ports> open_; ///< null between frames
    sim::Timer spurious_;             ///< an interrupt with no cause that is to come
    std::vector<std::byte> packed_;   ///< a few packed lines, reused
    std::set<std::uint64_t> unknown_; ///< offsets that were reported already
};

} // namespace ipu3::cio2
