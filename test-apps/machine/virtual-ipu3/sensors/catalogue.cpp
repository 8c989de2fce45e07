// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sensors/catalogue.hpp"

#include <algorithm>
#include <array>

namespace ipu3::sensors {

namespace {

// Hardware IDs are those of ipu_supported_sensors[] in the kernel's
// drivers/media/pci/intel/ipu-bridge.c. Every driver accepts a 19.2 MHz clock; ov5693.c demands two
// lanes, ov5670.c overrides to two.
constexpr CatalogueEntry ov5693{.model = "ov5693",
                                .hid = "INT33BE",
                                .i2c_address = 0x36,
                                .i2c_bus = 0,
                                .csi_port = 1,
                                .lanes = 2,
                                .mclk_hz = 19'200'000,
                                .where = "front"};
constexpr CatalogueEntry ov8865{.model = "ov8865",
                                .hid = "INT347A",
                                .i2c_address = 0x10,
                                .i2c_bus = 1,
                                .csi_port = 0,
                                .lanes = 4,
                                .mclk_hz = 19'200'000,
                                .where = "back"};
constexpr CatalogueEntry ov5670{.model = "ov5670",
                                .hid = "INT3479",
                                .i2c_address = 0x36,
                                .i2c_bus = 1,
                                .csi_port = 2,
                                .lanes = 2,
                                .mclk_hz = 19'200'000,
                                .where = "back"};

/// As the firmware of Microsoft's Surface tablets has it: motor 4 of SSDB's list, at 0x0c.
constexpr CatalogueEntry with_dw9719(CatalogueEntry entry) {
    entry.variant = "dw9719";
    entry.vcm_type = 4;
    entry.vcm_address = 0x0c;
    return entry;
}

constexpr CatalogueEntry without_lanes(CatalogueEntry entry) {
    entry.variant = "no-lanes";
    entry.lanes_untold = true;
    return entry;
}

constexpr std::array entries{ov5693, ov8865, with_dw9719(ov8865), ov5670, without_lanes(ov5670)};

std::string name_of(const CatalogueEntry& entry) {
    std::string name{entry.model};
    if (!entry.variant.empty()) {
        name += '+';
        name += entry.variant;
    }
    return name;
}

std::string known_models() {
    std::string known;
    for (const auto& entry : entries) {
        known += name_of(entry);
        known += ", ";
    }
    return known + "none";
}

} // namespace

std::span<const CatalogueEntry> catalogue() {
    return entries;
}

base::Result<std::vector<const CatalogueEntry*>> parse_sensors(std::string_view list) {
    std::vector<const CatalogueEntry*> chosen;
    if (list == "none") {
        return chosen;
    }
    while (true) {
        const auto comma = list.find(',');
        const auto name = list.substr(0, comma);
        const auto* found = std::ranges::find(entries, name, name_of);
        if (found == entries.end()) {
            return base::fail("unknown sensor \"{}\"; known: {}", name, known_models());
        }
        if (std::ranges::find(chosen, found) != chosen.end()) {
            return base::fail("sensor {} is named twice", name);
        }
        const auto rival = std::ranges::find(chosen, found->csi_port,
                                             [](const auto* entry) { return entry->csi_port; });
        if (rival != chosen.end()) {
            return base::fail("sensors {} and {} are both on CSI-2 port {}", name_of(**rival), name,
                              found->csi_port);
        }
        chosen.push_back(found);
        if (comma == std::string_view::npos) {
            return chosen;
        }
        list.remove_prefix(comma + 1);
    }
}

} // namespace ipu3::sensors
