// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/scene/sensor_response.hpp"

#include <algorithm>
#include <cmath>

namespace ipu3::scene {

namespace {

constexpr float largest_number = 1023.0F;

struct Coefficients {
    float scale;    ///< light to numbers
    float black;    ///< black level, and a half to round
    float shot;     ///< variance for each number of signal
    float constant; ///< variance of the read noise, numbers squared
};

/// NaN and negative values, which a model should never make, count as 0.
float sane(double value) {
    constexpr double largest = 1.0e12;
    return value > 0.0 ? static_cast<float>(std::min(value, largest)) : 0.0F;
}

Coefficients coefficients(const Readout& readout) {
    const double gain = sane(readout.gain);
    const double averaged = static_cast<double>(std::max(readout.step_x, 1U)) *
                            static_cast<double>(std::max(readout.step_y, 1U));
    const double read_noise = read_noise_electrons / electrons_per_number * gain;
    return {sane(green_numbers_per_second * readout.exposure.count() * gain),
            static_cast<float>(std::min(readout.black_level, 1023U)) + 0.5F,
            sane(gain / electrons_per_number / averaged), sane(read_noise * read_noise / averaged)};
}

std::uint16_t number(float value) {
    // In this order NaN becomes 0.
    return static_cast<std::uint16_t>(
        static_cast<int>(std::min(largest_number, std::max(0.0F, value))));
}

} // namespace

void respond(const Readout& readout, const Noise* noise, unsigned y,
             std::span<const float> filtered_light, std::span<std::uint16_t> line) {
    const Coefficients c = coefficients(readout);
    if (noise == nullptr) {
        for (std::size_t x = 0; x < line.size(); ++x) {
            line[x] = number(filtered_light[x] * c.scale + c.black);
        }
        return;
    }
    for (std::size_t first = 0; first < line.size(); first += Noise::longest_run) {
        const std::size_t count = std::min(line.size() - first, Noise::longest_run);
        const auto deviates = noise->run(readout.frame, y, first, count);
        const auto light = filtered_light.subspan(first, count);
        const auto out = line.subspan(first, count);
        for (std::size_t x = 0; x < count; ++x) {
            const float signal = light[x] * c.scale;
            const float deviation = std::sqrt(signal * c.shot + c.constant);
            out[x] = number(signal + deviation * deviates[x] + c.black);
        }
    }
}

} // namespace ipu3::scene
