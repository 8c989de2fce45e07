// SPDX-License-Identifier: GPL-2.0-or-later
// From a Bayer frame to luma and chroma.
#pragma once

#include "machine/virtual-ipu3/isp/bayer_frame.hpp"
#include "machine/virtual-ipu3/isp/parameters.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ipu3::isp {

/// Eight bits: luma for each pixel, chroma for each two by two, U before V. Even sizes.
class YuvFrame {
  public:
    explicit YuvFrame(Size size)
        : size_{size}, luma_(std::size_t{size.width} * size.height),
          chroma_(std::size_t{size.width} * (size.height / 2)) {}

    [[nodiscard]] Size size() const { return size_; }
    [[nodiscard]] std::span<std::uint8_t> luma(std::size_t y) {
        return std::span{luma_}.subspan(y * size_.width, size_.width);
    }
    [[nodiscard]] std::span<const std::uint8_t> luma(std::size_t y) const {
        return std::span{luma_}.subspan(y * size_.width, size_.width);
    }
    /// Row @p y of the chroma: U and V by turns, as many as luma has.
    [[nodiscard]] std::span<std::uint8_t> chroma(std::size_t y) {
        return std::span{chroma_}.subspan(y * size_.width, size_.width);
    }
    [[nodiscard]] std::span<const std::uint8_t> chroma(std::size_t y) const {
        return std::span{chroma_}.subspan(y * size_.width, size_.width);
    }

  private:
    Size size_;
    std::vector<std::uint8_t> luma_;
    std::vector<std::uint8_t> chroma_;
};

/// White balance, demosaic (the mean of the nearest samples of a colour), colour correction, gamma,
/// colour space conversion; chroma is the mean of four pixels.
///
/// The order of the steps is that of the hardware's blocks as their parameters name them; what each
/// does at the borders, and that it rounds down, is assumed.
[[nodiscard]] YuvFrame develop(const BayerFrame& frame, const Parameters& parameters);

} // namespace ipu3::isp
