// SPDX-License-Identifier: GPL-2.0-or-later
// Registers of the OV8865 (facts: the kernel's drivers/media/i2c/ov8865.c): 3264x2448 Bayer, four
// lanes.
#pragma once

#include "machine/virtual-ipu3/sensors/sensor_model.hpp"

namespace ipu3::sensors {

class Ov8865 final : public SensorModel {
  public:
    /// @p mclk_hz is the external clock that feeds the PLLs.
    explicit Ov8865(double mclk_hz) : mclk_hz_{mclk_hz} {}

    [[nodiscard]] ChipId chip_id() const override;
    [[nodiscard]] std::span<const RegisterValue> reset_values() const override;
    [[nodiscard]] ReadoutSettings decode(const RegisterFile& registers) const override;

  private:
    double mclk_hz_;
};

} // namespace ipu3::sensors
