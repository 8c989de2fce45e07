// SPDX-License-Identifier: GPL-2.0-or-later
// The SSDB buffer: how an IPU3 machine's firmware describes a camera sensor to the driver.
#pragma once

#include "machine/virtual-ipu3/sensors/catalogue.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace ipu3::acpi {

/// Bytes of an SSDB buffer. Layout: Linux include/media/ipu-bridge.h, struct ipu_sensor_ssdb (the
/// same in 6.12 and 7.3); there is no public specification.
inline constexpr std::size_t ssdb_size = 108;

/// The buffer for @p sensor. Fields that stand for nothing here are 0: no rotation, no control
/// logic (a PMIC or discrete INT3472, which would gate the sensor's clock and supplies), no ROM.
[[nodiscard]] std::array<std::uint8_t, ssdb_size> ssdb(const sensors::CatalogueEntry& sensor);

} // namespace ipu3::acpi
