// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sensors/ov5670.hpp"

#include "machine/virtual-ipu3/sensors/omnivision.hpp"

#include <algorithm>
#include <array>

namespace ipu3::sensors {

namespace {

constexpr std::array<std::uint8_t, 3> id{0x00, 0x56, 0x70};

constexpr std::array<RegisterValue, 9> reset_state{{
    {0x3032, 0x80}, // system clock from PLL2, which the driver leaves alone
    {0x3814, 0x01},
    {0x3815, 0x01},
    {0x3821, 0x06}, // upright: see decode()
    {0x382a, 0x01},
    {0x382b, 0x01},
    {0x5032, 0x04}, // digital gains of 1
    {0x5034, 0x04},
    {0x5036, 0x04},
}};

constexpr frames::Size native_array{2624, 1980};

constexpr unsigned auto_start_x = 0x01;
constexpr unsigned auto_start_y = 0x02;

/// Where the output begins: at the offset into the window, or, when the sensor chooses, in its
/// middle. At the full width both are the same column, as the driver's values show.
unsigned output_start(bool automatic, unsigned start, unsigned end, unsigned offset,
                      unsigned extent) {
    if (!automatic) {
        return start + offset;
    }
    const unsigned window = end >= start ? end - start + 1 : 0;
    return start + ((window - std::min(extent, window)) / 2);
}

double total_gain(const RegisterFile& registers) {
    // 13 bits, 128 to a gain of 1 (CameraSensorHelperOv5670); no amplifier goes below 1.
    const double analogue = std::max((registers.get16(0x3508) & 0x1fffU) / 128.0, 1.0);
    // 12 bits, 1024 to a gain of 1; green's stands for all, the driver sets the three to the same
    // value.
    return analogue * (registers.get16(0x5034) & 0xfffU) / 1024.0;
}

} // namespace

ChipId Ov5670::chip_id() const {
    return {.address = 0x300a, .bytes = id};
}

std::span<const RegisterValue> Ov5670::reset_values() const {
    return reset_state;
}

ReadoutSettings Ov5670::decode(const RegisterFile& registers) const {
    const auto window = omnivision::window(registers);
    const frames::Size output{.width = window.output_width, .height = window.output_height};
    const auto increment = [&](std::uint16_t address) -> unsigned {
        return registers.get(address) & 0x1fU;
    };
    const unsigned step_x = increment_step(increment(0x3814), increment(0x3815));
    const unsigned step_y = increment_step(increment(0x382a), increment(0x382b));
    const unsigned automatic = registers.get(0x3841);
    const unsigned left = output_start((automatic & auto_start_x) != 0, window.start_x,
                                       window.end_x, window.offset_x, window.output_width * step_x);
    const unsigned top = output_start((automatic & auto_start_y) != 0, window.start_y, window.end_y,
                                      window.offset_y, window.output_height * step_y);
    // The driver has no flip controls; every mode of it sets the mirror bits of 0x3821 and none of
    // 0x3820, so that is upright, and SGRBG10 is what it reports for it. Bits 1 and 2 as on the
    // ov8865.
    const unsigned format1 = registers.get(0x3820);
    const unsigned format2 = registers.get(0x3821);
    const Flip flip_y{.flipped = (format1 & 0x02U) != 0, .order_kept = (format1 & 0x04U) != 0};
    const Flip flip_x{.flipped = (format2 & 0x02U) == 0, .order_kept = (format2 & 0x04U) == 0};

    return {.array = native_array,
            .left = left,
            .top = top,
            .step_x = step_x,
            .step_y = step_y,
            .output = output,
            .flip_x = flip_x.flipped,
            .flip_y = flip_y.flipped,
            .order = flipped_order(shifted_order(frames::BayerOrder::grbg, left, top), output,
                                   flip_x, flip_y),
            // A line takes HTS system clocks, says the driver.
            .pixel_clock = omnivision::dual_pll_system_clock(registers, mclk_hz_),
            .hts = window.hts,
            .vts = window.vts,
            .exposure_lines = omnivision::exposure_lines(registers),
            .gain = total_gain(registers),
            .pattern =
                (registers.get(0x4303) & 0x08U) != 0 ? TestPattern::bars : TestPattern::none};
}

} // namespace ipu3::sensors
