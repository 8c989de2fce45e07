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
    std::string_view model;   ///< kernel driver name, e.g. "ov5693"
    std::string_view hid;     ///< ACPI hardware ID that the stock ipu-bridge and driver match
    std::uint8_t i2c_address; ///< 7 bits
    unsigned i2c_bus;         ///< index of the LPSS controller it hangs on
    unsigned csi_port;        ///< CIO2 receiver 0..3
    unsigned lanes;           ///< CSI-2 data lanes
    std::uint32_t mclk_hz;    ///< external clock, as SSDB reports it
    std::string_view where;   ///< "front" or "back": becomes _PLD and the orientation property
};

[[nodiscard]] std::span<const CatalogueEntry> catalogue();

/// Parses a `--sensors` list ("ov5693,ov8865", or "none"). Errors: unknown model (names the known
/// ones), one named twice, two on one CSI-2 port.
[[nodiscard]] base::Result<std::vector<const CatalogueEntry*>> parse_sensors(std::string_view list);

} // namespace ipu3::sensors
