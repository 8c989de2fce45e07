// SPDX-License-Identifier: GPL-2.0-or-later
// Numbers that are the same everywhere for the same seed; the standard library's distributions are
// not.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>

namespace differential {

/// SplitMix64 (Steele, Lea and Flood, 2014): a counter and a mixing function.
class Random {
  public:
    Random(std::uint64_t seed, std::uint64_t stream) noexcept
        : state_{mix(seed + step) ^ (stream * 0xd1342543de82ef95U)} {}

    std::uint64_t next() noexcept {
        state_ += step;
        return mix(state_);
    }
    static std::uint64_t mix(std::uint64_t mixed) noexcept {
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
        return mixed ^ (mixed >> 31U);
    }
    /// In [0, @p bound); 0 for a bound of 0.
    std::uint32_t below(std::uint32_t bound) noexcept {
        return static_cast<std::uint32_t>(((next() >> 32U) * bound) >> 32U);
    }
    /// In [@p low, @p high]; @p low if there is no such number.
    std::uint32_t between(std::uint32_t low, std::uint32_t high) noexcept {
        return high <= low ? low : low + below(high - low + 1);
    }
    bool chance(std::uint32_t percent) noexcept { return below(100) < percent; }
    std::uint32_t pick(std::initializer_list<std::uint32_t> values) noexcept {
        return values.begin()[below(static_cast<std::uint32_t>(values.size()))];
    }
    void fill(std::span<std::uint8_t> bytes) noexcept {
        // In pieces, since the sanitizer looks at each copy.
        std::array<std::uint64_t, 64> piece{};
        while (!bytes.empty()) {
            const auto count = std::min(bytes.size(), sizeof(piece));
            for (std::size_t i = 0; i < (count + 7) / 8; ++i) {
                piece[i] = next();
            }
            std::memcpy(bytes.data(), piece.data(), count);
            bytes = bytes.subspan(count);
        }
    }

  private:
    static constexpr std::uint64_t step = 0x9e3779b97f4a7c15U;
    std::uint64_t state_;
};

} // namespace differential
