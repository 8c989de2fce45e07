// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sensors/ov5693.hpp"

#include "machine/virtual-ipu3/sensors/omnivision.hpp"

#include <algorithm>
#include <array>

namespace ipu3::sensors {

namespace {

// The datasheet's ID is 0x5690, as the driver remarks.
constexpr std::array<std::uint8_t, 2> id{0x56, 0x90};

constexpr std::array<RegisterValue, 5> reset_state{{
    {0x3400, 0x04}, // colour gains of 1
    {0x3402, 0x04},
    {0x3404, 0x04},
    {0x3814, 0x11},
    {0x3815, 0x11},
}};

constexpr frames::Size native_array{2624, 1956};
constexpr unsigned lanes = 2;
constexpr unsigned bits_per_pixel = 10;

/// The driver's fixed pixel rate of 167.68 MHz is what its link of 2 x 419.2 Mbit/s a lane carries;
/// the link is PLL1's output: 19.2 MHz / 3 x 131 = 838.4 MHz (0x30b4 divides, 0x30b3 multiplies,
/// named as in the kernel's ov7251.c).
double pixel_clock(const RegisterFile& registers, double mclk) {
    const unsigned divider = std::max<unsigned>(registers.get(0x30b4), 1);
    const double bit_rate = mclk / divider * registers.get(0x30b3);
    return bit_rate * lanes / bits_per_pixel;
}

double total_gain(const RegisterFile& registers) {
    // 0x350a holds 11 bits. The V4L2 control is that value without its lowest four bits, of which
    // libcamera counts 16 to a gain of 1 (CameraSensorHelperOv5693). No amplifier goes below 1.
    const double analogue = std::max((registers.get16(0x350a) & 0x7ffU) / 256.0, 1.0);
    // One gain for all colours: green's stands for them; the driver sets the three to the same
    // value.
    const double digital = (registers.get16(0x3402) & 0xfffU) / 1024.0;
    return analogue * digital;
}

} // namespace

ChipId Ov5693::chip_id() const {
    return {.address = 0x300a, .bytes = id};
}

std::span<const RegisterValue> Ov5693::reset_values() const {
    return reset_state;
}

ReadoutSettings Ov5693::decode(const RegisterFile& registers) const {
    const auto window = omnivision::window(registers);
    const frames::Size output{.width = window.output_width, .height = window.output_height};
    const unsigned format1 = registers.get(0x3820);
    const unsigned format2 = registers.get(0x3821);
    // Bit 1 turns the array's readout around; bits 6 and 2 make the processor behind it allow for
    // that, which keeps the colour order: the driver sets both and reports SBGGR10 for every flip.
    const Flip flip_y{.flipped = (format1 & 0x02U) != 0, .order_kept = (format1 & 0x40U) != 0};
    const Flip flip_x{.flipped = (format2 & 0x02U) != 0, .order_kept = (format2 & 0x04U) != 0};
    const unsigned left = window.start_x + window.offset_x;
    const unsigned top = window.start_y + window.offset_y;
    const unsigned inc_x = registers.get(0x3814);
    const unsigned inc_y = registers.get(0x3815);

    return {.array = native_array,
            .left = left,
            .top = top,
            .step_x = increment_step(inc_x >> 4U, inc_x & 0xfU),
            .step_y = increment_step(inc_y >> 4U, inc_y & 0xfU),
            .output = output,
            .flip_x = flip_x.flipped,
            .flip_y = flip_y.flipped,
            .order = flipped_order(shifted_order(frames::BayerOrder::bggr, left, top), output,
                                   flip_x, flip_y),
            .pixel_clock = pixel_clock(registers, mclk_hz_),
            .hts = window.hts,
            .vts = window.vts,
            .exposure_lines = omnivision::exposure_lines(registers),
            .gain = total_gain(registers),
            .pattern = omnivision::pre_isp_pattern(registers.get(0x5e00))};
}

} // namespace ipu3::sensors
