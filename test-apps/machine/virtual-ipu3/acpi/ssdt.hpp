// SPDX-License-Identifier: GPL-2.0-or-later
// The ACPI table that tells the guest which sensors hang on which I2C controller and CSI-2
// receiver.
#pragma once

#include "machine/virtual-ipu3/sensors/catalogue.hpp"

#include <span>
#include <string>

namespace ipu3::acpi {

/// The ASL source of an SSDT for @p sensors, to be compiled by iasl and given to QEMU as
/// `-acpitable file=...aml`. With it the stock ipu-bridge finds each sensor by its hardware ID and
/// SSDB buffer, and the I2C core finds it by its serial bus resource. Without sensors the table is
/// empty, which is valid.
///
/// The I2C controllers are PCI functions at 00:15.0 and 00:15.1. QEMU's own tables have a node for
/// each function present at boot, named S and its devfn in hexadecimal (\_SB.PCI0.SA8, SA9); the
/// sensors are put below those. Where QEMU made none, the table makes it.
///
/// CIO2 needs no node: ipu-bridge makes its side of the graph from software nodes.
///
/// Throws std::invalid_argument, naming the sensor, for an entry that no table can describe: a bus
/// other than 0 or 1, a port above 3, lanes other than 1 to 4, an address beyond 7 bits, the
/// lens's likewise, a clock of 0, a side other than "front" and "back", a hardware ID that is none,
/// or a port that is taken.
[[nodiscard]] std::string ssdt_asl(std::span<const sensors::CatalogueEntry* const> sensors);

} // namespace ipu3::acpi
