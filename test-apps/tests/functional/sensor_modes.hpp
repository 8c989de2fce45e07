// SPDX-License-Identifier: GPL-2.0-or-later
// The sensors' modes as their stock drivers offer them: what the matrix of captures runs over.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace tests {

struct SensorMode {
    unsigned width;
    unsigned height;
};

struct SensorModes {
    std::string_view sensor;
    std::string_view fourcc; ///< of the CIO2 node
    std::span<const SensorMode> modes;
};

// ov5693.c crops freely; these are the sizes that it enumerates. ov8865.c and ov5670.c have lists.
inline constexpr std::array ov5693_modes{SensorMode{2592, 1944}, SensorMode{1296, 972}};
inline constexpr std::array ov8865_modes{SensorMode{3264, 2448}, SensorMode{3264, 1836},
                                         SensorMode{1632, 1224}, SensorMode{800, 600}};
inline constexpr std::array ov5670_modes{SensorMode{2592, 1944}, SensorMode{2560, 1440},
                                         SensorMode{1296, 972},  SensorMode{1280, 720},
                                         SensorMode{648, 486},   SensorMode{640, 360}};

inline constexpr std::array all_sensor_modes{
    SensorModes{"ov5693", "ip3b", ov5693_modes},
    SensorModes{"ov8865", "ip3b", ov8865_modes},
    SensorModes{"ov5670", "ip3G", ov5670_modes},
};

} // namespace tests
