// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sensors/ov8865.hpp"

#include "machine/virtual-ipu3/sensors/omnivision.hpp"

#include <algorithm>
#include <array>

namespace ipu3::sensors {

namespace {

constexpr std::array<std::uint8_t, 3> id{0x00, 0x88, 0x65};

constexpr std::array<RegisterValue, 9> reset_state{{
    {0x3032, 0x80}, // system clock from PLL2
    {0x3814, 0x01},
    {0x3815, 0x01},
    {0x382a, 0x01},
    {0x382b, 0x01},
    {0x3841, 0x3f}, // window computed by the sensor
    {0x5018, 0x10}, // white balance gains of 1; the driver never writes green's
    {0x501a, 0x10},
    {0x501c, 0x10},
}};

constexpr frames::Size native_array{3296, 2528};

constexpr unsigned auto_start_x = 0x01;
constexpr unsigned auto_start_y = 0x02;

struct Steps {
    unsigned x, y;
};

Steps steps(const RegisterFile& registers) {
    const auto increment = [&](std::uint16_t address) -> unsigned {
        return registers.get(address) & 0x1fU;
    };
    Steps result{.x = increment_step(increment(0x3814), increment(0x3815)),
                 .y = increment_step(increment(0x382a), increment(0x382b))};
    // VarioPixel averages on top of that: 0x5002 bit 2 enables it, 0x5901 holds its coefficients
    // less one.
    if ((registers.get(0x5002) & 0x04U) != 0) {
        const unsigned coefficients = registers.get(0x5901);
        result.x *= ((coefficients >> 2U) & 3U) + 1;
        result.y *= (coefficients & 3U) + 1;
    }
    return result;
}

/// Where the window begins: as told, or in the middle of the array, which is the crop rectangle
/// that the driver reports for its modes (all of which use the automatic window of 0x3841).
unsigned window_start(bool automatic, unsigned told, unsigned array, unsigned output,
                      unsigned step) {
    return automatic ? (array - std::min(output * step, array)) / 2 : told;
}

double total_gain(const RegisterFile& registers) {
    // 13 bits, 128 to a gain of 1 (CameraSensorHelperOv8865).
    const double analogue = std::max((registers.get16(0x3508) & 0x1fffU) / 128.0, 1.0);
    // White balance gains have eight and six bits, 1024 to a gain of 1. Green's acts on the whole
    // picture; red's and blue's are kept as registers only.
    const unsigned green =
        ((registers.get(0x501a) & 0xffU) << 6U) | (registers.get(0x501b) & 0x3fU);
    return analogue * green / 1024.0;
}

} // namespace

ChipId Ov8865::chip_id() const {
    return {.address = 0x300a, .bytes = id};
}

std::span<const RegisterValue> Ov8865::reset_values() const {
    return reset_state;
}

ReadoutSettings Ov8865::decode(const RegisterFile& registers) const {
    const auto window = omnivision::window(registers);
    const frames::Size output{.width = window.output_width, .height = window.output_height};
    const auto step = steps(registers);
    const unsigned automatic = registers.get(0x3841);
    const unsigned left =
        window_start((automatic & auto_start_x) != 0, window.start_x + window.offset_x,
                     native_array.width, window.output_width, step.x);
    const unsigned top =
        window_start((automatic & auto_start_y) != 0, window.start_y + window.offset_y,
                     native_array.height, window.output_height, step.y);
    // Bit 1 turns the array's readout around; bit 2 makes the processor behind it allow for that,
    // which keeps the colour order: the driver sets both and reports SBGGR10 for every flip.
    const unsigned format1 = registers.get(0x3820);
    const unsigned format2 = registers.get(0x3821);
    const Flip flip_y{.flipped = (format1 & 0x02U) != 0, .order_kept = (format1 & 0x04U) != 0};
    const Flip flip_x{.flipped = (format2 & 0x02U) != 0, .order_kept = (format2 & 0x04U) != 0};

    return {
        .array = native_array,
        .left = left,
        .top = top,
        .step_x = step.x,
        .step_y = step.y,
        .output = output,
        .flip_x = flip_x.flipped,
        .flip_y = flip_y.flipped,
        .order = flipped_order(shifted_order(frames::BayerOrder::bggr, left, top), output, flip_x,
                               flip_y),
        // A line takes HTS system clocks, as ov5670.c says of its sensor, whose PLLs are the same.
        .pixel_clock = omnivision::dual_pll_system_clock(registers, mclk_hz_),
        .hts = window.hts,
        .vts = window.vts,
        .exposure_lines = omnivision::exposure_lines(registers),
        .gain = total_gain(registers),
        .pattern = omnivision::pre_isp_pattern(registers.get(0x5e00))};
}

} // namespace ipu3::sensors
