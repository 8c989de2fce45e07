// SPDX-License-Identifier: GPL-2.0-or-later
// Registers of the OV5670 (facts: the kernel's drivers/media/i2c/ov5670.c): 2592x1944 Bayer, two
// lanes.
#pragma once

#include "machine/virtual-ipu3/sensors/sensor_model.hpp"

namespace ipu3::sensors {

class Ov5670 final : public SensorModel {
  public:
    /// @p mclk_hz is the external clock that feeds the PLLs.
    explicit Ov5670(double mclk_hz) : mclk_hz_{mclk_hz} {}

    [[nodiscard]] ChipId chip_id() const override;
    [[nodiscard]] std::span<const RegisterValue> reset_values() const override;
    [[nodiscard]] ReadoutSettings decode(const RegisterFile& registers) const override;

  private:
    double mclk_hz_;
};

} // namespace ipu3::sensors
