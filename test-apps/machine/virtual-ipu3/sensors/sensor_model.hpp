// SPDX-License-Identifier: GPL-2.0-or-later
// What makes one sensor model different from another: the meaning of its registers.
#pragma once

#include "lib/frames/raw_image.hpp"
#include "machine/virtual-ipu3/sensors/register_file.hpp"
#include "machine/virtual-ipu3/sensors/test_pattern.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace ipu3::sensors {

/// The registers' content in physical terms, as decoded: it may still be nonsense (see make_sane).
struct ReadoutSettings {
    frames::Size array{}; ///< the native pixel array
    unsigned left{0};     ///< left edge of the window, array pixels
    unsigned top{0};      ///< top edge of the window, array pixels
    unsigned step_x{1};   ///< array pixels per output pixel
    unsigned step_y{1};
    frames::Size output{}; ///< pixels sent
    bool flip_x{false};
    bool flip_y{false};
    frames::BayerOrder order{frames::BayerOrder::bggr}; ///< of the output

    double pixel_clock{0};    ///< Hz; what one unit of HTS is counted in
    unsigned hts{0};          ///< line length, pixel clocks
    unsigned vts{0};          ///< frame length, lines
    double exposure_lines{0}; ///< integration time, lines
    double gain{1};           ///< analogue times digital
    TestPattern pattern{TestPattern::none};
};

/// Where a model keeps its chip ID, and what it is.
struct ChipId {
    std::uint16_t address;
    std::span<const std::uint8_t> bytes; ///< at consecutive addresses
};

/// One sensor model. Its objects have no state: everything is in the registers.
class SensorModel {
  public:
    SensorModel() = default;
    SensorModel(const SensorModel&) = delete;
    SensorModel& operator=(const SensorModel&) = delete;
    SensorModel(SensorModel&&) = delete;
    SensorModel& operator=(SensorModel&&) = delete;
    virtual ~SensorModel() = default;

    [[nodiscard]] virtual ChipId chip_id() const = 0;
    /// Registers that are not 0 after a reset: those that a driver reads back or relies on.
    [[nodiscard]] virtual std::span<const RegisterValue> reset_values() const = 0;
    [[nodiscard]] virtual ReadoutSettings decode(const RegisterFile& registers) const = 0;
};

/// The order seen when a readout of @p order starts @p columns to the right and @p lines down.
[[nodiscard]] frames::BayerOrder shifted_order(frames::BayerOrder order, unsigned columns,
                                               unsigned lines);

/// How one direction is turned around.
struct Flip {
    bool flipped{false};    ///< the array is read backwards
    bool order_kept{false}; ///< and the window is moved by a pixel, so that the colour order stays
};

/// The order that is sent when a window that begins with @p order is turned around.
[[nodiscard]] frames::BayerOrder flipped_order(frames::BayerOrder order, frames::Size output,
                                               Flip x, Flip y);

/// An odd and an even increment as registers give them (3 and 1: every second pair is skipped) as
/// the mean number of array pixels from one output pixel to the next, at least 1.
[[nodiscard]] unsigned increment_step(unsigned odd, unsigned even);

} // namespace ipu3::sensors
