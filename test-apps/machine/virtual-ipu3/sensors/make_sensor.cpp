// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sensors/ov5670.hpp"
#include "machine/virtual-ipu3/sensors/ov5693.hpp"
#include "machine/virtual-ipu3/sensors/ov8865.hpp"
#include "machine/virtual-ipu3/sensors/sensor.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace ipu3::sensors {

namespace {

std::unique_ptr<const SensorModel> make_model(const CatalogueEntry& entry) {
    const auto mclk = static_cast<double>(entry.mclk_hz);
    if (entry.model == "ov5693") {
        return std::make_unique<Ov5693>(mclk);
    }
    if (entry.model == "ov8865") {
        return std::make_unique<Ov8865>(mclk);
    }
    if (entry.model == "ov5670") {
        return std::make_unique<Ov5670>(mclk);
    }
    throw std::invalid_argument{fmt::format("no model of a sensor \"{}\"", entry.model)};
}

} // namespace

std::unique_ptr<Sensor> make_sensor(const CatalogueEntry& entry, const SensorContext& context) {
    return std::make_unique<Sensor>(entry.model, make_model(entry), context);
}

} // namespace ipu3::sensors
