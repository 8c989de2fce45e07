// SPDX-License-Identifier: GPL-2.0-or-later
// What a sensor's tests wire it to: a clock moved by hand, a scene and a receiver that write down
// what they are told, and the bus transfers that the kernel's drivers make.
#pragma once

#include "machine/virtual-ipu3/sensors/sensor.hpp"

#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ipu3::sensors::bench {

/// Renders the frame's number into every pixel.
class RecordingScene final : public scene::Scene {
  public:
    void render(const scene::Readout& readout, frames::RawImage& image) override;

    std::vector<scene::Readout> readouts;
};

class RecordingReceiver final : public cio2::Receiver {
  public:
    explicit RecordingReceiver(const sim::Scheduler& clock) : clock_{clock} {}

    [[nodiscard]] bool has_room() const override { return room; }
    void frame_start(const cio2::FrameStart& start) override;
    void frame_end(const cio2::Frame& frame) override;

    bool room{true};
    std::vector<cio2::FrameStart> starts;
    std::vector<sim::TimePoint> start_times;
    std::vector<sim::TimePoint> end_times;
    std::vector<unsigned> lines_sent;
    const std::uint16_t* pixels{nullptr}; ///< where the last frame's samples are
    cio2::Frame last;

  private:
    const sim::Scheduler& clock_;
};

/// One sensor on a bench.
class Bench {
  public:
    explicit Bench(std::string_view name, bool wrong_chip_id = false);
    Bench(std::string_view name, sim::Scheduler& scheduler, std::vector<sim::FaultSpec> specs,
          bool wrong_chip_id, bool paced = false, unsigned slow = 1,
          sim::Worker* renderer = nullptr);
    Bench(std::string_view name, std::vector<sim::FaultSpec> specs);
    /// A sensor that waits for the receiver.
    struct Paced {};
    Bench(std::string_view name, Paced paced);
    /// A sensor whose frames take @p factor times as long.
    struct Slow {
        unsigned factor;
    };
    Bench(std::string_view name, Slow slow);
    /// Frames are rendered by @p renderer, which outlives the bench.
    Bench(std::string_view name, sim::Worker& renderer);

    /// One message: address, then the bytes of @p value, high one first.
    void write(std::uint16_t address, std::uint32_t value, unsigned bytes = 1) const;
    void write(std::span<const RegisterValue> values) const;
    /// As the drivers do: a write of the address, then a read (with or without a stop in between).
    [[nodiscard]] std::uint32_t read(std::uint16_t address, unsigned bytes = 1,
                                     bool repeated_start = false) const;
    void stream(bool on) const { write(0x0100, on ? 1 : 0); }
    /// Sets mode @p mode of the model and streams.
    void start(std::string_view mode) const;
    /// Moves the clock into the readout of the next frame, one millisecond after its start.
    void into_next_frame();
    /// Whether the trace has an event @p name.
    [[nodiscard]] std::uint64_t traced(std::string_view name) const {
        return trace.counted(model, name);
    }

    sim::ManualScheduler clock;
    std::string model;
    std::vector<std::string> lines; ///< of the trace
    sim::Trace trace;
    sim::FaultPlan faults;
    RecordingScene scene;
    RecordingReceiver receiver;
    sim::InlineWorker worker;
    std::unique_ptr<Sensor> sensor;
};

[[nodiscard]] const CatalogueEntry& entry_of(std::string_view model);

/// The registers that decide geometry and timing, as a driver writes them for one of its modes.
struct Mode {
    std::string_view model;
    std::string_view name;
    frames::Size size;
    frames::BayerOrder order;
    unsigned left, top; ///< of the readout in the native array
    unsigned step_x, step_y;
    double frames_per_second; ///< HTS and VTS over the clock that the sensor counts them in
    std::vector<RegisterValue> registers;
};

/// Its name, for a failing test.
std::ostream& operator<<(std::ostream& out, const Mode& mode);

/// Every mode of every driver.
[[nodiscard]] const std::vector<Mode>& modes();
[[nodiscard]] const Mode& mode_of(std::string_view model, std::string_view name);

} // namespace ipu3::sensors::bench
