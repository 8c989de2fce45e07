// SPDX-License-Identifier: GPL-2.0-or-later
// The sensors that the machine can carry, and where each sits on the board.
#pragma once

#include "lib/base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::sensors {

/// Everything about a sensor that the firmware's tables (ACPI, SSDB) and the board fix.
struct CatalogueEntry {
    std::string_view model;      ///< kernel driver name, e.g. "ov5693"
    std::string_view hid;        ///< ACPI hardware ID that the stock ipu-bridge and driver match
    std::uint8_t i2c_address;    ///< 7 bits
    unsigned i2c_bus;            ///< index of the LPSS controller it hangs on
    unsigned csi_port;           ///< CIO2 receiver 0..3
    unsigned lanes;              ///< CSI-2 data lanes
    std::uint32_t mclk_hz;       ///< external clock, as SSDB reports it
    std::string_view where;      ///< "front" or "back": becomes _PLD and the orientation property
    std::string_view variant{};  ///< what a list calls it beside the model, if anything
    std::uint8_t vcm_type{0};    ///< the lens's motor, by SSDB's number; 0: none
    std::uint8_t vcm_address{0}; ///< on the sensor's bus, 7 bits. There is no chip: nobody answers
    bool lanes_untold{false};    ///< SSDB has 0 lanes, as no firmware should
};

[[nodiscard]] std::span<const CatalogueEntry> catalogue();

/// Parses a `--sensors` list ("ov5693,ov8865+dw9719", or "none"); what follows a plus sign is a
/// variant. Errors: unknown model or variant (names the known ones), one named twice, two on one
/// CSI-2 port.
[[nodiscard]] base::Result<std::vector<const CatalogueEntry*>> parse_sensors(std::string_view list);

} // namespace ipu3::sensors
