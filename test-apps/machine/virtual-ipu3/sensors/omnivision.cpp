// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sensors/omnivision.hpp"

#include <array>

namespace ipu3::sensors::omnivision {

namespace {

constexpr unsigned bit(unsigned value, unsigned number) {
    return (value >> number) & 1U;
}

constexpr unsigned bits(unsigned value, unsigned high, unsigned low) {
    return (value >> low) & ((1U << (high - low + 1)) - 1);
}

/// Pre-divider, half pre-divider and ten-bit multiplier of one PLL.
double pll_output(double mclk, unsigned half, unsigned pre_code, unsigned mul_high,
                  unsigned mul_low) {
    return mclk / (half + 1) / pll_pre_divider(pre_code) * ((mul_high & 3U) * 256 + mul_low);
}

} // namespace

Window window(const RegisterFile& registers) {
    return {.start_x = registers.get16(0x3800),
            .start_y = registers.get16(0x3802),
            .end_x = registers.get16(0x3804),
            .end_y = registers.get16(0x3806),
            .output_width = registers.get16(0x3808),
            .output_height = registers.get16(0x380a),
            .hts = registers.get16(0x380c),
            .vts = registers.get16(0x380e),
            .offset_x = registers.get16(0x3810),
            .offset_y = registers.get16(0x3812)};
}

double exposure_lines(const RegisterFile& registers) {
    return (registers.get24(0x3500) & 0xfffffU) / 16.0;
}

TestPattern pre_isp_pattern(std::uint8_t value) {
    if (bit(value, 7) == 0) {
        return TestPattern::none;
    }
    const bool rolling = bit(value, 6) != 0;
    switch (value & 3U) {
    case 0:
        return rolling ? TestPattern::rolling_bars : TestPattern::bars;
    case 1:
        return TestPattern::random;
    case 2:
        if (bit(value, 4) != 0) {
            return TestPattern::grey_squares;
        }
        return rolling ? TestPattern::rolling_squares : TestPattern::squares;
    default:
        return TestPattern::black;
    }
}

double pll_pre_divider(unsigned code) {
    // ov8865.c lists 0, 1, 3, 4, 5 and 7 as special; the others divide by their own value.
    constexpr std::array dividers{1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0, 8.0};
    return dividers.at(code & 7U);
}

double pll_sys_divider(unsigned code) {
    constexpr std::array dividers{1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0};
    return dividers.at(code & 7U);
}

double dual_pll_system_clock(const RegisterFile& registers, double mclk) {
    const auto reg = [&](std::uint16_t address) -> unsigned { return registers.get(address); };

    const double pll1 =
        pll_output(mclk, bit(reg(0x030a), 0), reg(0x0300), reg(0x0301), reg(0x0302));
    const double pll1_system = pll1 / (3 + bits(reg(0x0305), 1, 0)) / (1 + bit(reg(0x0306), 0));

    const double pll2 =
        pll_output(mclk, bit(reg(0x0312), 4), reg(0x030b), reg(0x030c), reg(0x030d));
    const double dac = pll2 / (1 + bits(reg(0x0312), 3, 0));
    const double pll2_system = pll2 / (1 + bits(reg(0x030f), 3, 0)) / pll_sys_divider(reg(0x030e));

    const double system = bit(reg(0x3032), 7) != 0 ? pll2_system : pll1_system;
    const double selected = bit(reg(0x3033), 1) != 0 ? dac : system;
    constexpr std::array pre_dividers{1.0, 2.0, 4.0, 1.0};
    const unsigned divider = bits(reg(0x3106), 7, 4);
    return selected / pre_dividers.at(bits(reg(0x3106), 3, 2)) / (divider == 0 ? 1 : divider);
}

} // namespace ipu3::sensors::omnivision
