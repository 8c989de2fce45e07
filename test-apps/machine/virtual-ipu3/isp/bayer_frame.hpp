// SPDX-License-Identifier: GPL-2.0-or-later
// A Bayer frame between the sensor's packed bytes and colours.
#pragma once

#include "machine/virtual-ipu3/isp/parameters.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ipu3::isp {

/// Samples row by row; even rows are green and red, odd ones blue and green.
class BayerFrame {
  public:
    explicit BayerFrame(Size size) : size_{size}, samples_(std::size_t{size.width} * size.height) {}

    [[nodiscard]] Size size() const { return size_; }
    [[nodiscard]] std::span<std::uint16_t> row(std::size_t y) {
        return std::span{samples_}.subspan(y * size_.width, size_.width);
    }
    [[nodiscard]] std::span<const std::uint16_t> row(std::size_t y) const {
        return std::span{samples_}.subspan(y * size_.width, size_.width);
    }

  private:
    Size size_;
    std::vector<std::uint16_t> samples_;
};

/// Bytes of a packed row from its first word on that hold @p pixels pixels.
[[nodiscard]] std::size_t packed_bytes(std::size_t pixels);

/// Unpacks a row of IPU3-packed samples (25 of ten bits in 32 bytes, little-endian, 64 bytes a
/// word): those from @p first on, to.size() of them. @p packed begins with a word and is long
/// enough (packed_bytes(first + to.size())).
void unpack_row(std::span<const std::byte> packed, std::size_t first, std::span<std::uint16_t> to);

/// Takes the black level off ten-bit samples and brings them to sample_bits.
void subtract_black(BayerFrame& frame, const BayerValues& black);

/// Scales to @p size, each colour on its own; each sample is the mean of the area that it stands
/// for. Even sizes; none larger than it is.
[[nodiscard]] BayerFrame scale_bayer(const BayerFrame& frame, Size size);

} // namespace ipu3::isp
