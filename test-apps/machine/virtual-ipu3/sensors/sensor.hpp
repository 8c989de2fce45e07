// SPDX-License-Identifier: GPL-2.0-or-later
// An image sensor: registers on a two-wire bus at one end, frames over CSI-2 at the other.
#pragma once

#include "lib/base/result.hpp"
#include "machine/virtual-ipu3/cio2/csi2.hpp"
#include "machine/virtual-ipu3/lpss-i2c/i2c_target.hpp"
#include "machine/virtual-ipu3/scene/scene.hpp"
#include "machine/virtual-ipu3/sensors/catalogue.hpp"
#include "machine/virtual-ipu3/sensors/readout_limits.hpp"
#include "machine/virtual-ipu3/sensors/register_file.hpp"
#include "machine/virtual-ipu3/sensors/sensor_model.hpp"
#include "machine/virtual-ipu3/sim/fault_plan.hpp"
#include "machine/virtual-ipu3/sim/scheduler.hpp"
#include "machine/virtual-ipu3/sim/trace.hpp"
#include "machine/virtual-ipu3/sim/worker.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::sensors {

/// What a sensor is wired to; everything outlives it.
struct SensorContext {
    sim::Scheduler& clock;
    sim::Worker& worker; ///< renders the frames
    sim::Trace& trace;
    sim::FaultPlan& faults;
    scene::Scene& scene;
    cio2::Receiver& receiver;
    unsigned csi_port{0};
    /// A frame begins only when the receiver has room for it. Off: the sensor is the clock.
    bool paced{false};
    /// Frames take so many times as long as the registers say; exposure does not, so that pictures
    /// are what they were.
    unsigned slow{1};
    bool wrong_chip_id{false}; ///< sabotage: the lowest bit of the chip ID's last byte is inverted
};

/// The part that all the OmniVision sensors here share: streaming, frame timing, and when a
/// register takes effect.
///
/// - 0x0100 bit 0 starts streaming, and its absence is standby: the link stops at once, in
///   mid-frame if need be, and the registers keep their values. Each start counts frames anew from
///   0.
/// - 0x0103 bit 0 is the software reset: standby, and every register back to its reset value.
/// - 0x3208 is the group access (codes as in the kernel's ov2740.c and ov5675.c): 0x0n begins to
///   record the writes into group n, 0x1n ends that, 0xan and 0xen launch it, i.e. make all its
///   writes at once.
/// - Chip ID registers are read-only. Every other register is memory.
/// - The first frame begins one vertical blanking after the start.
/// - Registers are looked at only when a frame begins. Gains, windows, flips, HTS, VTS and test
///   pattern that were written during frame N are those of frame N+1; an exposure written during
///   frame N is that of frame N+2, for N+1 is being integrated already. These are the delays (gain
///   1, exposure 2) that libcamera assumes for a sensor about which it knows nothing better
///   (camera_sensor_legacy.cpp). VTS written during N makes the time from the start of N+1 to the
///   start of N+2 longer, which is the one in which the exposure of N+2 runs.
/// - The sensor is the clock: frames begin one period after another. When the host is so late that
///   half a period is lost, the lost time is gone (traced as "late") rather than made up by a
///   burst, and the next period counts from now; frame numbers stay consecutive.
/// - A paced sensor stretches its vertical blanking until the receiver has room, for twenty seconds
///   at most: with too few buffers there is never room.
class Sensor final : public i2c::Target {
  public:
    Sensor(std::string_view name, std::unique_ptr<const SensorModel> model,
           const SensorContext& context);

    [[nodiscard]] bool start(i2c::Direction direction) override;
    [[nodiscard]] bool write(std::uint8_t byte) override;
    [[nodiscard]] std::uint8_t read() override;
    void stop() override;

    /// Power lost and back: registers at their reset values, standby. The machine has no GPIO and
    /// no regulator that could do it, so only the sensor's own software reset and tests call this.
    void reset();

    [[nodiscard]] bool streaming() const { return streaming_; }
    /// The readout that the registers describe now; it governs the frames once they begin.
    [[nodiscard]] SaneReadout readout() const { return make_sane(model_->decode(registers_)); }

  private:
    bool filter_write(std::uint16_t address, std::uint8_t value);
    [[nodiscard]] bool is_chip_id(std::uint16_t address) const;
    void access_group(std::uint8_t command);
    void start_streaming();
    void stop_streaming();
    /// Whether the frame that is due is put off because the receiver has no room.
    bool put_off();
    void begin_frame();
    void end_when_rendered();
    void end_frame();
    [[nodiscard]] FrameTiming slowed(const FrameTiming& timing) const;
    void render(const ReadoutSettings& settings, double exposure_seconds);
    void trace_clamped(const std::string& clamped);

    std::string name_;
    std::unique_ptr<const SensorModel> model_;
    SensorContext context_;
    RegisterFile registers_;

    static constexpr std::size_t group_count = 4;
    std::array<std::vector<RegisterValue>, group_count> groups_;
    std::optional<std::size_t> recording_; ///< the group that is being recorded

    bool streaming_{false};
    sim::TimePoint frame_start_;    ///< nominal start of the frame in progress, or of the next one
    FrameTiming timing_{};          ///< of the frame in progress
    double next_exposure_lines_{0}; ///< latched at the start of the frame in progress, for the next
    std::string clamped_;           ///< what was last traced
    cio2::Frame frame_;             ///< reused from frame to frame
    bool rendering_{false};         ///< the worker has the frame's image
    bool reading_out_{false};       ///< the last line is not yet due
    std::uint64_t next_index_{0};
    std::optional<sim::TimePoint> due_; ///< when the frame that is put off was due
    sim::Timer work_;
    sim::Timer timer_; ///< last: destroyed first
};

/// @p entry is one of catalogue().
[[nodiscard]] std::unique_ptr<Sensor> make_sensor(const CatalogueEntry& entry,
                                                  const SensorContext& context);

} // namespace ipu3::sensors
