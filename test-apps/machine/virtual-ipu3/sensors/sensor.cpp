// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sensors/sensor.hpp"

#include <chrono>
#include <limits>
#include <utility>

namespace ipu3::sensors {

namespace {

constexpr std::uint16_t mode_select = 0x0100;
constexpr std::uint16_t software_reset = 0x0103;
constexpr std::uint16_t group_access = 0x3208;
constexpr std::uint8_t bit0 = 1;

/// Writes that one group can hold; real ones share a few hundred bytes of SRAM.
constexpr std::size_t group_capacity = 256;

// The level that these sensors' black level calibration aims at, of 1023: what libcamera takes off
// for any sensor on an IPU3 (src/ipa/ipu3/algorithms/blc.cpp).
constexpr unsigned black_level = 64;

} // namespace

Sensor::Sensor(std::string_view name, std::unique_ptr<const SensorModel> model,
               const SensorContext& context)
    : name_{name}, model_{std::move(model)}, context_{context} {
    registers_.set_filter(
        [this](std::uint16_t address, std::uint8_t value) { return filter_write(address, value); });
    reset();
}

bool Sensor::start(i2c::Direction direction) {
    registers_.start(direction);
    return true;
}

bool Sensor::write(std::uint8_t byte) {
    registers_.write(byte);
    return true;
}

std::uint8_t Sensor::read() {
    return registers_.read();
}

void Sensor::stop() {
    registers_.stop();
}

void Sensor::reset() {
    stop_streaming();
    registers_.reset(model_->reset_values());
    const auto id = model_->chip_id();
    auto address = id.address;
    for (const auto byte : id.bytes) {
        registers_.set(address++, byte);
    }
    if (context_.wrong_chip_id) {
        const auto last = static_cast<std::uint16_t>(address - 1U);
        registers_.set(last, registers_.get(last) ^ bit0);
    }
    for (auto& group : groups_) {
        group.clear();
    }
    recording_.reset();
}

bool Sensor::is_chip_id(std::uint16_t address) const {
    const auto id = model_->chip_id();
    return address >= id.address && std::size_t{address} < id.address + id.bytes.size();
}

bool Sensor::filter_write(std::uint16_t address, std::uint8_t value) {
    if (address == group_access) {
        access_group(value);
        return true;
    }
    if (recording_) {
        auto& group = groups_.at(*recording_);
        if (group.size() < group_capacity) {
            group.push_back({.address = address, .value = value});
        } else {
            context_.trace.count(name_, "group-overflow");
        }
        return false;
    }
    if (is_chip_id(address)) {
        return false;
    }
    if (address == software_reset) {
        if ((value & bit0) != 0) {
            context_.trace.emit(name_, "software-reset");
            reset();
        }
        return false; // clears itself
    }
    if (address == mode_select) {
        const bool on = (value & bit0) != 0;
        if (on && !streaming_) {
            start_streaming();
        } else if (!on) {
            stop_streaming();
        }
    }
    return true;
}

void Sensor::access_group(std::uint8_t command) {
    const std::size_t number = command & 0x0fU;
    if (number >= group_count) {
        return;
    }
    switch (command >> 4U) {
    case 0x0:
        groups_.at(number).clear();
        recording_ = number;
        break;
    case 0x1:
        recording_.reset();
        break;
    case 0xa:
    case 0xe: {
        recording_.reset();
        // Taken by value: one of the writes may reset the sensor, and with it the groups.
        const auto group = groups_.at(number);
        for (const auto& entry : group) {
            if (filter_write(entry.address, entry.value)) {
                registers_.set(entry.address, entry.value);
            }
        }
        break;
    }
    default:
        break;
    }
}

void Sensor::start_streaming() {
    const auto now = readout();
    streaming_ = true;
    next_index_ = 0;
    due_.reset();
    next_exposure_lines_ = now.settings.exposure_lines;
    clamped_.clear();
    context_.trace.emit(name_, "streaming",
                        {{"width", std::uint64_t{now.settings.output.width}},
                         {"height", std::uint64_t{now.settings.output.height}},
                         {"fps", 1.0 / std::chrono::duration<double>{now.timing.period}.count()}});
    timing_ = slowed(now.timing);
    frame_start_ = context_.clock.now() + (timing_.period - timing_.readout);
    timer_ = context_.clock.at(frame_start_, [this] { begin_frame(); });
}

FrameTiming Sensor::slowed(const FrameTiming& timing) const {
    auto made = timing;
    made.line *= context_.slow;
    made.period *= context_.slow;
    made.readout *= context_.slow;
    return made;
}

void Sensor::stop_streaming() {
    timer_.cancel();
    work_.cancel();
    rendering_ = false;
    reading_out_ = false;
    if (std::exchange(streaming_, false)) {
        context_.trace.emit(name_, "standby", {{"frames", next_index_}});
    }
}

bool Sensor::put_off() {
    constexpr auto look_again = std::chrono::milliseconds{1};
    constexpr auto patience = std::chrono::seconds{20};
    if (!context_.paced || context_.receiver.has_room()) {
        due_.reset();
        return false;
    }
    const auto now = context_.clock.now();
    if (now - due_.value_or(now) >= patience) {
        due_.reset();
        context_.trace.emit(name_, "no-room", {{"frame", next_index_}});
        frame_start_ = now;
        return false;
    }
    due_ = due_.value_or(now);
    frame_start_ = now + look_again;
    timer_ = context_.clock.at(frame_start_, [this] { begin_frame(); });
    return true;
}

void Sensor::begin_frame() {
    if (put_off()) {
        return;
    }
    const auto lateness = context_.clock.now() - frame_start_;
    if (lateness > timing_.period / 2) {
        context_.trace.emit(
            name_, "late",
            {{"frame", next_index_}, {"seconds", std::chrono::duration<double>{lateness}.count()}});
        frame_start_ = context_.clock.now();
    }

    const auto now = readout();
    trace_clamped(now.clamped);
    timing_ = slowed(now.timing);
    // What is latched now is integrated during this frame's period (and is bounded by it), to be
    // read out in the next frame.
    const double exposure_lines = std::exchange(next_exposure_lines_, now.settings.exposure_lines);

    constexpr std::uint64_t last_number = std::numeric_limits<std::uint16_t>::max();
    frame_.start = {.number = static_cast<std::uint16_t>((next_index_ % last_number) + 1),
                    .index = next_index_};
    ++next_index_;
    frame_.type = cio2::DataType::raw10;
    frame_.lines_sent = now.settings.output.height;
    auto readout_time = timing_.readout;
    if (context_.faults.strikes(sim::FaultKind::short_frame, frame_.start.index,
                                context_.csi_port)) {
        frame_.lines_sent /= 2;
        readout_time /= 2;
        context_.trace.emit(name_, "short-frame", {{"frame", frame_.start.index}});
    }

    context_.receiver.frame_start(frame_.start);
    if (!streaming_) {
        return; // the receiver's reaction came back over the bus
    }
    // Rendered while the lines would be on the wire, so that its cost does not delay the frame's
    // end.
    const auto line_seconds =
        std::chrono::duration<double>{now.timing.period}.count() / now.settings.vts;
    render(now.settings, exposure_lines * line_seconds);
    reading_out_ = true;
    timer_ = context_.clock.at(frame_start_ + readout_time, [this] {
        reading_out_ = false;
        end_when_rendered();
    });
}

void Sensor::end_when_rendered() {
    if (!rendering_ && !reading_out_) {
        end_frame();
    }
}

void Sensor::end_frame() {
    frame_start_ += timing_.period;
    timer_ = context_.clock.at(frame_start_, [this] { begin_frame(); });
    context_.trace.count(name_, "frame");
    context_.receiver.frame_end(frame_);
}

void Sensor::render(const ReadoutSettings& settings, double exposure_seconds) {
    const auto number = static_cast<std::uint32_t>(frame_.start.index);
    const scene::Readout readout{
        .array = settings.array,
        .left = settings.left,
        .top = settings.top,
        .step_x = settings.step_x,
        .step_y = settings.step_y,
        .flip_x = settings.flip_x,
        .flip_y = settings.flip_y,
        .output = settings.output,
        .order = settings.order,
        .exposure = std::chrono::duration<double>{exposure_seconds},
        .gain = settings.gain,
        .black_level = black_level,
        .frame = number,
        .time = frame_start_.time_since_epoch(),
    };
    // The worker's while it renders; a frame that is given up by then is let go with the job.
    const auto image = std::make_shared<frames::RawImage>(std::move(frame_.image));
    image->size = settings.output;
    image->order = settings.order;
    rendering_ = true;
    work_ = context_.worker.run(
        [image, readout, pattern = settings.pattern, &scene = context_.scene] {
            if (pattern != TestPattern::none) {
                fill_test_pattern(pattern, readout.frame, *image);
            } else {
                scene.render(readout, *image);
            }
        },
        [this, image] {
            rendering_ = false;
            frame_.image = std::move(*image);
            end_when_rendered();
        });
}

void Sensor::trace_clamped(const std::string& clamped) {
    if (clamped.empty()) {
        clamped_.clear();
    } else if (clamped == clamped_) {
        context_.trace.count(name_, "clamped");
    } else {
        context_.trace.emit(name_, "clamped", {{"what", clamped}});
        clamped_ = clamped;
    }
}

} // namespace ipu3::sensors
