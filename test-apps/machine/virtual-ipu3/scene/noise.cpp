// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/virtual-ipu3/scene/noise.hpp"

#include <random>

namespace ipu3::scene {

namespace {

constexpr std::size_t table_size = std::size_t{1} << 16U;

/// SplitMix64's finaliser (Sebastiano Vigna, public domain).
constexpr std::uint64_t mix_bits(std::uint64_t v) {
    v += 0x9e3779b97f4a7c15U;
    v = (v ^ (v >> 30U)) * 0xbf58476d1ce4e5b9U;
    v = (v ^ (v >> 27U)) * 0x94d049bb133111ebU;
    return v ^ (v >> 31U);
}

/// Twelve uniform numbers of 16 bits, summed, have variance 1 and are near enough to Gaussian;
/// unlike the standard's distributions they are the same with every library.
float gaussian(std::mt19937_64& random) {
    constexpr unsigned uniforms = 12;
    constexpr unsigned per_draw = 4;
    std::uint32_t sum = 0;
    for (unsigned draw = 0; draw < uniforms / per_draw; ++draw) {
        std::uint64_t bits = random();
        for (unsigned i = 0; i < per_draw; ++i) {
            sum += static_cast<std::uint32_t>(bits & 0xffffU);
            bits >>= 16U;
        }
    }
    constexpr float one = 65536.0F;
    constexpr float mean = uniforms * (one - 1.0F) / 2.0F;
    return (static_cast<float>(sum) - mean) / one;
}

} // namespace

Noise::Noise(std::uint64_t seed) : seed_{seed}, table_(table_size + longest_run) {
    std::mt19937_64 random{seed};
    for (std::size_t i = 0; i < table_size; ++i) {
        table_[i] = gaussian(random);
    }
    // The beginning again, so that a run never wraps.
    for (std::size_t i = 0; i < longest_run; ++i) {
        table_[table_size + i] = table_[i];
    }
}

std::span<const float> Noise::run(std::uint32_t frame, unsigned y, std::size_t x,
                                  std::size_t count) const {
    const std::uint64_t place =
        mix_bits(seed_ ^ mix_bits((std::uint64_t{frame} << 32U) | y)) + mix_bits(x / longest_run);
    return std::span{table_}.subspan(place % table_size, count);
}

} // namespace ipu3::scene
