// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/sensors/readout_limits.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string_view>

namespace ipu3::sensors {

namespace {

constexpr unsigned min_output = 2;
constexpr unsigned max_step = 16;
constexpr double min_pixel_clock = 1e6;
constexpr double max_pixel_clock = 1e9;
constexpr unsigned pixels_per_clock = 4;
constexpr double min_period = 1e-3;
constexpr double nanoseconds = 1e9;

class Clamp {
  public:
    explicit Clamp(std::string& names) : names_{names} {}

    template <typename T>
    void operator()(std::string_view name, T& value, T low, T high) {
        // Written so that a NaN is out of bounds, too.
        if (value >= low && value <= high) {
            return;
        }
        value = value > high ? high : low;
        if (!names_.empty()) {
            names_ += ' ';
        }
        names_ += name;
    }

  private:
    std::string& names_;
};

/// What the bounds of one direction are called.
struct Names {
    std::string_view output, step, begin;
};

/// Bounds of one direction: the extent sent, the step, and where the window begins.
void fit(Clamp& clamp, const Names& names, unsigned array, unsigned& output, unsigned& step,
         unsigned& begin) {
    clamp(names.output, output, min_output, array);
    clamp(names.step, step, 1U, std::clamp(array / output, 1U, max_step));
    clamp(names.begin, begin, 0U, array - (output * step));
}

sim::Duration rounded(double seconds) {
    return sim::Duration{std::llround(seconds * nanoseconds)};
}

} // namespace

SaneReadout make_sane(ReadoutSettings settings) {
    SaneReadout result{.settings = settings, .timing = {}, .clamped = {}};
    auto& sane = result.settings;
    Clamp clamp{result.clamped};

    fit(clamp, {"width", "step-x", "left"}, sane.array.width, sane.output.width, sane.step_x,
        sane.left);
    fit(clamp, {"height", "step-y", "top"}, sane.array.height, sane.output.height, sane.step_y,
        sane.top);

    constexpr unsigned any = 0xffff;
    clamp("pixel-clock", sane.pixel_clock, min_pixel_clock, max_pixel_clock);
    clamp("hts", sane.hts, std::max(sane.output.width / pixels_per_clock, 1U), any);
    clamp("vts", sane.vts, sane.output.height + 1, any);
    double line = sane.hts / sane.pixel_clock;
    if (line * sane.vts < min_period) {
        clamp("period", line, min_period / sane.vts, 1.0);
    }
    clamp("exposure", sane.exposure_lines, 0.0, static_cast<double>(sane.vts));

    // Each from the exact value, so that rounding does not add up over a frame's lines.
    result.timing = {.line = rounded(line),
                     .readout = rounded(line * sane.output.height),
                     .period = rounded(line * sane.vts)};
    return result;
}

} // namespace ipu3::sensors
