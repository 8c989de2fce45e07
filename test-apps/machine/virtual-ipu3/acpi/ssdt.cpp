// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/acpi/ssdt.hpp"

#include "machine/virtual-ipu3/acpi/ssdb.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>
#include <stdexcept>

namespace ipu3::acpi {

namespace {

constexpr unsigned i2c_buses = 2;
constexpr unsigned i2c_slot = 0x15; // PCI device; the bus's number is the function
constexpr unsigned ports = 4;
constexpr unsigned most_lanes = 4;
constexpr std::size_t bytes_in_a_line = 12;

// QEMU's name for the node of a PCI function on bus 0 (hw/i386/acpi-build.c, hw/acpi/pci.c).
std::string node_name(unsigned bus) {
    return fmt::format("S{:02X}", (i2c_slot << 3) | bus);
}

// ACPI 6.5 §6.1.5: four upper-case letters and digits of a vendor and four hexadecimal digits, or
// three letters and four hexadecimal digits.
bool is_hardware_id(std::string_view hid) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    if (hid.size() != 7 && hid.size() != 8) {
        return false;
    }
    const auto vendor = hid.substr(0, hid.size() - 4);
    const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    return std::ranges::all_of(
               vendor,
               [&](char c) { return letter(c) || (hid.size() == 8 && c >= '0' && c <= '9'); }) &&
           hid.substr(vendor.size()).find_first_not_of(digits) == std::string_view::npos;
}

void check(const sensors::CatalogueEntry& sensor) {
    const auto require = [&sensor](bool good, std::string_view what) {
        if (!good) {
            throw std::invalid_argument{
                fmt::format("no ACPI table can describe the sensor {}: {}", sensor.model, what)};
        }
    };
    require(is_hardware_id(sensor.hid), "its hardware ID is none");
    require(sensor.i2c_bus < i2c_buses, "there are I2C buses 0 and 1 only");
    require(sensor.i2c_address < 0x80, "its I2C address has more than 7 bits");
    require(sensor.csi_port < ports, "there are CSI-2 ports 0 to 3 only");
    require(sensor.lanes >= 1 && sensor.lanes <= most_lanes, "it needs 1 to 4 lanes");
    require(sensor.vcm_address < 0x80, "its lens's I2C address has more than 7 bits");
    require(sensor.mclk_hz != 0, "it has no clock");
    require(sensor.where == "front" || sensor.where == "back", "it is neither front nor back");
}

// A serial bus resource, of a _CRS. The first one is the sensor, the second one its lens's motor.
std::string i2c_resource(std::uint8_t address, unsigned bus) {
    return fmt::format(
        R"(                I2cSerialBusV2 (0x{:04X}, ControllerInitiated, 400000,
                    AddressingMode7Bit, "\\_SB.PCI0.{}", 0x00, ResourceConsumer, ,
                    Exclusive, )
)",
        address, node_name(bus));
}

std::string buffer_lines(std::span<const std::uint8_t> bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += bytes_in_a_line) {
        const auto line = bytes.subspan(i, std::min(bytes_in_a_line, bytes.size() - i));
        text += fmt::format("                0x{:02X}{}\n", fmt::join(line, ", 0x"),
                            i + bytes_in_a_line < bytes.size() ? "," : "");
    }
    return text;
}

// The clock stands twice: the ipu-bridge takes it from SSDB, but a sensor driver that probes before
// the bridge has run (ov5670) reads the device property, and gives up for good without it.
std::string device(const sensors::CatalogueEntry& sensor) {
    auto resources = i2c_resource(sensor.i2c_address, sensor.i2c_bus);
    if (sensor.vcm_type != 0) {
        resources += i2c_resource(sensor.vcm_address, sensor.i2c_bus);
    }
    return fmt::format(
        R"(        // {model}
        Device (CAM{port})
        {{
            Name (_HID, "{hid}")
            Name (_UID, {port})
            Name (_STA, 0x0F)
            Name (_CRS, ResourceTemplate ()
            {{
{resources}            }})
            Name (_PLD, Package (1)
            {{
                ToPLD (PLD_Revision = 2, PLD_IgnoreColor = 1, PLD_UserVisible = 1,
                    PLD_Panel = "{panel}")
            }})
            Name (_DSD, Package ()
            {{
                ToUUID ("daffd814-6eba-4d8c-8a91-bc9bbf4aa301"),
                Package () {{ Package () {{ "clock-frequency", {clock} }} }}
            }})
            Name (SSDB, Buffer ({size})
            {{
{bytes}            }})
        }}
)",
        fmt::arg("model", sensor.model), fmt::arg("port", sensor.csi_port),
        fmt::arg("hid", sensor.hid), fmt::arg("resources", resources),
        fmt::arg("clock", sensor.mclk_hz),
        fmt::arg("panel", sensor.where == "front" ? "FRONT" : "BACK"), fmt::arg("size", ssdb_size),
        fmt::arg("bytes", buffer_lines(ssdb(sensor))));
}

std::string controller(unsigned bus, std::string_view devices) {
    return fmt::format(
        R"(    External (\_SB.PCI0.{name}, DeviceObj)
    If (!CondRefOf (\_SB.PCI0.{name}))
    {{
        Scope (\_SB.PCI0)
        {{
            Device ({name})
            {{
                Name (_ADR, 0x{address:08X})
            }}
        }}
    }}
    Scope (\_SB.PCI0.{name})
    {{
{devices}    }}
)",
        fmt::arg("name", node_name(bus)), fmt::arg("address", (i2c_slot << 16) | bus),
        fmt::arg("devices", devices));
}

} // namespace

std::string ssdt_asl(std::span<const sensors::CatalogueEntry* const> sensors) {
    std::array<std::string, i2c_buses> devices;
    std::set<unsigned> taken;
    for (const auto* sensor : sensors) {
        check(*sensor);
        if (!taken.insert(sensor->csi_port).second) {
            throw std::invalid_argument{
                fmt::format("no ACPI table can describe the sensor {}: CSI-2 port {} is taken",
                            sensor->model, sensor->csi_port)};
        }
        devices.at(sensor->i2c_bus) += device(*sensor);
    }
    std::string text{
        "DefinitionBlock (\"\", \"SSDT\", 2, \"IPU3VM\", \"CAMERAS\", 0x00000001)\n{\n"};
    if (!taken.empty()) {
        text += "    External (\\_SB.PCI0, DeviceObj)\n";
    }
    for (unsigned bus = 0; bus < i2c_buses; ++bus) {
        if (!devices.at(bus).empty()) {
            text += controller(bus, devices.at(bus));
        }
    }
    return text + "}\n";
}

} // namespace ipu3::acpi
