// SPDX-License-Identifier: GPL-2.0-or-later
// The registers that the OmniVision sensors here have in common.
#pragma once

#include "machine/virtual-ipu3/sensors/register_file.hpp"
#include "machine/virtual-ipu3/sensors/sensor_model.hpp"

namespace ipu3::sensors::omnivision {

/// 0x3800..0x3813: window, output size, line and frame length (offsets the same in the kernel's
/// ov5670.c, ov5693.c, ov7251.c and ov8865.c).
struct Window {
    unsigned start_x, start_y; ///< first column and line of the window in the array
    unsigned end_x, end_y;     ///< last ones; the drivers disagree on whether they are inclusive
    unsigned output_width, output_height;
    unsigned hts, vts;
    unsigned offset_x, offset_y; ///< of the output within the window
};

[[nodiscard]] Window window(const RegisterFile& registers);

/// 0x3500..0x3502: exposure, 20 bits in sixteenths of a line.
[[nodiscard]] double exposure_lines(const RegisterFile& registers);

/// What the upper four bits (enable, rolling bar, transparent, black and white squares) and the
/// lower two (bars, random, squares, black) of register 0x5e00 select (ov8865.c, ov5693.c).
[[nodiscard]] TestPattern pre_isp_pattern(std::uint8_t value);

/// Divider codes of the PLLs of the ov8865 and ov5670 (clock trees in ov8865.c's comments).
[[nodiscard]] double pll_pre_divider(unsigned code);
[[nodiscard]] double pll_sys_divider(unsigned code);

/// System clock of the ov8865 and ov5670 in Hz from registers 0x0300..0x0312, 0x3032, 0x3033 and
/// 0x3106.
[[nodiscard]] double dual_pll_system_clock(const RegisterFile& registers, double mclk);

} // namespace ipu3::sensors::omnivision
