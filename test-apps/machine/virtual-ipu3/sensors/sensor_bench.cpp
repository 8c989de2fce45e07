// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sensors/sensor_bench.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <ostream>
#include <stdexcept>

namespace ipu3::sensors::bench {

void RecordingScene::render(const scene::Readout& readout, frames::RawImage& image) {
    readouts.push_back(readout);
    image.size = readout.output;
    image.order = readout.order;
    image.pixels.assign(std::size_t{readout.output.width} * readout.output.height,
                        static_cast<std::uint16_t>(readout.frame & 1023U));
}

void RecordingReceiver::frame_start(const cio2::FrameStart& start) {
    starts.push_back(start);
    start_times.push_back(clock_.now());
}

void RecordingReceiver::frame_end(const cio2::Frame& frame) {
    end_times.push_back(clock_.now());
    lines_sent.push_back(frame.lines_sent);
    pixels = frame.image.pixels.data();
    last = frame;
}

Bench::Bench(std::string_view name, bool wrong_chip_id) : Bench{name, clock, {}, wrong_chip_id} {}

Bench::Bench(std::string_view name, std::vector<sim::FaultSpec> specs)
    : Bench{name, clock, std::move(specs), false} {}

Bench::Bench(std::string_view name, Paced /*paced*/) : Bench{name, clock, {}, false, true} {}

Bench::Bench(std::string_view name, Slow slow)
    : Bench{name, clock, {}, false, false, slow.factor} {}

Bench::Bench(std::string_view name, sim::Worker& renderer)
    : Bench{name, clock, {}, false, false, 1, &renderer} {}

Bench::Bench(std::string_view name, sim::Scheduler& scheduler, std::vector<sim::FaultSpec> specs,
             bool wrong_chip_id, bool paced, unsigned slow, sim::Worker* renderer)
    : model{name}, trace{scheduler, [this](std::string_view line) { lines.emplace_back(line); }},
      faults{std::move(specs), 1}, receiver{scheduler}, worker{scheduler} {
    const auto& entry = entry_of(name);
    sensor = make_sensor(entry, {.clock = scheduler,
                                 .worker = renderer != nullptr ? *renderer : worker,
                                 .trace = trace,
                                 .faults = faults,
                                 .scene = scene,
                                 .receiver = receiver,
                                 .csi_port = entry.csi_port,
                                 .paced = paced,
                                 .slow = slow,
                                 .wrong_chip_id = wrong_chip_id});
}

void Bench::write(std::uint16_t address, std::uint32_t value, unsigned bytes) const {
    bool acknowledged = sensor->start(i2c::Direction::write);
    acknowledged &= sensor->write(static_cast<std::uint8_t>(address >> 8U));
    acknowledged &= sensor->write(static_cast<std::uint8_t>(address & 0xffU));
    while (bytes-- != 0) {
        acknowledged &= sensor->write(static_cast<std::uint8_t>((value >> (8 * bytes)) & 0xffU));
    }
    sensor->stop();
    if (!acknowledged) {
        throw std::runtime_error{"the sensor did not acknowledge a write"};
    }
}

void Bench::write(std::span<const RegisterValue> values) const {
    for (const auto& entry : values) {
        write(entry.address, entry.value);
    }
}

std::uint32_t Bench::read(std::uint16_t address, unsigned bytes, bool repeated_start) const {
    bool acknowledged = sensor->start(i2c::Direction::write);
    acknowledged &= sensor->write(static_cast<std::uint8_t>(address >> 8U));
    acknowledged &= sensor->write(static_cast<std::uint8_t>(address & 0xffU));
    if (!repeated_start) {
        sensor->stop();
    }
    acknowledged &= sensor->start(i2c::Direction::read);
    std::uint32_t value = 0;
    while (bytes-- != 0) {
        value = (value << 8U) | sensor->read();
    }
    sensor->stop();
    if (!acknowledged) {
        throw std::runtime_error{"the sensor did not acknowledge a read"};
    }
    return value;
}

void Bench::start(std::string_view mode) const {
    write(mode_of(model, mode).registers);
    stream(true);
}

void Bench::into_next_frame() {
    using namespace std::chrono_literals;
    const auto started = receiver.starts.size();
    while (receiver.starts.size() == started) {
        clock.advance(100us);
    }
    clock.advance(1ms);
}

const CatalogueEntry& entry_of(std::string_view model) {
    const auto entries = catalogue();
    const auto found = std::ranges::find(entries, model, &CatalogueEntry::model);
    if (found == entries.end()) {
        throw std::invalid_argument{"no such sensor"};
    }
    return *found;
}

namespace {

using Registers = std::vector<RegisterValue>;

/// Appends 16-bit registers as two.
void put16(Registers& registers, std::initializer_list<std::pair<unsigned, unsigned>> values) {
    for (const auto& [address, value] : values) {
        registers.push_back(
            {static_cast<std::uint16_t>(address), static_cast<std::uint8_t>(value >> 8U)});
        registers.push_back(
            {static_cast<std::uint16_t>(address + 1), static_cast<std::uint8_t>(value & 0xffU)});
    }
}

// ov5693_global_regs (PLL), ov5693_mode_configure() and the controls' defaults.
Registers ov5693(unsigned width, unsigned height, bool binned, unsigned vts) {
    Registers registers{{0x0103, 0x01}, {0x3098, 0x02}, {0x3099, 0x19}, {0x309a, 0x02},
                        {0x309b, 0x01}, {0x30b3, 0x83}, {0x30b4, 0x03}, {0x30b5, 0x04},
                        {0x30b6, 0x01}, {0x3820, 0x00}, {0x3821, 0x1e}};
    put16(registers, {{0x3800, 16},
                      {0x3810, 0},
                      {0x3808, width},
                      {0x3804, 16 + 2592},
                      {0x380c, 2688},
                      {0x3802, 6},
                      {0x3812, 0},
                      {0x380a, height},
                      {0x3806, 6 + 1944},
                      {0x380e, vts}});
    const std::uint8_t increments = binned ? 0x31 : 0x11;
    registers.insert(registers.end(), {{0x3814, increments},
                                       {0x3815, increments},
                                       {0x3820, binned ? std::uint8_t{1} : std::uint8_t{0}},
                                       {0x3821, binned ? std::uint8_t{0x19} : std::uint8_t{0x18}}});
    return registers;
}

struct Ov8865Timing {
    unsigned width, height, hts, vts;
    bool binned;
};

// ov8865_mode_configure(): sizes, automatic window, increments, and the PLLs for 19.2 MHz.
Registers ov8865(Ov8865Timing timing, std::uint8_t inc_x_odd, std::uint8_t inc_y_odd,
                 std::uint8_t inc_y_even, bool variopixel) {
    Registers registers{{0x0103, 0x01}, {0x0100, 0x00}};
    put16(registers, {{0x3808, timing.width},
                      {0x380c, timing.hts},
                      {0x380a, timing.height},
                      {0x380e, timing.vts}});
    registers.insert(registers.end(), {{0x3841, 0x3f},
                                       {0x3820, 0x00},
                                       {0x3821, 0x40},
                                       {0x5002, variopixel ? std::uint8_t{4} : std::uint8_t{0}},
                                       {0x5901, variopixel ? std::uint8_t{4} : std::uint8_t{0}},
                                       {0x3814, inc_x_odd},
                                       {0x3815, 1},
                                       {0x382a, inc_y_odd},
                                       {0x382b, inc_y_even},
                                       {0x3031, 0x0a},
                                       {0x030a, 0x00},
                                       {0x0300, 0x02},
                                       {0x0301, 0x00},
                                       {0x0302, 75},
                                       {0x0303, 0x00},
                                       {0x0304, 0x03},
                                       {0x0305, 0x01},
                                       {0x0306, 0x01},
                                       {0x0312, timing.binned ? std::uint8_t{1} : std::uint8_t{0}},
                                       {0x030b, timing.binned ? std::uint8_t{2} : std::uint8_t{5}},
                                       {0x030c, 0x00},
                                       {0x030d, 75},
                                       {0x030f, timing.binned ? std::uint8_t{9} : std::uint8_t{0}},
                                       {0x030e, timing.binned ? std::uint8_t{0} : std::uint8_t{3}},
                                       {0x3032, 0x80},
                                       {0x3033, 0x24},
                                       {0x3106, 0x01}});
    return registers;
}

// mipi_data_rate_840mbps and mode_*_regs of ov5670.c.
Registers ov5670(unsigned width, unsigned height, std::uint8_t increment, std::uint8_t format2) {
    Registers registers{{0x0103, 0x01}, {0x0300, 0x04}, {0x0301, 0x00}, {0x0302, 0x84},
                        {0x0303, 0x00}, {0x0304, 0x03}, {0x0305, 0x01}, {0x0306, 0x01},
                        {0x030a, 0x00}, {0x030b, 0x00}, {0x030c, 0x00}, {0x030d, 0x26},
                        {0x030e, 0x00}, {0x030f, 0x06}, {0x0312, 0x01}, {0x3106, 0x11}};
    put16(registers, {{0x3800, 12},
                      {0x3802, 4},
                      {0x3804, 2611},
                      {0x3806, 1955},
                      {0x3808, width},
                      {0x380a, height},
                      {0x380c, 1680},
                      {0x380e, 2056},
                      {0x3810, 4},
                      {0x3812, 2}});
    registers.insert(registers.end(),
                     {{0x3814, increment},
                      {0x3815, 1},
                      {0x3820, increment == 1 ? std::uint8_t{0x84} : std::uint8_t{0x94}},
                      {0x3821, format2},
                      {0x382a, increment},
                      {0x382b, 1},
                      {0x3841, 0xff}});
    return registers;
}

std::vector<Mode> make_modes() {
    using enum frames::BayerOrder;
    // The rates are quotients of the facts, not of the code under test.
    constexpr double ov5693_clock = 167.68e6; // OV5693_PIXEL_RATE
    constexpr double ov5670_clock = 19.2e6 * 38 / 7;
    return {
        {"ov5693",
         "2592x1944",
         {2592, 1944},
         bggr,
         16,
         6,
         1,
         1,
         ov5693_clock / (2688.0 * 2078),
         ov5693(2592, 1944, false, 2078)},
        {"ov5693",
         "1296x972",
         {1296, 972},
         bggr,
         16,
         6,
         2,
         2,
         ov5693_clock / (2688.0 * 1038),
         ov5693(1296, 972, true, 1038)},
        {"ov8865",
         "3264x2448",
         {3264, 2448},
         bggr,
         16,
         40,
         1,
         1,
         144e6 / (3888.0 * 2470),
         ov8865({3264, 2448, 3888, 2470, false}, 1, 1, 1, false)},
        {"ov8865",
         "3264x1836",
         {3264, 1836},
         bggr,
         16,
         346,
         1,
         1,
         144e6 / (3888.0 * 2470),
         ov8865({3264, 1836, 3888, 2470, false}, 1, 1, 1, false)},
        {"ov8865",
         "1632x1224",
         {1632, 1224},
         bggr,
         16,
         40,
         2,
         2,
         72e6 / (1923.0 * 1248),
         ov8865({1632, 1224, 1923, 1248, true}, 3, 3, 1, false)},
        {"ov8865",
         "800x600",
         {800, 600},
         bggr,
         48,
         64,
         4,
         4,
         72e6 / (1250.0 * 640),
         ov8865({800, 600, 1250, 640, true}, 3, 5, 3, true)},
        {"ov5670",
         "2592x1944",
         {2592, 1944},
         grbg,
         16,
         8,
         1,
         1,
         ov5670_clock / (1680.0 * 2056),
         ov5670(2592, 1944, 1, 0x46)},
        {"ov5670",
         "1296x972",
         {1296, 972},
         grbg,
         16,
         8,
         2,
         2,
         ov5670_clock / (1680.0 * 2056),
         ov5670(1296, 972, 3, 0x47)},
        {"ov5670",
         "648x486",
         {648, 486},
         grbg,
         16,
         8,
         4,
         4,
         ov5670_clock / (1680.0 * 2056),
         ov5670(648, 486, 7, 0xc6)},
        {"ov5670",
         "2560x1440",
         {2560, 1440},
         grbg,
         32,
         260,
         1,
         1,
         ov5670_clock / (1680.0 * 2056),
         ov5670(2560, 1440, 1, 0x46)},
        {"ov5670",
         "1280x720",
         {1280, 720},
         grbg,
         32,
         260,
         2,
         2,
         ov5670_clock / (1680.0 * 2056),
         ov5670(1280, 720, 3, 0x47)},
        {"ov5670",
         "640x360",
         {640, 360},
         grbg,
         32,
         260,
         4,
         4,
         ov5670_clock / (1680.0 * 2056),
         ov5670(640, 360, 7, 0xc6)},
    };
}

} // namespace

std::ostream& operator<<(std::ostream& out, const Mode& mode) {
    return out << mode.model << ' ' << mode.name;
}

const std::vector<Mode>& modes() {
    static const auto all = make_modes();
    return all;
}

const Mode& mode_of(std::string_view model, std::string_view name) {
    const auto found = std::ranges::find_if(
        modes(), [&](const Mode& mode) { return mode.model == model && mode.name == name; });
    if (found == modes().end()) {
        throw std::invalid_argument{"no such mode"};
    }
    return *found;
}

} // namespace ipu3::sensors::bench
