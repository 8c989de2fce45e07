// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/acpi/ssdb.hpp"

namespace ipu3::acpi {

namespace {

// Offsets of the fields that the driver reads, in bytes.
constexpr std::size_t link_offset = 28;  // CSI-2 receiver
constexpr std::size_t lanes_offset = 29; // data lanes
constexpr std::size_t vcm_offset = 79;   // the lens's motor
constexpr std::size_t mclk_offset = 86;  // external clock in Hz, 32 bits

} // namespace

std::array<std::uint8_t, ssdb_size> ssdb(const sensors::CatalogueEntry& sensor) {
    std::array<std::uint8_t, ssdb_size> bytes{};
    bytes.at(link_offset) = static_cast<std::uint8_t>(sensor.csi_port);
    bytes.at(lanes_offset) = static_cast<std::uint8_t>(sensor.lanes_untold ? 0 : sensor.lanes);
    bytes.at(vcm_offset) = sensor.vcm_type;
    for (std::size_t i = 0; i < sizeof sensor.mclk_hz; ++i) {
        bytes.at(mclk_offset + i) = static_cast<std::uint8_t>(sensor.mclk_hz >> (8 * i));
    }
    return bytes;
}

} // namespace ipu3::acpi
