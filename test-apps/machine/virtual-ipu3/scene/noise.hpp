// SPDX-License-Identifier: GPL-2.0-or-later
// Gaussian noise that a seed reproduces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ipu3::scene {

/// A table of noise, read from another place for each line of each frame: as good as fresh noise to
/// the eye and to statistics of a few frames, at the price of a memory read.
class Noise {
  public:
    explicit Noise(std::uint64_t seed);

    /// The most values that run() gives at once.
    static constexpr std::size_t longest_run = std::size_t{1} << 14U;

    /// @p count values of mean 0 and variance 1 for line @p y of frame @p frame from column @p x
    /// on.
    /// @p count is at most longest_run.
    [[nodiscard]] std::span<const float> run(std::uint32_t frame, unsigned y, std::size_t x,
                                             std::size_t count) const;

  private:
    std::uint64_t seed_;
    std::vector<float> table_;
};

} // namespace ipu3::scene
